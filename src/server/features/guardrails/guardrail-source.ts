import type { Database } from '../../platform/db/index.ts'
import type { GuardedTurn, TurnGuards } from '../turns/index.ts'
import { GuardedBy } from './guard-turn.ts'
import type { GuardrailDeps } from './guardrails-deps.ts'
import * as store from './store.ts'

const channel = 'guardrails-changed'
/** Should a notification be lost. */
const maxAgeMs = 30_000
const maxWorkspaces = 2_000

export interface GuardrailSource {
  /** Ids of those that hold for a turn; undefined at once, without a promise, in a workspace that has none. */
  idsFor(workspaceId: string, named: readonly string[]): Promise<string[]> | undefined
  /** Those of a turn, as they are now. */
  open(ids: readonly string[], turn: GuardedTurn): Promise<TurnGuards>
  forget(workspaceId: string): void
  close(): Promise<void>
}

/** Which workspaces have guardrails is known beforehand, so that a turn where there are none neither asks nor waits. */
export async function openGuardrailSource(database: Database, deps: () => GuardrailDeps): Promise<GuardrailSource> {
  let guarded = new Set<string>()
  const known = new Map<string, { rows: Promise<store.GuardrailRow[]>; expiresAt: number }>()

  /** What changes while they are read. */
  let changedMeanwhile = new Set<string>()
  async function reload(): Promise<void> {
    changedMeanwhile = new Set()
    const found = await store.listGuarded(database.db)
    guarded = new Set([...found, ...changedMeanwhile])
  }
  const reloadLater = () =>
    void reload().catch((error: unknown) =>
      deps().log.warn({ err: error }, 'which workspaces have guardrails could not be read; it is tried again'),
    )

  function changed(workspaceId: string): void {
    known.delete(workspaceId)
    // At once, and whatever the reading says later: better one look too many.
    guarded.add(workspaceId)
    changedMeanwhile.add(workspaceId)
  }

  const unlisten = await database.notifier.listen(channel, changed, () => {
    known.clear()
    reloadLater()
  })
  await reload()
  const timer = setInterval(reloadLater, maxAgeMs).unref()

  function rowsOf(workspaceId: string): Promise<store.GuardrailRow[]> {
    const held = known.get(workspaceId)
    if (held && held.expiresAt > performance.now()) return held.rows
    if (known.size >= maxWorkspaces) known.clear()
    const entry = { rows: store.list(database.db, workspaceId), expiresAt: performance.now() + maxAgeMs }
    known.set(workspaceId, entry)
    entry.rows.catch(() => {
      if (known.get(workspaceId) === entry) known.delete(workspaceId)
    })
    return entry.rows
  }

  return {
    idsFor(workspaceId, named) {
      if (!guarded.has(workspaceId)) return undefined
      return rowsOf(workspaceId).then((rows) =>
        rows.filter((row) => row.is_enabled && (row.applies_to === 'everything' || named.includes(row.id))).map(({ id }) => id),
      )
    },
    async open(ids, turn) {
      const rows = await rowsOf(turn.workspaceId)
      return new GuardedBy(
        deps(),
        rows.filter((row) => row.is_enabled && ids.includes(row.id)),
        turn,
      )
    },
    forget(workspaceId) {
      changed(workspaceId)
      database.notifier.notify(channel, workspaceId)
    },
    async close() {
      clearInterval(timer)
      await unlisten()
    },
  }
}
