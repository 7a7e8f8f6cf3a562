import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'

export async function listExpired(db: Db, limit: number): Promise<{ id: string }[]> {
  const { rows } = await sql<{ id: string }>`
    select id from conversation where expires_at < now() and deleted_at is null order by expires_at limit ${limit}
  `.execute(db)
  return rows
}

/** Answers with its owner; undefined where somebody keeps it now. */
export async function deleteExpired(tx: Tx, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ owner_id: string }>`
    update conversation set deleted_at = now() where id = ${id} and expires_at < now() and deleted_at is null returning owner_id
  `.execute(tx)
  return rows[0]?.owner_id
}

/** Deleted, over, and nothing runs in it that would hold money. */
const isErasable = sql`c.expires_at < now() and c.deleted_at is not null
  and not exists (select from turn t where t.conversation_id = c.id and t.state in ('queued', 'running', 'waiting'))`

/** Up to `limit` messages, answers before their questions. Answers how many went. */
export async function eraseMessages(db: Db, limit: number): Promise<number> {
  const { rows } = await sql`
    delete from message where id in (
      select m.id from conversation c join message m on m.conversation_id = c.id where ${isErasable} order by m.conversation_id, m.serial desc limit ${limit}
    ) returning id
  `.execute(db)
  return rows.length
}

export async function eraseConversations(db: Db, limit: number): Promise<number> {
  const { rows } = await sql`
    delete from conversation where id in (
      select c.id from conversation c where ${isErasable} order by c.id limit ${limit} for update of c skip locked
    ) returning id
  `.execute(db)
  return rows.length
}
