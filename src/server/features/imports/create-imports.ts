import { createPoller } from '../../platform/jobs/poller.ts'
import { end } from './end-import.ts'
import type { ImportDeps } from './import-deps.ts'
import { runImport } from './run-import.ts'
import * as store from './store.ts'
import { UploadFiles } from './upload-files.ts'

/** How long an import waits whose process died before it could wake anybody. */
const everyMs = 5_000
const candidates = 20
const hourMs = 60 * 60_000
const dayMs = 24 * hourMs

export interface Imports {
  deps: ImportDeps
  start(): void
  close(): Promise<void>
}

/** Works on uploaded archives, one at a time in each process. A process works on those whose file is on its disk. */
export function createImports(
  given: Omit<ImportDeps, 'files' | 'wake' | 'claimSeconds'> & { dataDir: string; claimSeconds?: number; sweepEveryMs?: number },
): Imports {
  const { dataDir, claimSeconds = 60, sweepEveryMs = hourMs, ...rest } = given
  const ending = new AbortController()
  let sweeping: NodeJS.Timeout | undefined
  const deps: ImportDeps = { ...rest, claimSeconds, files: new UploadFiles(dataDir), wake: () => poller.wake() }
  const poller = createPoller<store.ImportRow>(
    {
      claim: (limit) => claim(deps, limit),
      work: (row) => runImport(deps, row, ending.signal),
    },
    { everyMs, maxAtOnce: 1, log: deps.log, name: 'imports' },
  )
  return {
    deps,
    start() {
      const sweepNow = () => void sweep(deps).catch((error: unknown) => deps.log.warn({ err: error }, 'uploads were not swept'))
      sweepNow()
      sweeping = setInterval(sweepNow, sweepEveryMs).unref()
      poller.start()
    },
    async close() {
      clearInterval(sweeping)
      ending.abort()
      await poller.close()
    },
  }
}

async function claim(deps: ImportDeps, limit: number): Promise<store.ImportRow[]> {
  const db = deps.database.background
  const claimed: store.ImportRow[] = []
  for (const { id, is_old: isOld } of await store.listClaimable(db, candidates)) {
    if (claimed.length >= limit) break
    const isHere = (await deps.files.sizeOf(id)) > 0
    if (!isHere && !isOld) continue
    const row = await store.claimImport(db, id, deps.claimSeconds)
    if (!row) continue
    if (isHere) claimed.push(row)
    else await end(deps, db, { status: 'failed', error: 'import.upload_lost' }, (tx) => store.lockClaimed(tx, row))
  }
  return claimed
}

/** Files whose import has ended, and uploads that broke off a day ago. */
async function sweep(deps: ImportDeps): Promise<void> {
  const db = deps.database.background
  for (const { id, owner_id: ownerId } of await store.listStale(db)) {
    // A slow line may take longer than a day.
    if (Date.now() - (await deps.files.changedAt(id)) < dayMs) continue
    await end(deps, db, { status: 'failed', error: 'import.upload_lost' }, async (tx) => {
      const row = await store.lockImport(tx, ownerId, id)
      return row?.processing_status === 'uploading' ? row : undefined
    })
  }
  const names = (await deps.files.list()).filter((name) => /^[0-9a-f-]{36}$/.test(name))
  const kept = await store.listKept(db, names)
  for (const name of names) if (!kept.has(name)) await deps.files.remove(name)
}
