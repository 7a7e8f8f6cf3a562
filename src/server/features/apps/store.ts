import { type Selectable, sql } from 'kysely'
import { systemWorkspaceId } from '../../platform/auth/index.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import type { OauthClientTable, OauthGrantTable } from './tables.ts'

const codeSeconds = 60
/** Short, since what was taken along works that long. */
export const accessSeconds = 30 * 60
/** Of not being used. */
const refreshDays = 60
/** A request whose answer was lost is sent again within that time, and two processes of one program ask at the same moment. Neither is theft. */
const retrySeconds = 10

export type ClientRow = Selectable<OauthClientTable>

export function findClient(db: Db, clientId: string): Promise<ClientRow | undefined> {
  return db.selectFrom('oauth_client').selectAll().where('client_id', '=', clientId).executeTakeFirst()
}

/** One that is there already is described anew. */
export async function putClient(
  db: Db,
  { clientId, kind, name, redirectUris }: { clientId: string; kind: ClientRow['kind']; name: string; redirectUris: string[] },
): Promise<ClientRow> {
  const said = { name, redirect_uris: redirectUris, read_at: kind === 'document' ? sql<Date>`now()` : null }
  return db
    .insertInto('oauth_client')
    .values({ id: newId(), workspace_id: systemWorkspaceId, client_id: clientId, kind, ...said })
    .onConflict((conflict) => conflict.column('client_id').doUpdateSet(said))
    .returningAll()
    .executeTakeFirstOrThrow()
}

export interface NewCode {
  workspaceId: string
  codeHash: Buffer
  userId: string
  clientId: string
  redirectUri: string
  challenge: string
  scopes: string[]
}

export async function insertCode(db: Db, code: NewCode): Promise<void> {
  await sql`
    insert into oauth_code (id, workspace_id, code_hash, user_id, client_id, redirect_uri, challenge, scopes, expires_at)
    values (${newId()}, ${code.workspaceId}, ${code.codeHash}, ${code.userId}, ${code.clientId}, ${code.redirectUri}, ${code.challenge}, ${code.scopes},
      now() + ${codeSeconds} * interval '1 second')`.execute(db)
}

export interface CodeRow {
  id: string
  workspace_id: string
  user_id: string
  client_row_id: string
  client_id: string
  redirect_uri: string
  challenge: string
  scopes: string[]
  grant_id: string | null
  is_used: boolean
  /** So lately that it may be the same request once more. */
  is_repeated: boolean
}

export async function findCode(db: Db, codeHash: Buffer): Promise<CodeRow | undefined> {
  const { rows } = await sql<CodeRow>`
    select k.id, k.workspace_id, k.user_id, k.client_id as client_row_id, c.client_id, k.redirect_uri, k.challenge, k.scopes, k.grant_id,
      k.used_at is not null as is_used, coalesce(k.used_at > now() - ${retrySeconds} * interval '1 second', false) as is_repeated
    from oauth_code k join oauth_client c on c.id = k.client_id where k.code_hash = ${codeHash}`.execute(db)
  return rows[0]
}

