import { sql } from 'kysely'
import { systemWorkspaceId } from '../../platform/auth/index.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import './tables.ts'

export type RoleName = 'Admin' | 'Super User' | 'User'

/** The built-in roles of the system workspace, as the first migration makes them. */
export const roleIds: Record<RoleName, string> = {
  Admin: '00000000-0000-7000-8000-000000000011',
  'Super User': '00000000-0000-7000-8000-000000000012',
  User: '00000000-0000-7000-8000-000000000013',
}

export interface NewAccount {
  name: string
  email: string
  passwordHash: string | null
  role: RoleName
}

/** A person, their personal workspace and what they may do, all or nothing. The caller's transaction. */
export async function insertAccount(tx: Tx, { name, email, passwordHash, role }: NewAccount): Promise<string> {
  const id = newId()
  const workspaceId = newId()
  await tx.insertInto('workspace').values({ id: workspaceId, name: 'Personal', kind: 'personal' }).execute()
  await tx.insertInto('workspace_settings').values({ workspace_id: workspaceId }).execute()
  await tx.insertInto('principal').values({ id, workspace_id: workspaceId, kind: 'user' }).execute()
  await tx.insertInto('user_account').values({ id, name, email }).execute()
  await tx.insertInto('profile').values({ user_id: id }).execute()
  await tx.insertInto('user_settings').values({ user_id: id }).execute()
  await insertGrant(tx, { principalId: id, workspaceId: systemWorkspaceId, scope: 'system', scopeId: systemWorkspaceId, role })
  await insertGrant(tx, { principalId: id, workspaceId, scope: 'workspace', scopeId: workspaceId, role: 'Super User' })
  if (passwordHash !== null) await insertPassword(tx, id, passwordHash)
  return id
}

export interface NewGrant {
  principalId: string
  workspaceId: string
  scope: 'system' | 'workspace'
  scopeId: string
  role: RoleName
}

export async function insertGrant(tx: Tx, { principalId, workspaceId, scope, scopeId, role }: NewGrant): Promise<void> {
  await tx
    .insertInto('role_grant')
    .values({ principal_id: principalId, workspace_id: workspaceId, scope, scope_id: scopeId, role_id: roleIds[role] })
    .execute()
}

/** `account_id` of a password is the user's own id, as better-auth expects it. */
export async function insertPassword(tx: Tx, userId: string, passwordHash: string): Promise<void> {
  await tx
    .insertInto('account')
    .values({ id: newId(), user_id: userId, provider_id: 'credential', account_id: userId, password: passwordHash })
    .execute()
}

export async function findPasswordHash(db: Db | Tx, userId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('account')
    .select('password')
    .where('user_id', '=', userId)
    .where('provider_id', '=', 'credential')
    .executeTakeFirst()
  return row?.password ?? undefined
}

export async function setCredentials(tx: Tx, userId: string, email: string, passwordHash: string): Promise<void> {
  await tx.updateTable('user_account').set({ email, updated_at: new Date() }).where('id', '=', userId).execute()
  const changed = await tx
    .updateTable('account')
    .set({ password: passwordHash, updated_at: new Date() })
    .where('user_id', '=', userId)
    .where('provider_id', '=', 'credential')
    .executeTakeFirst()
  if (changed.numUpdatedRows === 0n) await insertPassword(tx, userId, passwordHash)
}

export async function hasUsers(db: Db | Tx): Promise<boolean> {
  return (await db.selectFrom('user_account').select('id').limit(1).executeTakeFirst()) !== undefined
}

export async function hasPasswordUsers(db: Db | Tx): Promise<boolean> {
  return (await db.selectFrom('account').select('id').where('password', 'is not', null).limit(1).executeTakeFirst()) !== undefined
}

export async function findUserIdByEmail(db: Db | Tx, email: string): Promise<string | undefined> {
  return (await db.selectFrom('user_account').select('id').where('email', '=', email).executeTakeFirst())?.id
}

/** The personal workspace. */
export async function getHomeWorkspaceId(db: Db, userId: string): Promise<string> {
  return (await db.selectFrom('principal').select('workspace_id').where('id', '=', userId).executeTakeFirstOrThrow()).workspace_id
}

