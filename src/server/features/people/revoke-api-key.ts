import { check, type Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { deleteApiKey } from './api-key-store.ts'
import type { PeopleDeps } from './people-deps.ts'

export async function revokeApiKey(deps: Pick<PeopleDeps, 'db' | 'door'>, actor: Actor, id: string): Promise<void> {
  check(actor, 'api-key', 'delete', 'own')
  if (!(await deleteApiKey(deps.db, actor.principalId, id))) throw new AppError('api-key.not_found')
  deps.door.invalidate(actor.principalId)
}
