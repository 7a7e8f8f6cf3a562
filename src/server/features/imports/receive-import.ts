import type { Import } from '../../../contract/imports.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import type { ImportDeps } from './import-deps.ts'
import { presentImport } from './present.ts'
import * as store from './store.ts'

const maxOpen = 5

/** Announces a file. */
export async function createImport(
  deps: Pick<ImportDeps, 'db' | 'tell' | 'maxBytes'>,
  actor: Actor,
  input: { workspaceId: string; fileName: string; sizeBytes: number },
): Promise<Import> {
  const { workspaceId, fileName, sizeBytes } = input
  check(actor, 'conversation', 'create', { workspaceId })
  if (sizeBytes > deps.maxBytes) throw new AppError('request.too_large', { detail: `At most ${deps.maxBytes} bytes.` })
  const { created, announce } = await deps.db.transaction().execute(async (tx) => {
    if ((await store.countOpen(tx, actor.principalId)) >= maxOpen) throw new AppError('import.too_many')
    const row = await store.insertImport(tx, { id: newId(), workspaceId, ownerId: actor.principalId, fileName, sizeBytes })
    const created = presentImport(row)
    return { created, announce: await deps.tell(tx, [actor.principalId], { type: 'import-changed', import: created }) }
  })
  announce()
  return created
}

/** Takes the next bytes of a file. With the last ones the import waits for a process, and this one looks at once. */
export async function receivePart(
  deps: Pick<ImportDeps, 'db' | 'files' | 'wake'>,
  actor: Actor,
  { id, offset }: { id: string; offset: number },
  readPart: () => Promise<Buffer>,
): Promise<Import> {
  check(actor, 'conversation', 'create', 'own')
  const ownerId = actor.principalId
  await requireNext(deps, ownerId, { id, offset })
  const bytes = await readPart()
  // It may have been long on its way.
  const row = await requireNext(deps, ownerId, { id, offset })
  if (offset + bytes.length > Number(row.size_bytes)) throw new AppError('request.too_large', { detail: 'It is more than was announced.' })
  await deps.files.write(id, offset, bytes)
  const after = await store.noteReceived(deps.db, { ownerId, id, offset }, offset + bytes.length)
  if (!after) throw new AppError('import.out_of_step')
  if (after.processing_status === 'pending') deps.wake()
  return presentImport(after)
}

async function requireNext(
  { db }: Pick<ImportDeps, 'db'>,
  ownerId: string,
  { id, offset }: { id: string; offset: number },
): Promise<store.ImportRow> {
  const row = await store.findImport(db, ownerId, id)
  if (!row) throw new AppError('import.not_found')
  if (row.processing_status !== 'uploading' || Number(row.received_bytes) !== offset) throw new AppError('import.out_of_step')
  return row
}
