import { type SelectQueryBuilder, sql } from 'kysely'
import type { ErrorNotice } from '../../../contract/errors.ts'
import type { TurnState } from '../../../contract/messages.ts'
import type { KeyOrigin, Provider } from '../../../contract/models.ts'
import { type Db, storableJson, type Tables, type Tx } from '../../platform/db/index.ts'
import { keptFor } from './organise-store.ts'
import type { StoredPart } from './stored-part.ts'
import type { Source } from './tables.ts'

export interface Viewer {
  principalId: string
  workspaceIds: string[]
}

export interface ConversationRow {
  id: string
  workspace_id: string
  owner_id: string
  title: string
  source: Source
  head_id: string | null
  model_id: string | null
  connection_id: string | null
  agent_id: string | null
  last_message_preview: string | null
  pinned_at: Date | null
  archived_at: Date | null
  tags: string[]
  shows_usage: boolean
  usage_alert_nano_usd: bigint | null
  usage_alerted_at: Date | null
  forked_from_conversation_id: string | null
  forked_from_message_id: string | null
  spawned_by_conversation_id: string | null
  spawned_by_message_id: string | null
  expires_at: Date | null
  created_at: Date
  updated_at: Date
  is_answering: boolean
}

const columns = [
  'conversation.id',
  'conversation.workspace_id',
  'conversation.owner_id',
  'conversation.title',
  'conversation.source',
  'conversation.head_id',
  'conversation.model_id',
  'conversation.connection_id',
  'conversation.agent_id',
  'conversation.last_message_preview',
  'conversation.pinned_at',
  'conversation.archived_at',
  'conversation.tags',
  'conversation.shows_usage',
  'conversation.usage_alert_nano_usd',
  'conversation.usage_alerted_at',
  'conversation.forked_from_conversation_id',
  'conversation.forked_from_message_id',
  'conversation.spawned_by_conversation_id',
  'conversation.spawned_by_message_id',
  'conversation.expires_at',
  'conversation.created_at',
  'conversation.updated_at',
] as const

const isAnswering =
  sql<boolean>`exists (select from turn t where t.conversation_id = conversation.id and t.state in ('queued', 'running', 'waiting'))`.as(
    'is_answering',
  )

/** What the viewer may see: own conversations, and those shared with a workspace of theirs. */
function visible<Selected>(query: SelectQueryBuilder<Tables, 'conversation', Selected>, viewer: Viewer) {
  return query.where((where) =>
    where.or([
      where('conversation.owner_id', '=', viewer.principalId),
      ...(viewer.workspaceIds.length > 0
        ? [where.and([where('conversation.visibility', '=', 'workspace'), where('conversation.workspace_id', 'in', viewer.workspaceIds)])]
        : []),
    ]),
  )
}

export async function find(db: Db | Tx, viewer: Viewer, id: string): Promise<ConversationRow | undefined> {
  const query = db
    .selectFrom('conversation')
    .select(columns)
    .select(isAnswering)
    .where('conversation.id', '=', id)
    .where('conversation.deleted_at', 'is', null)
  return visible(query, viewer).executeTakeFirst()
}

export async function findAll(db: Db | Tx, viewer: Viewer, ids: readonly string[]): Promise<ConversationRow[]> {
  if (ids.length === 0) return []
  const query = db
    .selectFrom('conversation')
    .select(columns)
    .select(isAnswering)
    .where('conversation.id', 'in', ids)
    .where('conversation.deleted_at', 'is', null)
  return visible(query, viewer).execute()
}

/** Only the owner changes a conversation. */
export async function lockOwned(tx: Tx, viewer: Viewer, id: string, deletion: 'kept' | 'deleted'): Promise<ConversationRow | undefined> {
  return tx
    .selectFrom('conversation')
    .select(columns)
    .select(isAnswering)
    .where('conversation.id', '=', id)
    .where('conversation.owner_id', '=', viewer.principalId)
    .where(sql<boolean>`${deletion === 'kept' ? sql`conversation.deleted_at is null` : sql`conversation.deleted_at > '-infinity'`}`)
    .forUpdate('conversation')
    .executeTakeFirst()
}

