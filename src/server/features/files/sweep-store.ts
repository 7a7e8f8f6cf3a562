import { sql } from 'kysely'
import type { Db } from '../../platform/db/index.ts'

/** Longer than any check takes: whoever was at it is gone. */
const checkMinutes = 5
/** Longer than an address for an upload is valid and a request may last. */
const uploadMinutes = 60
/** A draft may wait for its writer. */
const unsentDays = 7
const refusedHours = 24
/** A file is made with its attachment; what has none after this has lost it. */
const graceMinutes = 10

export async function listUnchecked(
  db: Db,
  limit: number,
): Promise<{ id: string; file_id: string; key: string; claimed_mime: string; name: string; user_id: string }[]> {
  const { rows } = await sql<{ id: string; file_id: string; key: string; claimed_mime: string; name: string; user_id: string }>`
    update attachment t set updated_at = now() from file f
    where f.id = t.file_id and t.id in (
      select id from attachment where status in ('stored', 'scanning') and updated_at < now() - make_interval(mins => ${checkMinutes})
      order by updated_at limit ${limit} for update skip locked
    ) returning t.id, t.file_id, f.key, t.claimed_mime, t.name, t.user_id`.execute(db)
  return rows
}

export async function failInterrupted(db: Db): Promise<void> {
  await sql`
    update attachment set status = 'failed', reason = 'interrupted', updated_at = now()
    where status in ('planned', 'uploading') and updated_at < now() - make_interval(mins => ${uploadMinutes})`.execute(db)
}

/** Attachments that nothing shows: refused a day ago, never sent for a week, or of a message that is gone for good. Answers how many went. */
export async function removeUnused(db: Db, limit: number): Promise<number> {
  const { rows } = await sql`
    delete from attachment where id in (
      select id from attachment
      where status in ('failed', 'quarantined') and updated_at < now() - make_interval(hours => ${refusedHours})
        or status = 'ready' and updated_at < now() - make_interval(days => ${unsentDays})
        or status = 'attached' and message_id is null
      limit ${limit}
    ) returning id`.execute(db)
  return rows.length
}

/** Rows of files that no attachment has; their bytes are noted for deletion with them. Locked first: an attachment that is being made for one waits or is waited for. */
export async function dropUnreferenced(db: Db, limit: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ id: string }>`
      select id from file f where created_at < now() - make_interval(mins => ${graceMinutes})
        and not exists (select from attachment t where t.file_id = f.id)
      order by id limit ${limit} for update skip locked`.execute(tx)
    if (rows.length === 0) return 0
    const { rows: gone } = await sql`
      delete from file f where id = any (${rows.map(({ id }) => id)}::uuid[]) and not exists (select from attachment t where t.file_id = f.id) returning id
    `.execute(tx)
    return gone.length
  })
}

/** As above, of one file. Undefined: it is still referred to. */
export async function dropFile(db: Db, id: string): Promise<DroppedFile | undefined> {
  return db.transaction().execute(async (tx) => {
    await sql`select from file where id = ${id} for update`.execute(tx)
    const { rows } = await sql<DroppedFile>`
      delete from file f where id = ${id} and not exists (select from attachment t where t.file_id = f.id) returning id, key, text_key`.execute(
      tx,
    )
    return rows[0]
  })
}

export interface DroppedFile {
  id: string
  key: string
  text_key: string | null
}

export async function listDropped(db: Db, bucket: string, limit: number): Promise<DroppedFile[]> {
  return db
    .selectFrom('dropped_file')
    .select(['id', 'key', 'text_key'])
    .where('bucket', '=', bucket)
    .orderBy('created_at')
    .limit(limit)
    .execute()
}

export async function forgetDropped(db: Db, id: string): Promise<void> {
  await db.deleteFrom('dropped_file').where('id', '=', id).execute()
}
