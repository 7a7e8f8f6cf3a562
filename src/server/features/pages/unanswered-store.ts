import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'

export interface UnansweredRow {
  id: string
  question: string
  reason: 'unknown' | 'failed'
  times_asked: number
  last_asked_at: Date
}

/** The list is read, not searched: what lies further back is asked again or does not matter. */
const maxListed = 100

export async function listUnanswered(db: Db, pageId: string): Promise<UnansweredRow[]> {
  return db
    .selectFrom('unanswered')
    .select(['id', 'question', 'reason', 'times_asked', 'last_asked_at'])
    .where('page_id', '=', pageId)
    .orderBy('last_asked_at', 'desc')
    .orderBy('id')
    .limit(maxListed)
    .execute()
}

/** Counts it where it was asked before in the same words; once a turn. */
export async function noteUnanswered(
  db: Db | Tx,
  asked: { pageId: string; question: string; reason: 'unknown' | 'failed'; turnId: string | null },
): Promise<void> {
  await sql`select note_unanswered(${asked.pageId}, ${asked.question}, ${asked.reason}, ${asked.turnId})`.execute(db)
}

export async function deleteUnanswered(db: Db, pageId: string, id: string): Promise<boolean> {
  const gone = await db.deleteFrom('unanswered').where('page_id', '=', pageId).where('id', '=', id).executeTakeFirst()
  return gone.numDeletedRows > 0n
}
