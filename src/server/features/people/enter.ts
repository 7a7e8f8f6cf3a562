import { createHash, randomBytes } from 'node:crypto'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import * as store from './account-store.ts'
import type { Client } from './auth-library.ts'
import { limitAttempts } from './limit-attempts.ts'
import type { PeopleDeps } from './people-deps.ts'

const linkHours = 24
export const placeholderDomain = '@placeholder.invalid'

/** A new one-time token, or undefined once somebody has a password and nobody needs one. Only its hash is kept. */
export async function makeEntryToken(deps: Pick<PeopleDeps, 'db'>): Promise<string | undefined> {
  if (await store.hasPasswordUsers(deps.db)) return undefined
  const token = randomBytes(32).toString('base64url')
  await store.insertEntryLink(deps.db, hashOf(token), new Date(Date.now() + linkHours * 3_600_000))
  return token
}

/** Spends a one-time token: makes the first administrator, or returns to the one who entered before and set no password. */
export async function enter(
  deps: Pick<PeopleDeps, 'db' | 'auth'>,
  token: string,
  client: Client,
): Promise<{ token: string; userId: string }> {
  await limitAttempts(deps.db, 'entry-address', client.address)
  const userId = await deps.db.transaction().execute(async (tx) => {
    await store.lockFirstAccount(tx)
    if (!(await store.spendEntryLink(tx, hashOf(token)))) throw new AppError('auth.entry_link_used')
    if (await store.hasPasswordUsers(tx)) throw new AppError('auth.entry_link_used')
    const known = await store.findAdminWithoutPassword(tx)
    return (
      known ??
      store.insertAccount(tx, { name: 'Administrator', email: `${newId()}${placeholderDomain}`, passwordHash: null, role: 'Admin' })
    )
  })
  return { token: await deps.auth.openSession(userId, client), userId }
}

function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
