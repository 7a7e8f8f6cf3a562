import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'

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
  asked: { pageId: string; workspaceId: string; question: string; reason: 'unknown' | 'failed'; turnId: string },
): Promise<void> {
  const hash = createHash('sha256')
    .update(
      asked.question
        .toLowerCase()
        .replaceAll(/[\s\p{P}]+/gu, ' ')
        .trim(),
    )
    .digest()
  await sql`
    insert into unanswered as known (id, workspace_id, page_id, question, question_hash, reason, turn_id)
    values (${newId()}, ${asked.workspaceId}, ${asked.pageId}, ${asked.question}, ${hash}, ${asked.reason}, ${asked.turnId})
    on conflict (page_id, question_hash) do update set reason = excluded.reason, turn_id = excluded.turn_id, last_asked_at = now(),
      times_asked = known.times_asked + (known.turn_id is distinct from excluded.turn_id)::int
  `.execute(db)
}

export async function deleteUnanswered(db: Db, pageId: string, id: string): Promise<boolean> {
  const gone = await db.deleteFrom('unanswered').where('page_id', '=', pageId).where('id', '=', id).executeTakeFirst()
  return gone.numDeletedRows > 0n
}
