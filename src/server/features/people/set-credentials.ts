import type { people } from '../../../contract/people.ts'
import { check, type Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import * as store from './account-store.ts'
import { isUniqueViolation } from './constraint.ts'
import { getMe } from './get-me.ts'
import { forgetAttempts, limitAttempts } from './limit-attempts.ts'
import type { PeopleDeps } from './people-deps.ts'
import { deleteSessions } from './session-store.ts'

/** The first time freely, afterwards with the current password. Ends all other sessions, and one-time links are over. */
export async function setCredentials(
  deps: Pick<PeopleDeps, 'db' | 'door' | 'auth' | 'tell'>,
  actor: Actor,
  { email, password, currentPassword }: InputOf<(typeof people)['setCredentials']>,
) {
  check(actor, 'profile', 'update', 'own')
  if (!actor.sessionId) throw new AppError('auth.forbidden', { detail: 'An API key cannot change how its owner signs in.' })
  const known = await store.findPasswordHash(deps.db, actor.principalId)
  if (known !== undefined) {
    await limitAttempts(deps.db, 'password-change', actor.principalId)
    if (currentPassword === undefined || !(await deps.auth.verifyPassword(known, currentPassword)))
      throw new AppError('auth.invalid_credentials')
    await forgetAttempts(deps.db, 'password-change', actor.principalId)
  }
  const hash = await deps.auth.hashPassword(password)
  try {
    const announce = await deps.db.transaction().execute(async (tx) => {
      await store.setCredentials(tx, actor.principalId, email, hash)
      await deleteSessions(tx, actor.principalId, actor.sessionId)
      await store.deleteEntryLinks(tx)
      return deps.tell(tx, [actor.principalId], { type: 'settings-changed' })
    })
    announce()
  } catch (error) {
    if (isUniqueViolation(error, 'user_account_email_key')) throw new AppError('auth.email_taken')
    throw error
  }
  deps.door.invalidate(actor.principalId)
  return getMe(deps, actor)
}
