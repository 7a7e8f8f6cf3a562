import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'

const today = sql<Date>`(now() at time zone 'UTC')::date`
/** While a person answers a visit outlives its pauses. */
const personMinutes = 24 * 60

export async function insertVisitor(db: Db, visitor: { id: string; workspaceId: string; pageId: string }): Promise<void> {
  await sql`
    with made as (insert into principal (id, workspace_id, kind) values (${visitor.id}, ${visitor.workspaceId}, 'visitor'))
    insert into visitor (id, workspace_id, page_id) values (${visitor.id}, ${visitor.workspaceId}, ${visitor.pageId})
  `.execute(db)
}

export async function hasVisitor(db: Db, visitor: { id: string; workspaceId: string; pageId: string }): Promise<boolean> {
  const row = await db
    .selectFrom('visitor')
    .select('id')
    .where('id', '=', visitor.id)
    .where('page_id', '=', visitor.pageId)
    .where('workspace_id', '=', visitor.workspaceId)
    .executeTakeFirst()
  return row !== undefined
}

export interface VisitRow {
  conversation_id: string
  handled_by: 'bot' | 'person'
}

const isTimely = (visitMinutes: number) =>
  sql<boolean>`v.last_active_at > now() - make_interval(mins => case when c.handled_by = 'person' then ${personMinutes}::int else ${visitMinutes}::int end)`

/** The visit that is going on. */
export async function findVisit(db: Db | Tx, visitorId: string, visitMinutes: number): Promise<VisitRow | undefined> {
  const { rows } = await sql<VisitRow>`
    select v.conversation_id, c.handled_by from visit v join conversation c on c.id = v.conversation_id
    where v.visitor_id = ${visitorId} and v.is_active and c.deleted_at is null and ${isTimely(visitMinutes)}
  `.execute(db)
  return rows[0]
}

/** One message at a time begins a visit. False: the visitor is gone. */
export async function lockVisitor(tx: Tx, { visitorId, pageId }: { visitorId: string; pageId: string }): Promise<boolean> {
  // The page first, as its deletion does: what is written next refers to it.
  await sql`select from page where id = ${pageId} for key share`.execute(tx)
  const row = await tx.selectFrom('visitor').select('id').where('id', '=', visitorId).forUpdate().executeTakeFirst()
  return row !== undefined
}

export async function insertVisit(
  tx: Tx,
  visit: { conversationId: string; workspaceId: string; pageId: string; visitorId: string; source: 'page' | 'widget' },
): Promise<void> {
  await sql`
    insert into conversation (id, workspace_id, owner_id, source, title, visibility)
    values (${visit.conversationId}, ${visit.workspaceId}, ${visit.visitorId}, ${visit.source}, '', 'workspace')
  `.execute(tx)
  await tx
    .insertInto('visit')
    .values({
      conversation_id: visit.conversationId,
      workspace_id: visit.workspaceId,
      page_id: visit.pageId,
      visitor_id: visit.visitorId,
      ended_at: null,
    })
    .execute()
}

export async function touchVisit(tx: Tx, conversationId: string): Promise<void> {
  await sql`update visit set last_active_at = now() where conversation_id = ${conversationId} and is_active`.execute(tx)
}

/** Answers with the conversation of the visit that ended, if there was one. */
export async function endVisits(db: Db | Tx, visitorId: string): Promise<string | undefined> {
  const { rows } = await sql<{ conversation_id: string }>`
    update visit set is_active = false, ended_at = now() where visitor_id = ${visitorId} and is_active returning conversation_id
  `.execute(db)
  return rows[0]?.conversation_id
}

/** Whether the visitor said this already, in whatever visit: one may have ended before its client heard that it was said. */
export async function hasSaid(db: Db | Tx, visitorId: string, messageId: string): Promise<boolean> {
  const row = await db.selectFrom('message').select('id').where('id', '=', messageId).where('author_id', '=', visitorId).executeTakeFirst()
  return row !== undefined
}

/** Ends visits without a word for as long as their page says. Answers how many. */
export async function endSilent(db: Db, limit: number): Promise<number> {
  const { rows } = await sql`
    update visit set is_active = false, ended_at = now() where conversation_id in (
      select v.conversation_id from visit v join conversation c on c.id = v.conversation_id join bot b on b.page_id = v.page_id
      where v.is_active and not (c.deleted_at is null and
        v.last_active_at > now() - make_interval(mins => case when c.handled_by = 'person' then ${personMinutes}::int else b.visit_minutes end))
      order by v.last_active_at limit ${limit} for update of v skip locked
    ) returning conversation_id
  `.execute(db)
  return rows.length
}

/** The page of a visit that is or was. */
export async function findPageOf(db: Db, workspaceId: string, conversationId: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('visit')
    .select('page_id')
    .where('conversation_id', '=', conversationId)
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst()
  return row?.page_id
}

export type Taken = 'new' | 'known' | 'none-left'

/** Takes one of the visitor's answers of the day for a message, once. The visitor must be locked. */
export async function takeVisitorAnswer(
  tx: Tx,
  answer: { visitorId: string; workspaceId: string; messageId: string; limit: number },
): Promise<Taken> {
  const { rows } = await sql<{ is_known: boolean; is_taken: boolean }>`
    with known as (
      select count(*) as answers, coalesce(bool_or(message_id = ${answer.messageId}), false) as is_known
      from visitor_answer where visitor_id = ${answer.visitorId} and day = ${today}
    ), taken as (
      insert into visitor_answer (visitor_id, workspace_id, day, message_id)
      select ${answer.visitorId}, ${answer.workspaceId}, ${today}, ${answer.messageId} from known where not is_known and answers < ${answer.limit}::int
      returning message_id
    ) select is_known, exists (select from taken) as is_taken from known
  `.execute(tx)
  return rows[0]!.is_known ? 'known' : rows[0]!.is_taken ? 'new' : 'none-left'
}

/** False: it was not taken, or a turn has it: the same message may be sent twice at once, or again after its visit ended. */
export async function returnVisitorAnswer(tx: Tx, visitorId: string, messageId: string, turnKey: string): Promise<boolean> {
  const { rows } = await sql`
    delete from visitor_answer where visitor_id = ${visitorId} and day = ${today} and message_id = ${messageId}
      and not exists (select from turn where actor_id = ${visitorId} and idempotency_key = ${turnKey}) returning message_id
  `.execute(tx)
  return rows.length > 0
}

/** What no longer counts. Answers how many. */
export async function forgetAnswers(db: Db, limit: number): Promise<number> {
  const { rows } = await sql`
    delete from visitor_answer where (visitor_id, day, message_id) in (
      select visitor_id, day, message_id from visitor_answer where day < ${today} order by day limit ${limit} for update skip locked
    ) returning message_id
  `.execute(db)
  return rows.length
}
