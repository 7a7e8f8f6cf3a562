import type { Import, ImportNotes } from '../../../contract/imports.ts'
import { check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { openReader } from './archive/open-reader.ts'
import type { ReadItem } from './archive/read-archive.ts'
import { ahead, type BatchSize } from './batches.ts'
import { end } from './end-import.ts'
import type { ImportDeps } from './import-deps.ts'
import { presentImport } from './present.ts'
import * as store from './store.ts'
import { type ItemReport, report, writeBatch } from './write-batch.ts'

/** On the embedded database everybody waits for one transaction. */
const batchSizes: Record<'postgres' | 'embedded', BatchSize> = {
  postgres: { bytes: 600_000, conversations: 100 },
  embedded: { bytes: 300_000, conversations: 20 },
}
const tellEveryMs = 1_000
/** After an error that nobody thought of, others come first; after so many attempts it is no matter of time. */
const retrySeconds = 30
const maxAttempts = 10

/** The claim is another process's, or the import was stopped. */
class ClaimLost extends Error {}

/** Works on a claimed import until it has ended, the claim is lost or the process ends. Whoever takes it over goes on with the next conversation. */
export async function runImport(deps: ImportDeps, claimed: store.ImportRow, signal: AbortSignal): Promise<void> {
  const db = deps.database.background
  const renewing = setInterval(
    () =>
      void store
        .renewClaim(db, claimed, deps.claimSeconds)
        .catch((error: unknown) => deps.log.warn({ err: error }, 'a claim was not renewed')),
    (deps.claimSeconds * 1000) / 3,
  )
  try {
    const ended = await readAndWrite(deps, claimed, signal)
    if (ended) await end(deps, db, ended, (tx) => store.lockClaimed(tx, claimed))
  } catch (error) {
    if (error instanceof ClaimLost) return
    await giveUpOrPostpone(deps, claimed, error).catch(() => undefined)
    throw error
  } finally {
    clearInterval(renewing)
  }
}

/** An expected error is one of the disk or the database: that passes. */
async function giveUpOrPostpone(deps: ImportDeps, claimed: store.ImportRow, error: unknown): Promise<void> {
  const db = deps.database.background
  const isHopeless = !(error instanceof AppError) && claimed.epoch >= maxAttempts
  const hasEnded =
    isHopeless &&
    (await end(deps, db, { status: 'failed', error: 'internal' }, async (tx) => {
      const row = await store.lockClaimed(tx, claimed)
      return row?.next_position === claimed.next_position ? row : undefined
    }))
  if (!hasEnded) await store.renewClaim(db, claimed, retrySeconds)
}

/** How it ended; undefined if it did not, since this process ends. */
async function readAndWrite(
  deps: ImportDeps,
  claimed: store.ImportRow,
  signal: AbortSignal,
): Promise<{ status: 'completed' | 'failed'; error: AppError['code'] | null } | undefined> {
  const db = deps.database.background
  let isEmpty = claimed.next_position === 0
  try {
    check(await deps.door.actorFor(claimed.owner_id), 'conversation', 'create', { workspaceId: claimed.workspace_id })
    await using reader = await openReader(deps.files.pathOf(claimed.id), batchSizes[deps.database.kind], claimed.next_position)
    const { unreadFiles, totalBytes } = reader.opened
    const notes: ImportNotes = unreadFiles > 0 ? { unread_files: unreadFiles } : {}
    await db.transaction().execute(async (tx) => {
      if (!(await store.lockClaimed(tx, claimed))) throw new ClaimLost()
      await store.noteOpened(tx, claimed.id, { totalBytes, notes })
    })
    const teller = new Teller(deps)
    for await (const batch of ahead(reader.batches())) {
      if (signal.aborted) {
        await store.releaseClaim(db, claimed)
        return undefined
      }
      isEmpty = false
      teller.tellSoon(claimed.owner_id, await write(deps, claimed, batch))
    }
    return isEmpty ? { status: 'failed', error: 'import.nothing_found' } : { status: 'completed', error: null }
  } catch (error) {
    if (error instanceof AppError && /^(?:import|auth|workspace)\./.test(error.code)) return { status: 'failed', error: error.code }
    throw error
  }
}

/** One transaction; where one conversation does not let itself be stored, one for each, so that the others are. */
async function write(deps: ImportDeps, claimed: store.ImportRow, batch: readonly ReadItem[]): Promise<Import> {
  try {
    return await transact(deps, claimed, batch, (tx, row) => writeBatch(tx, row, batch))
  } catch (error) {
    if (error instanceof ClaimLost || error instanceof AppError) throw error
    deps.log.warn({ err: error, importId: claimed.id }, 'conversations of an archive could not be stored together')
  }
  let after: Import | undefined
  for (const item of batch) {
    try {
      after = await transact(deps, claimed, [item], (tx, row) => writeBatch(tx, row, [item]))
    } catch (error) {
      if (error instanceof ClaimLost || error instanceof AppError) throw error
      deps.log.warn({ err: error, importId: claimed.id, position: item.position }, 'a conversation of an archive could not be stored')
      const title = typeof item.read === 'string' ? '' : item.read.title.slice(0, 200)
      after = await transact(deps, claimed, [item], async () => [{ ...report(item.position, 'failed', '', 'not_stored'), title }])
    }
  }
  return after!
}

async function transact(
  deps: ImportDeps,
  claimed: store.ImportRow,
  batch: readonly ReadItem[],
  work: (...args: Parameters<typeof writeBatch> extends [infer Tx, infer Row, ...unknown[]] ? [Tx, Row] : never) => Promise<ItemReport[]>,
): Promise<Import> {
  return deps.database.background.transaction().execute(async (tx) => {
    const row = await store.lockClaimed(tx, claimed)
    if (!row) throw new ClaimLost()
    const items = await work(tx, row)
    const progress = {
      nextPosition: batch.at(-1)!.position + 1,
      bytes: batch.reduce((sum, { bytes }) => sum + bytes, 0),
      source: batch.map(({ read }) => (typeof read === 'string' ? null : read.source)).find((source) => source !== null) ?? null,
    }
    return presentImport(await store.noteItems(tx, row, items, progress))
  })
}

/** Tells the owner's devices how far it is, once a second. */
class Teller {
  readonly #deps: ImportDeps
  #toldAt = 0

  constructor(deps: ImportDeps) {
    this.#deps = deps
  }

  tellSoon(ownerId: string, state: Import): void {
    const now = performance.now()
    if (now - this.#toldAt < tellEveryMs) return
    this.#toldAt = now
    const { database, tell, log } = this.#deps
    database.background
      .transaction()
      .execute((tx) => tell(tx, [ownerId], { type: 'import-changed', import: state }))
      .then(
        (announce) => announce(),
        (error: unknown) => log.warn({ err: error }, 'the progress of an import was not told'),
      )
  }
}
