import { sql } from 'kysely'
import type { ErrorNotice } from '../../../contract/errors.ts'
import type { TurnState } from '../../../contract/messages.ts'
import type { KeyOrigin, Provider } from '../../../contract/models.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { StoredPart } from './stored-part.ts'

export interface MessageRow {
  id: string
  conversation_id: string
  parent_id: string | null
  branch_id: string
  depth: number
  serial: number
  author_id: string
  author_name: string | null
  role: 'user' | 'assistant' | 'system'
  parts: StoredPart[]
  turn_id: string | null
  model_name: string | null
  summary: string | null
  /** As it was when the parts were read: what is read of the turn afterwards may be newer. */
  turn_state: TurnState | null
  created_at: Date
}

export async function findMessage(
  db: Db | Tx,
  conversationId: string,
  id: string,
): Promise<{ id: string; parent_id: string | null; branch_id: string; depth: number; role: MessageRow['role'] } | undefined> {
  return db
    .selectFrom('message')
    .select(['id', 'parent_id', 'branch_id', 'depth', 'role'])
    .where('conversation_id', '=', conversationId)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
}

export async function findHead(db: Db | Tx, conversationId: string): Promise<{ branch_id: string; depth: number } | undefined> {
  return db
    .selectFrom('conversation')
    .innerJoin('message', 'message.id', 'conversation.head_id')
    .select(['message.branch_id', 'message.depth'])
    .where('conversation.id', '=', conversationId)
    .executeTakeFirst()
}

/** The parts of a message in a conversation of the owner's. */
export async function findParts(
  db: Db,
  where: { ownerId: string; conversationId: string; messageId: string },
): Promise<StoredPart[] | undefined> {
  const row = await db
    .selectFrom('message')
    .innerJoin('conversation', 'conversation.id', 'message.conversation_id')
    .select('message.parts')
    .where('conversation.owner_id', '=', where.ownerId)
    .where('conversation.id', '=', where.conversationId)
    .where('conversation.deleted_at', 'is', null)
    .where('message.id', '=', where.messageId)
    .executeTakeFirst()
  return row?.parts
}

/** The last message of the newest path through this one: down its branch, then into the branch that was opened last, and so on. */
export async function newestLeafThrough(db: Db | Tx, conversationId: string, id: string): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    with recursive below as (
      select id, 0 as level from message where id = ${id} and conversation_id = ${conversationId}
      union all
      select child.id, below.level + 1 from below cross join lateral (
        select m.id from message m where m.conversation_id = ${conversationId} and m.parent_id = below.id and m.deleted_at is null order by m.serial desc limit 1
      ) child
    ) select id from below order by level desc limit 1
  `.execute(db)
  return rows[0]!.id
}

const messageColumns = sql`m.id, m.conversation_id, m.parent_id, m.branch_id, m.depth, m.serial, m.author_id, coalesce(u.name, t.name) as author_name, m.role,
  m.parts, m.turn_id, m.model_name, n.state as turn_state, y.text as summary, m.created_at`
const messageJoins = sql`left join user_account u on u.id = m.author_id
  left join contact t on u.id is null and t.id = m.author_id
  left join turn n on n.id = m.turn_id
  left join summary y on y.message_id = m.id`

/**
 * Messages of the path that ends at `leaf`, between two depths, oldest first. The path is a short list of (branch, depth range), so this is an index range
 * scan whatever the length of the conversation.
 */
export async function listPath(
  db: Db | Tx,
  conversationId: string,
  leaf: { branch_id: string; depth: number },
  range: { from: number; to: number },
): Promise<MessageRow[]> {
  const { rows } = await sql<MessageRow>`
    with recursive chain as (
      select b.id, b.parent_branch_id, b.fork_depth, ${leaf.depth}::int as until from branch b where b.id = ${leaf.branch_id}
      union all
      select p.id, p.parent_branch_id, p.fork_depth, c.fork_depth - 1 from chain c join branch p on p.id = c.parent_branch_id
      where c.fork_depth > ${range.from}
    )
    select ${messageColumns}
    from chain c
    -- The limit leaves out nothing: it keeps the planner from reading the whole conversation, of which it expects a tenth to be in any range.
    cross join lateral (
      select * from message where conversation_id = ${conversationId} and branch_id = c.id
        and depth between greatest(c.fork_depth, ${range.from}::int) and least(c.until, ${range.to}::int)
      order by depth limit ${range.to - range.from + 1}
    ) m
    ${messageJoins}
    order by m.depth
  `.execute(db)
  return rows
}

/** Whether the path that ends at `leaf` runs through a message. */
export async function isOnPath(
  db: Db | Tx,
  leaf: { branch_id: string; depth: number },
  message: { branch_id: string; depth: number },
): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    with recursive chain as (
      select b.id, b.parent_branch_id, b.fork_depth, ${leaf.depth}::int as until from branch b where b.id = ${leaf.branch_id}
      union all
      select p.id, p.parent_branch_id, p.fork_depth, c.fork_depth - 1 from chain c join branch p on p.id = c.parent_branch_id
    )
    select exists (select from chain where id = ${message.branch_id} and ${message.depth}::int between fork_depth and until) as found
  `.execute(db)
  return rows[0]!.found
}

