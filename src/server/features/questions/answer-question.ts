import type { toolQuestions as contract } from '../../../contract/tool-questions.ts'
import { type AnswerValues, problemOfValue, type QuestionBody, type ToolQuestion } from '../../../contract/tool-questions.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { presentQuestion } from './present.ts'
import type { QuestionDeps } from './question-deps.ts'
import { sealValue } from './seal.ts'
import * as store from './store.ts'

const states = { accept: 'accepted', decline: 'declined', cancel: 'cancelled' } as const

/** The one answer. The process in which the call waits hears of it; nobody else is told what it says. */
export async function answerQuestion(
  deps: QuestionDeps,
  actor: Actor,
  { id, action, values }: InputOf<typeof contract.answer>,
): Promise<ToolQuestion> {
  check(actor, 'turn', 'decide', 'own')
  const row = await deps.db.transaction().execute(async (tx) => {
    const asked = await store.lockAsked(tx, actor.principalId, id)
    if (!asked) throw new AppError('tool-question.not_found')
    if (asked.state === 'expired' || (asked.state === 'asked' && (!asked.is_running || asked.expires_at < new Date())))
      throw new AppError('tool-question.ended')
    if (asked.state !== 'asked') throw new AppError('tool-question.answered')
    const given = action === 'accept' ? valuesFor(asked.body, values) : {}
    const sealed = Object.keys(given).length === 0 ? null : sealValue(deps.vault, asked.workspace_id, 'sealed_answer', id, given)
    await store.answer(tx, asked, states[action], sealed)
    return { ...asked, state: states[action] }
  })
  deps.announceAnswers([id])
  return presentQuestion(row)
}

/** As its fields say, and nothing besides. */
function valuesFor(body: QuestionBody, values: AnswerValues): AnswerValues {
  const fields = body.kind === 'form' ? body.fields : []
  const unknown = Object.keys(values).filter((name) => !fields.some((field) => field.name === name))
  const issues = [
    ...unknown.map((name) => ({ path: ['values', name], message: 'is not asked for' })),
    ...fields.flatMap((field) => {
      const problem = problemOfValue(field, values[field.name])
      return problem === null ? [] : [{ path: ['values', field.name], message: problem }]
    }),
  ]
  if (issues.length > 0) throw new AppError('request.invalid', { issues })
  return values
}
