import type { ErrorCode } from '../../../contract/errors.ts'
import type { Import } from '../../../contract/imports.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { recallSince } from '../search/index.ts'
import type { ImportDeps } from './import-deps.ts'
import { earliestTouched } from './conversation-store.ts'
import { presentImport } from './present.ts'
import * as store from './store.ts'

/** What was imported stays. Its file goes. */
export async function stopImport(deps: Pick<ImportDeps, 'db' | 'tell' | 'files'>, actor: Actor, id: string): Promise<Import> {
  check(actor, 'conversation', 'create', 'own')
  const stopped = await end(deps, deps.db, { status: 'stopped', error: null }, async (tx) => {
    const row = await store.lockImport(tx, actor.principalId, id)
    if (!row) throw new AppError('import.not_found')
    if (row.finished_at) throw new AppError('import.finished')
    return row
  })
  return stopped!
}

/** Takes the report away. */
export async function deleteImport(deps: Pick<ImportDeps, 'db' | 'tell'>, actor: Actor, id: string): Promise<{ ok: true }> {
  check(actor, 'conversation', 'create', 'own')
  const announce = await deps.db.transaction().execute(async (tx) => {
    const row = await store.lockImport(tx, actor.principalId, id)
    if (!row) throw new AppError('import.not_found')
    if (!row.finished_at) throw new AppError('import.running')
    await store.deleteImport(tx, id)
    return deps.tell(tx, [actor.principalId], { type: 'import-deleted', importId: presentImport(row).id })
  })
  announce()
  return { ok: true }
}

/**
 * Ends an import, unless `lock` finds that it is not for the caller to end. What it wrote lies in the past, where no search looks by itself: it is found from now on, so
 * that the index is not written while the import is.
 */
export async function end(
  deps: Pick<ImportDeps, 'tell' | 'files'>,
  db: Db,
  how: { status: 'completed' | 'failed' | 'stopped'; error: ErrorCode | null },
  lock: (tx: Tx) => Promise<store.ImportRow | undefined>,
): Promise<Import | undefined> {
  const ended = await db.transaction().execute(async (tx) => {
    const row = await lock(tx)
    if (!row) return undefined
    const finished = presentImport(await store.finishImport(tx, row.id, how))
    const since = await earliestTouched(tx, row.id)
    if (since) await recallSince(tx, since)
    return { finished, announce: await deps.tell(tx, [row.owner_id], { type: 'import-changed', import: finished }) }
  })
  if (!ended) return undefined
  ended.announce()
  await deps.files.remove(ended.finished.id)
  return ended.finished
}