/** One whose owner wants to be told what it costs and was not yet. */
export async function lockWatched(
  tx: Tx,
  id: string,
): Promise<Pick<ConversationRow, 'id' | 'owner_id' | 'usage_alert_nano_usd' | 'usage_alerted_at'> | undefined> {
  return tx
    .selectFrom('conversation')
    .select(['id', 'owner_id', 'usage_alert_nano_usd', 'usage_alerted_at'])
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .where('usage_alert_nano_usd', 'is not', null)
    .where('usage_alerted_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
}

export async function list(
  db: Db,
  viewer: Viewer,
  page: {
    workspaceId: string
    isArchived: boolean
    tag: string | null
    before: { isPinned: boolean; updatedAt: Date; id: string } | null
    limit: number
    search: string | null
  },
): Promise<ConversationRow[]> {
  let query = db
    .selectFrom('conversation')
    .select(columns)
    .select(isAnswering)
    .where('conversation.workspace_id', '=', page.workspaceId)
    .where('conversation.deleted_at', 'is', null)
    .where('conversation.owner_id', '=', viewer.principalId)
    .where('conversation.expires_at', 'is', null)
    .where('conversation.spawned_by_message_id', 'is', null)
    .where('conversation.archived_at', page.isArchived ? 'is not' : 'is', null)
  const { before, search, tag } = page
  if (before) {
    const place = sql`(${before.isPinned}::boolean, ${before.updatedAt}::timestamptz, ${before.id}::uuid)`
    query = query.where(sql<boolean>`((conversation.pinned_at is not null), conversation.updated_at, conversation.id) < ${place}`)
  }
  if (tag) query = query.where(sql<boolean>`conversation.tags @> array[${tag}::text]`)
  if (search) query = query.where('conversation.title', 'ilike', `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`)
  return query
    .orderBy(sql`conversation.pinned_at is not null`, 'desc')
    .orderBy('conversation.updated_at', 'desc')
    .orderBy('conversation.id', 'desc')
    .limit(page.limit)
    .execute()
}

export async function insert(
  db: Db | Tx,
  row: {
    id: string
    workspaceId: string
    ownerId: string
    source: Source
    title: string
    modelId: string | null
    agentId?: string | null
    expiresAt?: Date | null
    spawnedBy?: { conversationId: string; messageId: string } | undefined
  },
): Promise<void> {
  await db
    .insertInto('conversation')
    .values({
      id: row.id,
      workspace_id: row.workspaceId,
      owner_id: row.ownerId,
      source: row.source,
      title: row.title,
      ...(row.title !== '' && { title_state: 'own' as const }),
      model_id: row.modelId,
      agent_id: row.agentId ?? null,
      head_id: null,
      connection_id: null,
      last_message_preview: null,
      expires_at: row.expiresAt ?? null,
      spawned_by_conversation_id: row.spawnedBy?.conversationId ?? null,
      spawned_by_message_id: row.spawnedBy?.messageId ?? null,
      deleted_at: null,
    })
    .execute()
}

const rowsAtOnce = 500

/** The messages of a conversation that has none, one after the other on one branch. */
export async function insertFirstPath(
  tx: Tx,
  conversation: { id: string; workspaceId: string; branchId: string },
  messages: readonly { id: string; authorId: string; role: 'user' | 'assistant' | 'system'; parts: StoredPart[] }[],
): Promise<void> {
  const last = messages.at(-1)
  if (!last) return
  const { id, workspaceId, branchId } = conversation
  await tx
    .insertInto('branch')
    .values({ id: branchId, workspace_id: workspaceId, conversation_id: id, parent_branch_id: null, fork_depth: 0 })
    .execute()
  // A statement has room for so many values only.
  for (let from = 0; from < messages.length; from += rowsAtOnce) {
    const rows = messages.slice(from, from + rowsAtOnce).map((message, index) => ({
      id: message.id,
      workspace_id: workspaceId,
      conversation_id: id,
      parent_id: messages[from + index - 1]?.id ?? null,
      branch_id: branchId,
      depth: from + index,
      serial: from + index + 1,
      author_id: message.authorId,
      role: message.role,
      parts: storableJson(message.parts),
      turn_id: null,
    }))
    await tx.insertInto('message').values(rows).execute()
  }
  await tx
    .updateTable('conversation')
    .set({ head_id: last.id, next_serial: messages.length + 1 })
    .where('id', '=', id)
    .execute()
}

/** Up to `limit` messages of conversations whose time in the trash is over, answers before their questions. Answers how many went. */
export async function removeDeletedMessages(db: Db, limit: number): Promise<number> {
  const { rows } = await sql`
    delete from message where id in (
      select message.id from conversation join message on message.conversation_id = conversation.id
      where conversation.deleted_at < now() - ${keptFor('conversation')}
      order by message.conversation_id, message.serial desc limit ${limit}
    ) returning id
  `.execute(db)
  return rows.length
}

/** Up to `limit` messages of branches whose time in the trash is over, last ones first. Answers how many went. */
export async function removeDeletedBranches(db: Db, limit: number): Promise<number> {
  const { rows } = await sql`
    delete from message where id in (
      select id from message where deleted_at < now() - ${keptFor('message')} order by conversation_id, serial desc limit ${limit}
    ) returning id
  `.execute(db)
  return rows.length
}

/** Up to `limit` conversations whose time in the trash is over. Answers how many went for good. */
export async function removeDeleted(db: Db, limit: number): Promise<number> {
  const { rows } = await sql`
    delete from conversation where id in (
      select id from conversation where deleted_at < now() - ${keptFor('conversation')} order by id limit ${limit} for update skip locked
    ) returning id
  `.execute(db)
  return rows.length
}

/** For good, with its messages. */
export async function remove(db: Db | Tx, id: string): Promise<void> {
  await db.deleteFrom('conversation').where('id', '=', id).execute()
}

export async function update(
  tx: Tx,
  id: string,
  change: {
    title?: string
    title_state?: 'made' | 'own'
    model_id?: string | null
    connection_id?: string | null
    agent_id?: string | null
    head_id?: string
    last_message_preview?: string
    pinned_at?: Date | null
    archived_at?: Date | null
    tags?: string[]
    expires_at?: null
    shows_usage?: boolean
    usage_alert_nano_usd?: bigint | null
    usage_alerted_at?: Date | null
  },
): Promise<void> {
  if (Object.keys(change).length === 0) return
  await tx.updateTable('conversation').set(change).where('id', '=', id).execute()
}

/** Tells the owner's devices, inside the transaction that changes the conversation. */
export async function appendEvent(tx: Tx, ownerId: string, event: object): Promise<void> {
  await sql`select append_user_events(${storableJson([[ownerId, event]])}::jsonb)`.execute(tx)
}

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
