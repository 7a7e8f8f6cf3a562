import type { QuestionBody, ToolQuestion } from '../../../contract/tool-questions.ts'
import { newId } from '../../platform/ids.ts'
import { type CallQuestions, type NewQuestion, type QuestionAnswer, ToolFailure } from '../tools/index.ts'
import { presentQuestion } from './present.ts'
import type { QuestionDeps } from './question-deps.ts'
import { openValue, sealValue } from './seal.ts'
import * as store from './store.ts'

export interface AskingCall extends store.CallPlace {
  /** As its tool says. */
  isRepeatable: boolean
  /** It began before, in a process that was interrupted. */
  isAgain: boolean
  /** Resolves once the call's row is there. */
  isWritten(): Promise<void>
  signal: AbortSignal
  /** Into the answer, for whoever looks at it: here now, and after a reload. */
  show(question: ToolQuestion): Promise<void>
}

export interface OpenedQuestions extends CallQuestions {
  /** The call has ended: what nobody has answered waits no more. */
  end(): Promise<void>
}

/** A server may be curious, but not without end. */
const maxQuestions = 20
const shownMs = 24 * 60 * 60_000

/** Of one question: hears of an answer from the moment it is made. */
export interface Watch extends Disposable {
  changed(untilMs: number): Promise<void>
}

/** The questions of one call that runs here. */
export function openQuestions(deps: QuestionDeps, call: AskingCall, watch: (id: string, signal: AbortSignal) => Watch): OpenedQuestions {
  const { db, vault } = deps
  const { workspaceId, callId, signal } = call
  const open = new Map<string, store.QuestionRow>()
  let count = 0

  async function begin(key: string, body: QuestionBody, limitMs: number, state: 'asked' | 'accepted'): Promise<store.QuestionRow> {
    if (++count > maxQuestions) throw new ToolFailure('The tool asks too many questions.')
    await call.isWritten()
    const row = await store.ask(db, call, { id: newId(), key, body, expiresAt: new Date(Date.now() + limitMs), state })
    if (!row) throw new ToolFailure('The question could not be asked.')
    await call.show(presentQuestion(row))
    return row
  }

  async function ended(row: store.QuestionRow): Promise<store.QuestionRow> {
    open.set(row.id, row)
    using watched = watch(row.id, signal)
    for (;;) {
      signal.throwIfAborted()
      const current = await store.find(db, workspaceId, row.id)
      if (current?.state !== 'asked') {
        open.delete(row.id)
        return current ?? { ...row, state: 'cancelled' }
      }
      if (current.expires_at.getTime() <= Date.now()) await store.endOpen(db, workspaceId, [row.id], 'expired')
      else await watched.changed(current.expires_at.getTime())
    }
  }

  return {
    async ask({ key, body, limitMs }: NewQuestion): Promise<QuestionAnswer> {
      const asked = await begin(key, body, limitMs, 'asked')
      const row = asked.state === 'asked' ? await ended(asked) : asked
      await call.show(presentQuestion(row))
      const values = row.sealed_answer ? openValue(vault, workspaceId, 'sealed_answer', row.id, row.sealed_answer) : {}
      const action = row.state === 'accepted' ? 'accept' : row.state === 'declined' ? 'decline' : 'cancel'
      return { action, values: values as QuestionAnswer['values'] }
    },
    async tell({ key, body }) {
      await begin(key, body, shownMs, 'accepted')
    },
    async amend(key, body) {
      const row = await store.amend(db, call, key, body)
      if (row) await call.show(presentQuestion(row))
    },
    async keep(memo) {
      await call.isWritten()
      const sealed = memo && sealValue(vault, workspaceId, 'sealed', callId, memo)
      await store.keepMemo(db, call, sealed, memo !== null || call.isRepeatable)
    },
    async recall() {
      if (!call.isAgain) return undefined
      const sealed = await store.findMemo(db, call)
      return sealed && openValue(vault, workspaceId, 'sealed', callId, sealed)
    },
    async end() {
      if (open.size === 0) return
      await store.endOpen(db, workspaceId, [...open.keys()], 'cancelled')
      for (const row of open.values()) await call.show(presentQuestion({ ...row, state: 'cancelled' }))
      open.clear()
    },
  }
}
