import { sql } from 'kysely'
import type { Provider } from '../../../contract/models.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { StoredPart } from '../conversations/index.ts'

/** False: somebody has marked it already. */
export async function insertDue(db: Db, due: { conversationId: string; workspaceId: string; leafId: string }): Promise<void> {
  await sql`
    insert into summary_due (conversation_id, workspace_id, leaf_id) values (${due.conversationId}, ${due.workspaceId}, ${due.leafId})
    on conflict (conversation_id) do nothing
  `.execute(db)
}

export interface DueRow {
  conversation_id: string
  workspace_id: string
  leaf_id: string
  attempts: number
}

export async function claimDue(db: Db, limit: number, claimSeconds: number): Promise<DueRow[]> {
  const { rows } = await sql<DueRow>`
    with due as materialized (
      select conversation_id from summary_due where claimed_until is null or claimed_until < now() order by created_at limit ${limit} for update skip locked
    )
    update summary_due set attempts = attempts + 1, claimed_until = now() + make_interval(secs => ${claimSeconds})
    where conversation_id in (select conversation_id from due)
    returning conversation_id, workspace_id, leaf_id, attempts
  `.execute(db)
  return rows
}

export async function deleteDue(db: Db | Tx, conversationId: string): Promise<void> {
  await sql`delete from summary_due where conversation_id = ${conversationId}`.execute(db)
}

export interface LongRow {
  owner_id: string
  model_id: string
  provider: Provider
  max_context: number | null
}

/** Whose it is, and which model has written the answer after which it was noticed. */
export async function findLong(db: Db, { conversation_id: conversationId, leaf_id: leafId }: DueRow): Promise<LongRow | undefined> {
  const { rows } = await sql<LongRow>`
    select c.owner_id, s.model_id, s.provider, (s.settings ->> 'maxContext')::int as max_context
    from conversation c join message m on m.id = ${leafId} and m.conversation_id = c.id join turn t on t.id = m.turn_id join settings_snapshot s on s.id = t.settings_id
    where c.id = ${conversationId} and c.deleted_at is null
  `.execute(db)
  return rows[0]
}

export interface PathRow {
  id: string
  role: 'user' | 'assistant' | 'system'
  parts: StoredPart[]
  summary: string | null
}

/** The path up to a message from its newest summary on, the summarised message first. */
export async function readSinceSummary(db: Db, conversationId: string, leafId: string): Promise<PathRow[]> {
  const { rows } = await sql<PathRow>`
    with recursive leaf as (
      select branch_id, depth from message where id = ${leafId} and conversation_id = ${conversationId}
    ), chain as (
      select b.id, b.parent_branch_id, b.fork_depth, leaf.depth as until from leaf join branch b on b.id = leaf.branch_id
      union all
      select p.id, p.parent_branch_id, p.fork_depth, c.fork_depth - 1 from chain c join branch p on p.id = c.parent_branch_id
    ), newest as (
      select coalesce(max(m.depth), 0) as depth from summary y join message m on m.id = y.message_id
      join chain c on c.id = m.branch_id and m.depth between c.fork_depth and c.until where y.conversation_id = ${conversationId}
    )
    select m.id, m.role, case when m.structured_prompt is null then m.parts
      else jsonb_build_array(jsonb_build_object('type', 'text', 'step', 0, 'text', m.structured_prompt)) end as parts, y.text as summary from chain c cross join newest
    join message m on m.conversation_id = ${conversationId} and m.branch_id = c.id and m.depth between greatest(c.fork_depth, newest.depth) and c.until
    left join summary y on y.message_id = m.id
    order by m.depth
  `.execute(db)
  return rows
}

/** One for each message, however many write it. */
export async function insertSummary(
  tx: Tx,
  summary: { id: string; workspaceId: string; conversationId: string; messageId: string; text: string; modelId: string },
): Promise<void> {
  await sql`
    insert into summary (id, workspace_id, conversation_id, message_id, text, model_id)
    values (${summary.id}, ${summary.workspaceId}, ${summary.conversationId}, ${summary.messageId}, ${summary.text}, ${summary.modelId})
    on conflict (message_id) do nothing
  `.execute(tx)
}