/** The newest messages that follow this one, or that begin the conversation, oldest first. */
export async function listChildren(db: Db, conversationId: string, parentId: string | null, limit: number): Promise<MessageRow[]> {
  const { rows } = await sql<MessageRow>`
    select ${messageColumns}
    from message m
    ${messageJoins}
    where m.conversation_id = ${conversationId} and m.deleted_at is null
      and ${parentId === null ? sql`m.parent_id is null` : sql`m.parent_id = ${parentId}`}
    order by m.serial desc limit ${limit}
  `.execute(db)
  return rows.toReversed()
}

/** The ids of all alternatives at each of these places, by parent (`root` for first messages), oldest first. */
export async function listSiblings(db: Db | Tx, conversationId: string, parentIds: (string | null)[]): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ parent_id: string | null; ids: string[] }>`
    select parent_id, array_agg(id order by serial) as ids from message
    where conversation_id = ${conversationId} and deleted_at is null
      and (parent_id = any (${parentIds.filter((id) => id !== null)}::uuid[]) ${parentIds.includes(null) ? sql`or parent_id is null` : sql``})
    group by parent_id
  `.execute(db)
  return new Map(rows.map((row) => [row.parent_id ?? 'root', row.ids]))
}

export interface AnswerRow {
  turn_id: string
  state: TurnState
  error: ErrorNotice | null
  started_at: Date | null
  finished_at: Date | null
  model_id: string
  model_name: string
  provider: Provider
  key_origin: KeyOrigin
  tasks: number
  ended_tasks: number
  priced_tasks: number
  input: number | null
  output: number | null
  reasoning: number | null
  cache_read: number | null
  cache_write: number | null
  cost: bigint | null
}

/** How these turns' answers came about. */
export async function listAnswers(db: Db | Tx, turnIds: string[]): Promise<AnswerRow[]> {
  if (turnIds.length === 0) return []
  const { rows } = await sql<AnswerRow>`
    select n.id as turn_id, n.state, n.error, n.started_at, n.finished_at, s.model_id, s.model_name, s.provider, s.key_origin, k.*
    from turn n join settings_snapshot s on s.id = n.settings_id
    cross join lateral (
      select count(*)::int as tasks, count(finished_at)::int as ended_tasks, count(cost_nano_usd)::int as priced_tasks,
        sum(input_tokens)::int as input, sum(output_tokens)::int as output, sum(reasoning_tokens)::int as reasoning,
        sum(cache_read_tokens)::int as cache_read, sum(cache_write_tokens)::int as cache_write, sum(cost_nano_usd)::bigint as cost
      from task where task.turn_id = n.id
    ) k
    where n.id = any (${turnIds}::uuid[])
  `.execute(db)
  return rows
}