/** Whoever gets true has it; it cannot be had again. */
export async function useCode(tx: Tx, id: string): Promise<boolean> {
  const used = await tx
    .updateTable('oauth_code')
    .set({ used_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('expires_at', '>', sql<Date>`now()`)
    .executeTakeFirst()
  return used.numUpdatedRows > 0n
}

export async function insertGrant(tx: Tx, code: CodeRow): Promise<string> {
  const id = newId()
  await tx
    .insertInto('oauth_grant')
    .values({
      id,
      workspace_id: code.workspace_id,
      user_id: code.user_id,
      client_id: code.client_row_id,
      redirect_uri: code.redirect_uri,
      scopes: code.scopes,
    })
    .execute()
  await tx.updateTable('oauth_code').set({ grant_id: id }).where('id', '=', code.id).execute()
  return id
}

/** The row, if its person is still there and in that workspace. */
export async function isAlive(db: Db | Tx, userId: string, workspaceId: string): Promise<boolean> {
  const { rows } = await sql`
    select from user_account u join role_grant g on g.principal_id = u.id and g.scope = 'workspace' and g.scope_id = ${workspaceId}
    where u.id = ${userId} and u.status = 'active' limit 1`.execute(db)
  return rows.length > 0
}

export interface TokenPlace {
  grantId: string
  workspaceId: string
}

export async function insertPair(
  tx: Tx,
  { grantId, workspaceId }: TokenPlace,
  pair: { accessHash: Buffer; refreshHash: Buffer },
): Promise<void> {
  await sql`
    insert into oauth_token (id, workspace_id, grant_id, kind, token_hash, expires_at) values
      (${newId()}, ${workspaceId}, ${grantId}, 'access', ${pair.accessHash}, now() + ${accessSeconds} * interval '1 second'),
      (${newId()}, ${workspaceId}, ${grantId}, 'refresh', ${pair.refreshHash}, now() + ${refreshDays} * interval '1 day')`.execute(tx)
}

export interface RefreshRow {
  id: string
  grant_id: string
  workspace_id: string
  user_id: string
  client_id: string
  scopes: string[]
  is_used: boolean
  is_repeated: boolean
  is_expired: boolean
}

export async function findRefreshToken(db: Db | Tx, tokenHash: Buffer): Promise<RefreshRow | undefined> {
  const { rows } = await sql<RefreshRow>`
    select t.id, t.grant_id, g.workspace_id, g.user_id, c.client_id, g.scopes, t.used_at is not null as is_used, t.expires_at <= now() as is_expired,
      coalesce(t.used_at > now() - ${retrySeconds} * interval '1 second', false) as is_repeated
    from oauth_token t join oauth_grant g on g.id = t.grant_id join oauth_client c on c.id = g.client_id
    where t.token_hash = ${tokenHash} and t.kind = 'refresh'`.execute(db)
  return rows[0]
}

/** Whoever gets true goes on with its successors. */
export async function useRefreshToken(tx: Tx, id: string): Promise<boolean> {
  const used = await tx
    .updateTable('oauth_token')
    .set({ used_at: sql<Date>`now()` })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return used.numUpdatedRows > 0n
}

/** How long the access token of a pair still works, while its refresh token waits to be used; undefined where that was used, or neither is there. */
export async function secondsLeft(db: Db, pair: { accessHash: Buffer; refreshHash: Buffer }): Promise<number | undefined> {
  const { rows } = await sql<{ seconds: number }>`
    select floor(extract(epoch from a.expires_at - now()))::int as seconds from oauth_token a
    join oauth_token r on r.grant_id = a.grant_id and r.token_hash = ${pair.refreshHash} and r.used_at is null
    where a.token_hash = ${pair.accessHash}`.execute(db)
  return rows[0]?.seconds
}

/** Of either kind, for the program that holds it. */
export async function findGrantOfToken(
  db: Db,
  tokenHash: Buffer,
): Promise<{ grant_id: string; user_id: string; client_id: string } | undefined> {
  return db
    .selectFrom('oauth_token as t')
    .innerJoin('oauth_grant as g', 'g.id', 't.grant_id')
    .innerJoin('oauth_client as c', 'c.id', 'g.client_id')
    .select(['t.grant_id', 'g.user_id', 'c.client_id'])
    .where('t.token_hash', '=', tokenHash)
    .executeTakeFirst()
}

/** With all of its tokens. */
export async function deleteGrant(db: Db | Tx, userId: string, id: string): Promise<boolean> {
  const deleted = await db.deleteFrom('oauth_grant').where('id', '=', id).where('user_id', '=', userId).executeTakeFirst()
  return deleted.numDeletedRows > 0n
}

export type GrantRow = Selectable<OauthGrantTable> & Pick<ClientRow, 'name' | 'kind'> & { public_id: string }

export async function listGrants(db: Db, userId: string): Promise<GrantRow[]> {
  const { rows } = await sql<GrantRow>`
    select g.*, c.name, c.kind, c.client_id as public_id
    from oauth_grant g join oauth_client c on c.id = g.client_id where g.user_id = ${userId} order by g.created_at desc limit 500`.execute(
    db,
  )
  return rows
}

/** What is over, and programs that nobody lets in any more. */
export async function deleteExpired(db: Db): Promise<void> {
  await sql`delete from oauth_code where expires_at < now() - interval '1 day'`.execute(db)
  // A used refresh token is known for one as long as it would have been valid.
  await sql`delete from oauth_token where expires_at < now()`.execute(db)
  await sql`
    delete from oauth_grant g where created_at < now() - interval '1 day' and not exists (select from oauth_token t where t.grant_id = g.id)`.execute(
    db,
  )
  await sql`
    delete from oauth_client c where created_at < now() - interval '30 days' and not exists (select from oauth_grant g where g.client_id = c.id)
      and not exists (select from oauth_code k where k.client_id = c.id)`.execute(db)
}
