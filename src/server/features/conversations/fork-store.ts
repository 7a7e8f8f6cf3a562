import { sql } from 'kysely'
import { storableJson, type Tx } from '../../platform/db/index.ts'
import type { StoredPart } from './stored-part.ts'

interface Leaf {
  id: string
  branch_id: string
  depth: number
}

/** The ranges of branches that a path runs through. */
const chainTo = (leaf: Leaf) => sql`recursive chain as (
  select b.id, b.parent_branch_id, b.fork_depth, ${leaf.depth}::int as until from branch b where b.id = ${leaf.branch_id}
  union all
  select p.id, p.parent_branch_id, p.fork_depth, c.fork_depth - 1 from chain c join branch p on p.id = c.parent_branch_id
)`

/** Whether an answer on the path is still being written, or waits. */
export async function hasUnfinishedOnPath(tx: Tx, conversationId: string, leaf: Leaf): Promise<boolean> {
  const { rows } = await sql`
    with ${chainTo(leaf)}
    select from turn t join message m on m.id = t.answer_message_id join chain c on c.id = m.branch_id and m.depth between c.fork_depth and c.until
    where t.conversation_id = ${conversationId} and t.state in ('queued', 'running', 'waiting')
  `.execute(tx)
  return rows.length > 0
}

/**
 * Copies a path into an empty conversation, as one branch. A copied answer names the turn that made it, for as long as that is kept: so it says by which
 * model it is, and signatures of its provider keep their meaning. Of the summaries the newest goes with it, the one that counts.
 */
export async function copyPath(
  tx: Tx,
  {
    from,
    to,
    ids,
  }: {
    from: { conversationId: string; leaf: Leaf }
    to: { conversationId: string; workspaceId: string; connectionId: string | null; branchId: string; summaryId: string }
    ids: string[]
  },
): Promise<void> {
  const { conversationId, leaf } = from
  await tx
    .insertInto('branch')
    .values({ id: to.branchId, workspace_id: to.workspaceId, conversation_id: to.conversationId, parent_branch_id: null, fork_depth: 0 })
    .execute()
  await sql`
    with ${chainTo(leaf)}, fresh as (
      select id, lag(id) over (order by n) as parent_id, (n - 1)::int as depth from unnest(${ids}::uuid[]) with ordinality as given (id, n)
    )
    insert into message (id, workspace_id, conversation_id, parent_id, branch_id, depth, serial, author_id, role, parts, structured_prompt, language, turn_id, model_name, created_at)
    select f.id, ${to.workspaceId}, ${to.conversationId}, f.parent_id, ${to.branchId}, m.depth, m.depth + 1, m.author_id, m.role, m.parts, m.structured_prompt,
      m.language, m.turn_id, m.model_name, m.created_at
    from chain c
    join message m on m.conversation_id = ${conversationId} and m.branch_id = c.id and m.depth between c.fork_depth and c.until
    join fresh f on f.depth = m.depth
  `.execute(tx)
  await sql`
    with ${chainTo(leaf)}
    insert into summary (id, workspace_id, conversation_id, message_id, text, model_id)
    select ${to.summaryId}, ${to.workspaceId}, ${to.conversationId}, (${ids}::uuid[])[m.depth + 1], s.text, s.model_id
    from summary s join message m on m.id = s.message_id join chain c on c.id = m.branch_id and m.depth between c.fork_depth and c.until
    where s.conversation_id = ${conversationId} order by m.depth desc limit 1
  `.execute(tx)
  await sql`
    insert into conversation_settings (conversation_id, workspace_id, system_prompt, temperature, max_tokens, top_p, thinking, web_search)
    select ${to.conversationId}, ${to.workspaceId}, system_prompt, temperature, max_tokens, top_p, thinking, web_search from conversation_settings where conversation_id = ${conversationId}
  `.execute(tx)
  await sql`
    update conversation set head_id = ${ids.at(-1)!}, next_serial = ${ids.length + 1}, connection_id = ${to.connectionId},
      forked_from_conversation_id = ${conversationId}, forked_from_message_id = ${leaf.id},
      last_message_preview = message_preview(${leaf.id}),
      shows_usage = (select origin.shows_usage from conversation origin where origin.id = ${conversationId})
    where id = ${to.conversationId}
  `.execute(tx)
}

export async function listMessagesWithFiles(tx: Tx, conversationId: string): Promise<{ id: string; parts: StoredPart[] }[]> {
  const { rows } = await sql<{ id: string; parts: StoredPart[] }>`
    select id, parts from message where conversation_id = ${conversationId} and parts @> '[{"type": "file"}]' order by serial
  `.execute(tx)
  return rows
}

export async function setParts(tx: Tx, messages: readonly { id: string; parts: unknown[] }[]): Promise<void> {
  await sql`
    update message set parts = changed.parts from jsonb_to_recordset(${storableJson(messages)}::jsonb) as changed (id uuid, parts jsonb)
    where message.id = changed.id
  `.execute(tx)
}
