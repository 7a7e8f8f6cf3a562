import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'

export interface SessionRow {
  id: string
  ip_address: string | null
  user_agent: string | null
  created_at: Date
  updated_at: Date
  expires_at: Date
}

export async function listSessions(db: Db, userId: string): Promise<SessionRow[]> {
  return db
    .selectFrom('session')
    .select(['id', 'ip_address', 'user_agent', 'created_at', 'updated_at', 'expires_at'])
    .where('user_id', '=', userId)
    .where('expires_at', '>', sql<Date>`now()`)
    .orderBy('updated_at', 'desc')
    .limit(200)
    .execute()
}

export async function deleteSession(db: Db, userId: string, id: string): Promise<boolean> {
  const deleted = await db.deleteFrom('session').where('user_id', '=', userId).where('id', '=', id).executeTakeFirst()
  return deleted.numDeletedRows > 0n
}

export async function deleteSessionByToken(db: Db, token: string): Promise<void> {
  await db.deleteFrom('session').where('token', '=', token).execute()
}

/** All but the one to keep; all with null. */
export async function deleteSessions(db: Db | Tx, userId: string, keepId: string | null): Promise<void> {
  await db
    .deleteFrom('session')
    .where('user_id', '=', userId)
    .$if(keepId !== null, (query) => query.where('id', '<>', keepId!))
    .execute()
}