export async function findStatus(db: Db, userId: string): Promise<'active' | 'inactive' | 'disabled' | undefined> {
  return (await db.selectFrom('user_account').select('status').where('id', '=', userId).executeTakeFirst())?.status
}

export async function setStatus(db: Db | Tx, userId: string, status: 'active' | 'inactive' | 'disabled'): Promise<void> {
  await db.updateTable('user_account').set({ status, updated_at: new Date() }).where('id', '=', userId).execute()
}

/** The administrator who came by a one-time link and has set no password yet. */
export async function findAdminWithoutPassword(tx: Tx): Promise<string | undefined> {
  const row = await tx
    .selectFrom('role_grant')
    .innerJoin('user_account', 'user_account.id', 'role_grant.principal_id')
    .select('user_account.id')
    .where('role_grant.scope', '=', 'system')
    .where('role_grant.role_id', '=', roleIds.Admin)
    .where('user_account.status', '=', 'active')
    .orderBy('user_account.created_at')
    .executeTakeFirst()
  return row?.id
}

export async function insertEntryLink(db: Db, tokenHash: Buffer, expiresAt: Date): Promise<void> {
  await db.deleteFrom('entry_link').where('expires_at', '<', sql<Date>`now()`).execute()
  await db.insertInto('entry_link').values({ token_hash: tokenHash, expires_at: expiresAt }).execute()
}

/** True for the one who is first; the row lock makes anybody else wait and then find it used. */
export async function spendEntryLink(tx: Tx, tokenHash: Buffer): Promise<boolean> {
  const spent = await tx
    .updateTable('entry_link')
    .set({ used_at: sql`now()` })
    .where('token_hash', '=', tokenHash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst()
  return spent.numUpdatedRows === 1n
}

/** After the first password nobody enters by a link any more. */
export async function deleteEntryLinks(tx: Tx): Promise<void> {
  await tx.deleteFrom('entry_link').execute()
}

/** Serialises what must happen once on an empty server, across processes. */
export async function lockFirstAccount(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('first account'))`.execute(tx)
}

/** Counts an attempt in a fixed window and tells how many there were, this one included. */
export async function countAttempt(db: Db, keyHash: Buffer, windowSeconds: number): Promise<{ attempts: number; resetsInSeconds: number }> {
  const { rows } = await sql<{ attempts: number; resets_in: number }>`
    insert into rate_limit as known (key_hash, attempts, resets_at) values (${keyHash}, 1, now() + make_interval(secs => ${windowSeconds}))
    on conflict (key_hash) do update set
      attempts = case when known.resets_at <= now() then 1 else known.attempts + 1 end,
      resets_at = case when known.resets_at <= now() then now() + make_interval(secs => ${windowSeconds}) else known.resets_at end
    returning attempts, ceil(extract(epoch from resets_at - now()))::int as resets_in`.execute(db)
  return { attempts: rows[0]!.attempts, resetsInSeconds: rows[0]!.resets_in }
}

export async function forgetAttempts(db: Db, keyHash: Buffer): Promise<void> {
  await db.deleteFrom('rate_limit').where('key_hash', '=', keyHash).execute()
}

/** Who is told of what changes in a workspace. */
export async function listMemberIds(db: Db | Tx, workspaceId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('role_grant')
    .select('principal_id')
    .where('scope', '=', 'workspace')
    .where('scope_id', '=', workspaceId)
    .limit(maxAudience)
    .execute()
  return rows.map((row) => row.principal_id)
}

/** Who is told of what changes for everybody: whoever was here lately. Anybody else loads it afresh when they come. */
export async function listRecentUserIds(db: Db | Tx): Promise<string[]> {
  const { rows } = await sql<{ user_id: string }>`
    select user_id from session where expires_at > now() group by user_id order by max(updated_at) desc limit ${maxAudience}`.execute(db)
  return rows.map((row) => row.user_id)
}

/** Each of them costs a row and a lock. */
const maxAudience = 1000

/** What nobody needs any more. Run at the start and by a job. */
export async function deleteExpired(db: Db): Promise<void> {
  await db.deleteFrom('session').where('expires_at', '<', sql<Date>`now()`).execute()
  await db.deleteFrom('rate_limit').where('resets_at', '<', sql<Date>`now()`).execute()
  await db.deleteFrom('verification').where('expires_at', '<', sql<Date>`now()`).execute()
}
