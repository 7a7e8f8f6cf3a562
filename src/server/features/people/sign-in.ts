import { AppError } from '../../platform/errors/index.ts'
import * as store from './account-store.ts'
import type { Client } from './auth-library.ts'
import { forgetAttempts, limitAttempts } from './limit-attempts.ts'
import type { PeopleDeps } from './people-deps.ts'
import { deleteSessionByToken } from './session-store.ts'

/** The token of a new session. Who was inactive is active again; who is disabled learns it only with the right password. */
export async function signIn(
  deps: Pick<PeopleDeps, 'db' | 'auth'>,
  email: string,
  password: string,
  client: Client,
): Promise<{ token: string; userId: string }> {
  await limitAttempts(deps.db, 'sign-in-email', email)
  await limitAttempts(deps.db, 'sign-in-address', client.address)
  const session = await deps.auth.signIn(email, password, client)
  await forgetAttempts(deps.db, 'sign-in-email', email)
  const status = await store.findStatus(deps.db, session.userId)
  if (status === 'disabled') {
    await deleteSessionByToken(deps.db, session.token)
    throw new AppError('auth.disabled')
  }
  if (status === 'inactive') await store.setStatus(deps.db, session.userId, 'active')
  return session
}
