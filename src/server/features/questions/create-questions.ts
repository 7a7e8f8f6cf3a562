import type { Deps } from '../../deps.ts'
import type { Tx } from '../../platform/db/index.ts'
import { type AskingCall, type OpenedQuestions, openQuestions, type Watch } from './call-questions.ts'
import type { QuestionDeps } from './question-deps.ts'
import { acceptConnects, findWantedScope } from './store.ts'

export interface Questions {
  deps: QuestionDeps
  /** Of one call, for as long as it runs here. */
  open(call: AskingCall): OpenedQuestions
  /** A person has connected to this server: what waits for that goes on. The result is called after the commit. */
  connected(tx: Tx, userId: string, workspaceId: string, serverId: string): Promise<() => void>
  /** What a call that waits for their sign-in there was refused for. */
  wantedScope(userId: string, workspaceId: string, serverId: string): Promise<string | null>
  start(): Promise<void>
  close(): Promise<void>
}

const channel = 'tool-answers'
/** Looked at anyway: for an answer that was not heard of. */
const lookMs = 30_000

export function createQuestions(deps: Pick<Deps, 'db' | 'vault' | 'database'>): Questions {
  const { notifier } = deps.database
  const waiting = new Map<string, () => void>()
  let unlisten: (() => Promise<void>) | undefined
  const all: QuestionDeps = {
    db: deps.db,
    vault: deps.vault,
    announceAnswers(ids) {
      for (const id of ids) {
        waiting.get(id)?.()
        notifier.notify(channel, id)
      }
    },
  }

  function watch(id: string, signal: AbortSignal): Watch {
    let heard = Promise.withResolvers<void>()
    const wake = () => heard.resolve()
    waiting.set(id, wake)
    signal.addEventListener('abort', wake, { once: true })
    return {
      async changed(untilMs) {
        const timer = setTimeout(wake, Math.min(lookMs, Math.max(0, untilMs - Date.now()))).unref()
        await heard.promise
        clearTimeout(timer)
        heard = Promise.withResolvers<void>()
      },
      [Symbol.dispose]() {
        signal.removeEventListener('abort', wake)
        waiting.delete(id)
      },
    }
  }

  return {
    deps: all,
    open: (call) => openQuestions(all, call, watch),
    async connected(tx, userId, workspaceId, serverId) {
      const ids = await acceptConnects(tx, userId, workspaceId, serverId)
      return () => all.announceAnswers(ids)
    },
    wantedScope: (userId, workspaceId, serverId) => findWantedScope(deps.db, userId, workspaceId, serverId),
    async start() {
      const look = () => {
        for (const again of waiting.values()) again()
      }
      unlisten = await notifier.listen(channel, (id) => waiting.get(id)?.(), look)
    },
    async close() {
      await unlisten?.()
    },
  }
}
