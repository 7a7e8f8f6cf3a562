import { insertApiKey, listApiKeys, deleteApiKeyOf, type ApiKeyRow } from './api-key-store.ts'
import { hashOfKey } from '../../platform/auth/actor-source.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import * as store from './account-store.ts'
import { makeKey, prefixLength } from './create-api-key.ts'
import type { PeopleDeps } from './people-deps.ts'
import { deleteSessions } from './session-store.ts'
import { createAccount } from './sign-up.ts'
import { changeUser } from './update-user.ts'
import { listUsers, type UserRow } from './user-store.ts'

/*
 * What whoever runs the machine may do without being anybody in it: the command line tool, which reads and writes the data directory anyway. These
 * operations ask no gate; nothing that a network reaches calls them.
 */

export type OperatorDeps = Pick<PeopleDeps, 'db' | 'door' | 'auth'>
export type { ApiKeyRow, UserRow }

export function listUsersForOperator(deps: OperatorDeps): Promise<UserRow[]> {
  return listUsers(deps.db)
}

/** Error: `auth.email_taken`. */
export async function createUserForOperator(
  deps: OperatorDeps,
  input: { email: string; name: string; role: store.RoleName; password: string },
): Promise<{ id: string }> {
  return { id: await createAccount(deps, input) }
}

/** Errors: `user.not_found`, `user.last_admin`. */
export async function setUserStatusForOperator(
  deps: OperatorDeps,
  input: { email: string; status: 'active' | 'disabled' },
): Promise<UserRow> {
  return changeUser(deps, { id: await requireUserId(deps, input.email), status: input.status })
}

/** Ends all of the person's sessions. Error: `user.not_found`. */
export async function setPasswordForOperator(deps: OperatorDeps, input: { email: string; password: string }): Promise<void> {
  const id = await requireUserId(deps, input.email)
  const hash = await deps.auth.hashPassword(input.password)
  await deps.db.transaction().execute(async (tx) => {
    await store.setCredentials(tx, id, input.email, hash)
    await deleteSessions(tx, id, null)
    await store.deleteEntryLinks(tx)
  })
  deps.door.invalidate(id)
}

/** A key of the person's personal workspace; `secret` is shown this once. Error: `user.not_found`. */
export async function createApiKeyForOperator(
  deps: OperatorDeps,
  input: { email: string; name: string; scopes: string[]; expiresInDays: number | null },
): Promise<{ id: string; secret: string }> {
  const userId = await requireUserId(deps, input.email)
  const secret = makeKey()
  const { id } = await insertApiKey(deps.db, {
    id: newId(),
    workspaceId: await store.getHomeWorkspaceId(deps.db, userId),
    userId,
    name: input.name,
    prefix: secret.slice(0, prefixLength),
    keyHash: hashOfKey(secret),
    scopes: [...new Set(input.scopes)],
    expiresAt: input.expiresInDays === null ? null : new Date(Date.now() + input.expiresInDays * 86_400_000),
  })
  return { id, secret }
}

/** Error: `user.not_found`. */
export async function listApiKeysForOperator(deps: OperatorDeps, input: { email: string }): Promise<ApiKeyRow[]> {
  return listApiKeys(deps.db, await requireUserId(deps, input.email))
}

/** Error: `api-key.not_found`. */
export async function revokeApiKeyForOperator(deps: OperatorDeps, input: { id: string }): Promise<void> {
  const owner = await deleteApiKeyOf(deps.db, input.id)
  if (!owner) throw new AppError('api-key.not_found')
  deps.door.invalidate(owner)
}

async function requireUserId({ db }: OperatorDeps, email: string): Promise<string> {
  const id = await store.findUserIdByEmail(db, email)
  if (!id) throw new AppError('user.not_found', { detail: `Nobody here has the e-mail ${email}.` })
  return id
}
