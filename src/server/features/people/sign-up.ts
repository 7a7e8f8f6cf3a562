import { AppError } from '../../platform/errors/index.ts'
import * as store from './account-store.ts'
import type { Client } from './auth-library.ts'
import { isUniqueViolation } from './constraint.ts'
import { limitAttempts } from './limit-attempts.ts'
import type { PeopleDeps } from './people-deps.ts'

export interface SignUp {
  name: string
  email: string
  password: string
}

/** The token of the new person's first session. Until an account exists, entry is by the one-time link only. */
export async function signUp(
  deps: Pick<PeopleDeps, 'config' | 'db' | 'auth'>,
  { name, email, password }: SignUp,
  client: Client,
): Promise<{ token: string; userId: string }> {
  if (deps.config.people.signUp !== 'open') throw new AppError('auth.sign_up_closed')
  await limitAttempts(deps.db, 'sign-up-address', client.address)
  if (!(await store.hasUsers(deps.db))) {
    throw new AppError('auth.sign_up_closed', {
      detail: 'The first account is made with the one-time link that the server printed when it started.',
    })
  }
  const userId = await createAccount(deps, { name, email, password, role: 'User' })
  return { token: await deps.auth.openSession(userId, client), userId }
}

/** Makes an account whoever asks: after a sign-up, from the environment, by the command line tool. Error: `auth.email_taken`. */
export async function createAccount(
  deps: Pick<PeopleDeps, 'db' | 'auth'>,
  { name, email, password, role }: SignUp & { role: store.RoleName },
): Promise<string> {
  if (await store.findUserIdByEmail(deps.db, email)) throw new AppError('auth.email_taken')
  const passwordHash = await deps.auth.hashPassword(password)
  try {
    return await deps.db.transaction().execute((tx) => store.insertAccount(tx, { name, email, passwordHash, role }))
  } catch (error) {
    if (isUniqueViolation(error, 'user_account_email_key')) throw new AppError('auth.email_taken')
    throw error
  }
}
