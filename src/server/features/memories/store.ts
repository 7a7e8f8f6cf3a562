import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import './tables.ts'

export interface MemoryRow {
  id: string
  workspace_id: string
  agent_id: string | null
  text: string
  created_at: Date
  updated_at: Date
  source_id: string | null
  source_title: string | null
}

/** One person in one workspace. */
export interface Owner {
  ownerId: string
  workspaceId: string
}

/** A conversation in the trash is no source any more, nor is one that somebody else has now. */
const withSource = (db: Db | Tx) =>
  db
    .selectFrom('memory as m')
    .leftJoin('conversation as c', (join) =>
      join.onRef('c.id', '=', 'm.source_conversation_id').onRef('c.owner_id', '=', 'm.owner_id').on('c.deleted_at', 'is', null),
    )
    .select([
      'm.id',
      'm.workspace_id',
      'm.agent_id',
      'm.text',
      'm.created_at',
      'm.updated_at',
      'c.id as source_id',
      'c.title as source_title',
    ])

export function list(db: Db | Tx, { ownerId, workspaceId }: Owner, limit: number): Promise<MemoryRow[]> {
  return withSource(db)
    .where('m.owner_id', '=', ownerId)
    .where('m.workspace_id', '=', workspaceId)
    .orderBy('m.updated_at', 'desc')
    .orderBy('m.id', 'desc')
    .limit(limit)
    .execute()
}

export function find(db: Db | Tx, ownerId: string, id: string): Promise<MemoryRow | undefined> {
  return withSource(db).where('m.id', '=', id).where('m.owner_id', '=', ownerId).executeTakeFirst()
}

/** Those that a conversation with this agent is told: general ones and its own. */
export async function listFor(
  db: Db,
  { ownerId, workspaceId }: Owner,
  agentId: string | null,
  limit: number,
): Promise<{ id: string; text: string }[]> {
  return db
    .selectFrom('memory')
    .select(['id', 'text'])
    .where('owner_id', '=', ownerId)
    .where('workspace_id', '=', workspaceId)
    .where((where) => where.or([where('agent_id', 'is', null), where('agent_id', '=', agentId)]))
    .orderBy('updated_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

/** Makes those who add at the same time wait for each other, so that nobody gets past the limit. */
export async function lockCount(tx: Tx, { ownerId, workspaceId }: Owner): Promise<number> {
  await sql`select 1 from principal where id = ${ownerId} for update`.execute(tx)
  const row = await tx
    .selectFrom('memory')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('owner_id', '=', ownerId)
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow()
  return row.count
}

export interface NewMemory extends Owner {
  agentId: string | null
  text: string
  conversationId: string | null
  turnId: string | null
}

/** The same text again is the same memory, with a newer date. */
export async function put(tx: Tx, memory: NewMemory): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    insert into memory (id, workspace_id, owner_id, agent_id, text, source_conversation_id, source_turn_id)
    values (${newId()}, ${memory.workspaceId}, ${memory.ownerId}, ${memory.agentId}, ${memory.text}, ${memory.conversationId}, ${memory.turnId})
    on conflict (owner_id, workspace_id, coalesce(agent_id, '00000000-0000-0000-0000-000000000000'::uuid), md5(text)) do update set updated_at = now()
    returning id`.execute(tx)
  return rows[0]!.id
}

export async function has(tx: Tx, { ownerId, workspaceId, agentId, text }: Omit<NewMemory, 'conversationId' | 'turnId'>): Promise<boolean> {
  const row = await tx
    .selectFrom('memory')
    .select('id')
    .where('owner_id', '=', ownerId)
    .where('workspace_id', '=', workspaceId)
    .where(sql<boolean>`agent_id is not distinct from ${agentId}::uuid`)
    .where('text', '=', text)
    .executeTakeFirst()
  return row !== undefined
}

/** Where another one says the same already, that one stays and this one goes. */
export async function setText(tx: Tx, ownerId: string, id: string, text: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    with twin as (
      select o.id from memory m join memory o on o.owner_id = m.owner_id and o.workspace_id = m.workspace_id and o.agent_id is not distinct from m.agent_id
      where m.id = ${id} and m.owner_id = ${ownerId} and o.id <> m.id and o.text = ${text}),
    gone as (delete from memory where id = ${id} and owner_id = ${ownerId} and exists (select from twin)),
    changed as (update memory set text = ${text}, updated_at = now() where id = ${id} and owner_id = ${ownerId} and not exists (select from twin) returning id)
    select id from changed union all select id from twin`.execute(tx)
  return rows[0]?.id
}

export async function remove(tx: Tx, ownerId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('memory').where('id', '=', id).where('owner_id', '=', ownerId).executeTakeFirst()
  return numDeletedRows > 0n
}

export async function removeAll(tx: Tx, { ownerId, workspaceId }: Owner): Promise<void> {
  await tx.deleteFrom('memory').where('owner_id', '=', ownerId).where('workspace_id', '=', workspaceId).execute()
}

export async function isOn(db: Db | Tx, { ownerId, workspaceId }: Owner): Promise<boolean> {
  const row = await db
    .selectFrom('memory_switch')
    .select('is_on')
    .where('owner_id', '=', ownerId)
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirst()
  return row?.is_on ?? true
}

export async function setOn(tx: Tx, { ownerId, workspaceId }: Owner, on: boolean): Promise<void> {
  await tx
    .insertInto('memory_switch')
    .values({ id: newId(), workspace_id: workspaceId, owner_id: ownerId, is_on: on })
    .onConflict((conflict) => conflict.columns(['owner_id', 'workspace_id']).doUpdateSet({ is_on: on, updated_at: sql`now()` }))
    .execute()
}

/** What a person's own tools may do here: nothing where others read along, where the person is a guest, or where nothing is to be kept. */
export async function findPersonal(
  db: Db,
  actorId: string,
  conversationId: string,
): Promise<{ workspaceId: string; isMemoryOn: boolean } | undefined> {
  const { rows } = await sql<{ workspace_id: string; is_on: boolean }>`
    select c.workspace_id, coalesce(s.is_on, true) as is_on
    from conversation c join principal p on p.id = c.owner_id left join memory_switch s on s.owner_id = c.owner_id and s.workspace_id = c.workspace_id
    where c.id = ${conversationId} and c.owner_id = ${actorId} and p.kind = 'user' and c.visibility = 'private' and c.expires_at is null
      and c.deleted_at is null`.execute(db)
  return rows[0] && { workspaceId: rows[0].workspace_id, isMemoryOn: rows[0].is_on }
}
