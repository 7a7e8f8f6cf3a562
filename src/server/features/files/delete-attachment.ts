import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { FileDeps } from './file-deps.ts'
import * as store from './store.ts'

/** Nobody reads it by this attachment from now on. Its bytes go once no other one has them. */
export async function deleteAttachment(deps: Pick<FileDeps, 'db'>, actor: Actor, id: string): Promise<{ ok: true }> {
  check(actor, 'message', 'delete', 'own')
  if (!(await store.remove(deps.db, actor.principalId, id))) throw new AppError('attachment.not_found')
  return { ok: true }
}
