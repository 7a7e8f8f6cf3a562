import type { Attachment } from '../../../contract/attachments.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { type StoredBytes, TooManyBytes } from '../../platform/files/index.ts'
import { checkFile } from './check-file.ts'
import type { FileDeps } from './file-deps.ts'
import { presentAttachment } from './present.ts'
import * as store from './store.ts'
import { requireValidAddress } from './upload-address.ts'

/**
 * Stores the bytes and checks them. What arrives and is not as it was announced ends in a state with a reason, which is no error of the request: the person is told
 * at the file. Where the process dies in between, the sweeper goes on.
 */
export async function uploadFile(
  deps: FileDeps,
  actor: Actor,
  input: { id: string; expires: number; signature: string },
  bytes: AsyncIterable<Uint8Array>,
): Promise<Attachment> {
  check(actor, 'turn', 'create', 'own')
  const { id } = input
  const [row] = await store.listOwn(deps.db, actor.principalId, [id])
  if (!row) throw new AppError('attachment.not_found')
  requireValidAddress(deps.uploadSecret, input)
  if (!(await store.advance(deps.db, id, 'planned', 'uploading'))) throw new AppError('attachment.not_planned')
  const stored = await receive(deps, row, bytes)
  if (stored) {
    await store.setStored(deps.db, row.file_id, { ...stored, etag: stored.sha256.toString('hex') })
    await store.advance(deps.db, id, 'uploading', 'stored')
    await checkFile(deps, row)
  }
  const [now] = await store.listOwn(deps.db, actor.principalId, [id])
  if (!now) throw new AppError('attachment.not_found') // deleted while it was on its way
  return presentAttachment(now)
}

async function receive(deps: FileDeps, row: store.AttachmentRow, bytes: AsyncIterable<Uint8Array>): Promise<StoredBytes | undefined> {
  const announced = Number(row.size)
  let stored: StoredBytes
  try {
    stored = await deps.files.put(row.key, bytes, announced)
  } catch (error) {
    await store.refuse(deps.db, row.id, 'failed', error instanceof TooManyBytes ? 'size_mismatch' : 'interrupted')
    if (error instanceof TooManyBytes) return undefined
    if (error instanceof AppError) throw error
    throw new AppError('request.malformed', { detail: 'The file broke off.', cause: error }) // the client went away while it was sending
  }
  const isLie =
    stored.sizeBytes !== announced
      ? 'size_mismatch'
      : row.claimed_sha256 && !stored.sha256.equals(row.claimed_sha256)
        ? 'checksum_mismatch'
        : null
  if (!isLie) return stored
  await store.refuse(deps.db, row.id, 'failed', isLie)
  await deps.files.delete(row.key)
  return undefined
}
