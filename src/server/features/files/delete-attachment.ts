import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { FileDeps } from './file-deps.ts'
import * as store from './store.ts'
import { removeBytes } from './sweep-files.ts'
import { dropFile } from './sweep-store.ts'

/** Nobody reads it by this attachment from now on. Its bytes go with it where no other one has them: they count no more, so they may take no room. */
export async function deleteAttachment(deps: Pick<FileDeps, 'db' | 'files'>, actor: Actor, id: string): Promise<{ ok: true }> {
  check(actor, 'message', 'delete', 'own')
  const fileId = await store.remove(deps.db, actor.principalId, id)
  if (fileId === undefined) throw new AppError('attachment.not_found')
  const dropped = await dropFile(deps.db, fileId)
  if (dropped) await removeBytes(deps, dropped)
  return { ok: true }
}
