import type { QuestionBody } from '../../../contract/tool-questions.ts'
import { type CallQuestions, ToolFailure } from '../tools/index.ts'
import { withheldResult } from './guards.ts'

/** What a tool asks a person is looked at like what it answers. `look` answers null where it may not be shown. */
export function guardQuestions<Questions extends CallQuestions>(
  questions: Questions,
  look: (texts: string[]) => Promise<string[] | null>,
): Questions {
  async function looked(body: QuestionBody): Promise<QuestionBody> {
    const texts = await look(wordsOf(body))
    if (!texts) throw new ToolFailure(withheldResult)
    return withWords(body, texts)
  }
  return {
    ...questions,
    ask: async (question) => questions.ask({ ...question, body: await looked(question.body) }),
    tell: async (question) => questions.tell({ ...question, body: await looked(question.body) }),
    amend: async (key, body) => questions.amend(key, await looked(body)),
  }
}

/** Addresses and names of fields aside: changed they would be of no use. */
function wordsOf(body: QuestionBody): string[] {
  if (body.kind === 'connect') return []
  if (body.kind === 'sampling') return [body.text]
  if (body.kind === 'url') return [body.message]
  return [
    body.message,
    ...body.fields.flatMap((field) => [
      field.title,
      field.description ?? '',
      ...(field.type === 'text' ? [field.default ?? ''] : []),
      ...('options' in field ? field.options.map(({ label }) => label) : []),
    ]),
  ]
}

function withWords(body: QuestionBody, texts: readonly string[]): QuestionBody {
  const [first = '', ...rest] = texts
  const next = () => rest.shift() ?? ''
  if (body.kind === 'connect') return body
  if (body.kind === 'sampling') return { ...body, text: first }
  if (body.kind === 'url') return { ...body, message: first }
  const fields = body.fields.map((field) => {
    const named = { title: next(), description: next() || null }
    if (field.type === 'text') return { ...field, ...named, default: next() || null }
    if ('options' in field) return { ...field, ...named, options: field.options.map((option) => ({ ...option, label: next() })) }
    return { ...field, ...named }
  })
  return { ...body, message: first, fields }
}
