import { type Insertable, type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { ServerRow } from './store.ts'
import type { McpAuthorizationTable, McpCredentialTable } from './tables.ts'

// What people sign in to servers with, and those who are on their way.

export type CredentialRow = Selectable<McpCredentialTable>

export async function findCredential(
  db: Db | Tx,
  server: Pick<ServerRow, 'workspace_id' | 'id'>,
  userId: string,
): Promise<CredentialRow | undefined> {
  return db
    .selectFrom('mcp_credential')
    .select([
      'id',
      'workspace_id',
      'server_id',
      'user_id',
      'kind',
      'sealed',
      'expires_at',
      'renewing_until',
      'failure',
      'created_at',
      'updated_at',
    ])
    .where('workspace_id', '=', server.workspace_id)
    .where('server_id', '=', server.id)
    .where('user_id', '=', userId)
    .executeTakeFirst()
}

export async function saveCredential(db: Db | Tx, row: Insertable<McpCredentialTable>): Promise<void> {
  await db
    .insertInto('mcp_credential')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['server_id', 'user_id']).doUpdateSet((eb) => ({
        id: eb.ref('excluded.id'),
        kind: eb.ref('excluded.kind'),
        sealed: eb.ref('excluded.sealed'),
        expires_at: eb.ref('excluded.expires_at'),
        failure: null,
        renewing_until: null,
        updated_at: new Date(),
      })),
    )
    .execute()
}

export async function failCredential(
  tx: Tx,
  server: Pick<ServerRow, 'workspace_id' | 'id'>,
  userId: string,
  failure: string,
): Promise<boolean> {
  const row = await tx
    .updateTable('mcp_credential')
    .set({ failure, updated_at: new Date() })
    .where('workspace_id', '=', server.workspace_id)
    .where('server_id', '=', server.id)
    .where('user_id', '=', userId)
    .where('failure', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function deleteCredential(tx: Tx, server: Pick<ServerRow, 'workspace_id' | 'id'>, userId: string): Promise<void> {
  await tx
    .deleteFrom('mcp_credential')
    .where('workspace_id', '=', server.workspace_id)
    .where('server_id', '=', server.id)
    .where('user_id', '=', userId)
    .execute()
}

/** A new way of being called: what people gave for the old one is of no use. */
export async function deleteCredentials(tx: Tx, server: Pick<ServerRow, 'workspace_id' | 'id'>): Promise<void> {
  await tx.deleteFrom('mcp_credential').where('workspace_id', '=', server.workspace_id).where('server_id', '=', server.id).execute()
}

/** Whether this process is the one that asks for a new token. A claim ends by itself, in case its process died. */
export async function claimRenewal(db: Db, credentialId: string, workspaceId: string): Promise<boolean> {
  const row = await db
    .updateTable('mcp_credential')
    .set({ renewing_until: sql<Date>`now() + interval '45 seconds'` })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', credentialId)
    .where(sql<boolean>`(renewing_until is null or renewing_until < now())`)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function releaseRenewal(db: Db, credentialId: string, workspaceId: string): Promise<void> {
  await db
    .updateTable('mcp_credential')
    .set({ renewing_until: null })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', credentialId)
    .execute()
}

/** New tokens of the same grant, unless the person has given another or none since. */
export async function renewCredential(
  db: Db,
  row: Pick<CredentialRow, 'id' | 'workspace_id'>,
  sealed: Buffer,
  expiresAt: Date | null,
): Promise<void> {
  await db
    .updateTable('mcp_credential')
    .set({ sealed, expires_at: expiresAt, failure: null, renewing_until: null, updated_at: new Date() })
    .where('workspace_id', '=', row.workspace_id)
    .where('id', '=', row.id)
    .execute()
}

/** Others of this person at this server are over. */
export async function insertAuthorization(tx: Tx, row: Insertable<McpAuthorizationTable>): Promise<void> {
  await tx
    .deleteFrom('mcp_authorization')
    .where((eb) =>
      eb.or([eb.and([eb('server_id', '=', row.server_id), eb('user_id', '=', row.user_id)]), eb('expires_at', '<', new Date())]),
    )
    .execute()
  await tx.insertInto('mcp_authorization').values(row).execute()
}

/** Once, by whom and in the session in which it began. */
export async function takeAuthorization(db: Db, stateHash: Buffer, userId: string, sessionId: string) {
  return db
    .deleteFrom('mcp_authorization')
    .where('state_hash', '=', stateHash)
    .where('user_id', '=', userId)
    .where('session_id', '=', sessionId)
    .where('expires_at', '>', new Date())
    .returningAll()
    .executeTakeFirst()
}
