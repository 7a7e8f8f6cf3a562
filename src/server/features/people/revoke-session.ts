import { check, type Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { PeopleDeps } from './people-deps.ts'
import * as store from './session-store.ts'

export async function revokeSession(deps: Pick<PeopleDeps, 'db' | 'door'>, actor: Actor, id: string): Promise<void> {
  check(actor, 'session', 'delete', 'own')
  if (!(await store.deleteSession(deps.db, actor.principalId, id))) throw new AppError('session.not_found')
  deps.door.invalidate(actor.principalId)
}

export async function revokeOtherSessions(deps: Pick<PeopleDeps, 'db' | 'door'>, actor: Actor): Promise<void> {
  check(actor, 'session', 'delete', 'own')
  await store.deleteSessions(deps.db, actor.principalId, actor.sessionId)
  deps.door.invalidate(actor.principalId)
}

/** Ends the session that asks. A call by API key has none and changes nothing. */
export async function signOut(deps: Pick<PeopleDeps, 'db' | 'door'>, actor: Actor): Promise<void> {
  check(actor, 'session', 'delete', 'own')
  if (actor.sessionId) await store.deleteSession(deps.db, actor.principalId, actor.sessionId)
  deps.door.invalidate(actor.principalId)
}
