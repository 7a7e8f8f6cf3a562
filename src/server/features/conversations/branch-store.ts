import { sql } from 'kysely'
import type { Tx } from '../../platform/db/index.ts'

interface Root {
  id: string
  branch_id: string
  depth: number
}

/**
 * The ranges of branches below a message: a branch goes on with first children only, so all of it from there, and every branch that left these. Not those
 * that left at the message's own depth, which are beside it.
 */
const below = (conversationId: string, root: Root) => sql`recursive below as (
  select ${root.branch_id}::uuid as id, ${root.depth}::int as since
  union all
  select b.id, b.fork_depth from below join branch b on b.conversation_id = ${conversationId} and b.parent_branch_id = below.id and b.fork_depth > below.since
)`

/** Answers the turns below it that have not ended. What was deleted before keeps its own instant. */
export async function markDeleted(tx: Tx, conversationId: string, root: Root): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with ${below(conversationId, root)}, marked as (
      update message m set deleted_at = now() from below
      where m.conversation_id = ${conversationId} and m.branch_id = below.id and m.depth >= below.since and m.deleted_at is null
      returning m.id
    )
    select t.id from turn t join marked on marked.id = t.answer_message_id
    where t.conversation_id = ${conversationId} and t.state in ('queued', 'running', 'waiting')
  `.execute(tx)
  return rows.map(({ id }) => id)
}

/** The first message of a deleted branch; undefined where what it follows is deleted too. */
export async function findDeletedRoot(tx: Tx, conversationId: string, id: string): Promise<Root | undefined> {
  const { rows } = await sql<Root>`
    select m.id, m.branch_id, m.depth from message m left join message p on p.id = m.parent_id
    where m.conversation_id = ${conversationId} and m.id = ${id} and m.deleted_at is not null and p.deleted_at is null
  `.execute(tx)
  return rows[0]
}

export async function unmarkDeleted(tx: Tx, conversationId: string, root: Root): Promise<void> {
  await sql`
    with ${below(conversationId, root)}
    update message m set deleted_at = null from below
    where m.conversation_id = ${conversationId} and m.branch_id = below.id and m.depth >= below.since
      and m.deleted_at = (select deleted_at from message where id = ${root.id})
  `.execute(tx)
}

/** The version before this one, or after it where it is the first. */
export async function findNearestSibling(tx: Tx, conversationId: string, id: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select s.id from message m join message s on s.conversation_id = m.conversation_id
      and (s.parent_id = m.parent_id or m.parent_id is null and s.parent_id is null)
    where m.conversation_id = ${conversationId} and m.id = ${id} and s.id <> m.id and s.deleted_at is null
    order by s.serial < m.serial desc, abs(s.serial - m.serial) limit 1
  `.execute(tx)
  return rows[0]?.id
}

export async function setHead(tx: Tx, conversationId: string, headId: string | null): Promise<void> {
  await sql`update conversation set head_id = ${headId}, last_message_preview = message_preview(${headId}) where id = ${conversationId}`.execute(
    tx,
  )
}
