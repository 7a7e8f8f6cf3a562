import { type SelectQueryBuilder, sql } from 'kysely'
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
  messages: readonly {
    id: string
    authorId: string
    role: 'user' | 'assistant' | 'system'
    parts: StoredPart[]
    readAs?: string | undefined
  }[],
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
      structured_prompt: message.readAs ?? null,
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
