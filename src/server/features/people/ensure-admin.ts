import { AppError } from '../../platform/errors/index.ts'
import * as store from './account-store.ts'
import type { PeopleDeps } from './people-deps.ts'
import { createAccount } from './sign-up.ts'

/** `ADMIN_EMAIL` and `ADMIN_PASSWORD` make the account once; a password changed later in the settings is not set back. */
export async function ensureAdmin(deps: Pick<PeopleDeps, 'config' | 'db' | 'auth' | 'log'>): Promise<void> {
  const { admin } = deps.config.people
  if (!admin || (await store.findUserIdByEmail(deps.db, admin.email))) return
  try {
    await createAccount(deps, { name: 'Administrator', email: admin.email, password: admin.password.reveal(), role: 'Admin' })
    deps.log.info('made the administrator of ADMIN_EMAIL')
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'auth.email_taken')) throw error // another process was first
  }
}
