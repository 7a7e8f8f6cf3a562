import type { Selectable } from 'kysely'
import type { Db } from '../../platform/db/index.ts'
import type { ApiKeyTable } from './tables.ts'

export type ApiKeyRow = Omit<Selectable<ApiKeyTable>, 'key_hash' | 'workspace_id' | 'user_id'>

const columns = ['id', 'name', 'prefix', 'scopes', 'expires_at', 'last_used_at', 'created_at'] as const

export async function listApiKeys(db: Db, userId: string): Promise<ApiKeyRow[]> {
  return db.selectFrom('api_key').select(columns).where('user_id', '=', userId).orderBy('created_at', 'desc').limit(500).execute()
}

export interface NewApiKey {
  id: string
  workspaceId: string
  userId: string
  name: string
  prefix: string
  keyHash: Buffer
  scopes: string[]
  expiresAt: Date | null
}

export async function insertApiKey(db: Db, key: NewApiKey): Promise<ApiKeyRow> {
  return db
    .insertInto('api_key')
    .values({
      id: key.id,
      workspace_id: key.workspaceId,
      user_id: key.userId,
      name: key.name,
      prefix: key.prefix,
      key_hash: key.keyHash,
      scopes: key.scopes,
      expires_at: key.expiresAt,
    })
    .returning(columns)
    .executeTakeFirstOrThrow()
}

/** Whoever owned it; undefined where there is no such key. */
export async function deleteApiKeyOf(db: Db, id: string): Promise<string | undefined> {
  return (await db.deleteFrom('api_key').where('id', '=', id).returning('user_id').executeTakeFirst())?.user_id
}

export async function deleteApiKey(db: Db, userId: string, id: string): Promise<boolean> {
  const deleted = await db.deleteFrom('api_key').where('user_id', '=', userId).where('id', '=', id).executeTakeFirst()
  return deleted.numDeletedRows > 0n
}
