import { sql } from 'kysely'
import type { UserEvent } from '../../../contract/events.ts'
import type { Db, Tx } from '../../platform/db/index.ts'

/** Locks them in the order of their ids. Answers those that are there. */
export async function lockAll(tx: Tx, where: { ownerId: string; workspaceId: string }, ids: readonly string[]): Promise<string[]> {
  const rows = await tx
    .selectFrom('conversation')
    .select('id')
    .where('owner_id', '=', where.ownerId)
    .where('workspace_id', '=', where.workspaceId)
    .where('deleted_at', 'is', null)
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute()
  return rows.map(({ id }) => id)
}

export interface ManyChanges {
  isPinned?: boolean | undefined
  isArchived?: boolean | undefined
  addTags?: readonly string[] | undefined
  removeTags?: readonly string[] | undefined
}

/** Nobody has more tags than this on one conversation; what is beyond is left out. */
const mostTags = 20

export async function updateAll(
  tx: Tx,
  ids: readonly string[],
  { isPinned, isArchived, addTags = [], removeTags = [] }: ManyChanges,
): Promise<void> {
  await sql`
    update conversation set
      pinned_at = case when ${isPinned ?? null}::boolean is null then pinned_at when ${isPinned ?? null}::boolean then coalesce(pinned_at, now()) end,
      archived_at = case when ${isArchived ?? null}::boolean is null then archived_at when ${isArchived ?? null}::boolean then coalesce(archived_at, now()) end,
      tags = case when ${addTags.length + removeTags.length}::int = 0 then tags else array(
        select distinct tag from unnest(tags || ${addTags}::text[]) tag where tag <> all (${removeTags}::text[]) order by tag limit ${mostTags}
      ) end
    where id = any (${ids}::uuid[])
  `.execute(tx)
}

/** Tells the owner's devices, as the last statement. */
export async function tellChanged(tx: Tx, ownerId: string, ids: readonly string[]): Promise<void> {
  await sql`
    select append_user_events(coalesce(jsonb_agg(jsonb_build_array(${ownerId}::uuid, jsonb_build_object('type', 'conversation-changed', 'conversation', conversation_json(c)))), '[]'))
    from conversation c where c.id = any (${ids}::uuid[])
  `.execute(tx)
}

export async function tellDeleted(tx: Tx, deleted: readonly { id: string; ownerId: string }[]): Promise<void> {
  const events = deleted.map(({ id, ownerId }) => [ownerId, { type: 'conversation-deleted', conversationId: id } as UserEvent])
  await sql`select append_user_events(${JSON.stringify(events)}::jsonb)`.execute(tx)
}

interface Owned {
  id: string
  ownerId: string
}

/** With their children, and those of these. Answers all that went. */
export async function markDeleted(tx: Tx, ids: readonly string[]): Promise<Owned[]> {
  const { rows } = await sql<Owned>`
    with recursive family as (
      select id from conversation where id = any (${ids}::uuid[])
      union
      select c.id from family f join conversation c on c.spawned_by_conversation_id = f.id where c.deleted_at is null
    )
    update conversation set deleted_at = now() where id in (select id from family) returning id, owner_id as "ownerId"
  `.execute(tx)
  return rows
}

/** With the children that went with it. Answers all that are back. */
export async function unmarkDeleted(tx: Tx, id: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive family as (
      select id, deleted_at from conversation where id = ${id}
      union
      select c.id, c.deleted_at from family f join conversation c on c.spawned_by_conversation_id = f.id where c.deleted_at = f.deleted_at
    )
    update conversation set deleted_at = null where id in (select id from family) returning id
  `.execute(tx)
  return rows.map((row) => row.id)
}

export interface TrashRow {
  id: string
  title: string
  deleted_at: Date
  purged_at: Date
}

/** How long the trash is kept where a workspace does not say. */
const daysKept = 30
export const keptFor = (table: 'conversation' | 'message') =>
  sql`make_interval(days => coalesce((select s.purge_after_days from workspace_settings s where s.workspace_id = ${sql.ref(`${table}.workspace_id`)}), ${daysKept}::int))`

export async function listTrash(
  db: Db,
  where: { ownerId: string; workspaceId: string },
  before: { updatedAt: Date; id: string } | null,
  limit: number,
): Promise<TrashRow[]> {
  const { rows } = await sql<TrashRow>`
    select id, title, deleted_at, deleted_at + ${keptFor('conversation')} as purged_at from conversation
    where owner_id = ${where.ownerId} and workspace_id = ${where.workspaceId} and deleted_at is not null and expires_at is null
      and not exists (select from conversation p where p.id = conversation.spawned_by_conversation_id and p.deleted_at = conversation.deleted_at)
      and deleted_at > '-infinity' and (deleted_at, id) < (coalesce(${before?.updatedAt ?? null}::timestamptz, 'infinity'), coalesce(${before?.id ?? null}::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff'))
    order by deleted_at desc, id desc limit ${limit}
  `.execute(db)
  return rows
}

/** Hides everything in somebody's trash at once; it goes with the next purge. */
export async function expireTrash(db: Db, where: { ownerId: string; workspaceId: string }): Promise<void> {
  await sql`
    update conversation set deleted_at = '-infinity' where owner_id = ${where.ownerId} and workspace_id = ${where.workspaceId} and deleted_at is not null
  `.execute(db)
}

export async function listTags(db: Db, where: { ownerId: string; workspaceId: string }): Promise<{ tag: string; count: number }[]> {
  const { rows } = await sql<{ tag: string; count: number }>`
    select tag, count(*)::int as count from conversation cross join lateral unnest(tags) tag
    where owner_id = ${where.ownerId} and workspace_id = ${where.workspaceId} and deleted_at is null and expires_at is null group by tag order by lower(tag), tag
  `.execute(db)
  return rows
}

/** Conversations that nobody touched for as long as their workspace keeps them; not those that are pinned, or that a contact or visitor is in. */
export async function lockUntouched(tx: Tx, limit: number): Promise<{ id: string; ownerId: string }[]> {
  const { rows } = await sql<{ id: string; ownerId: string }>`
    select c.id, c.owner_id as "ownerId" from workspace_settings s join conversation c on c.workspace_id = s.workspace_id
    where s.trash_after_days is not null and c.updated_at < now() - make_interval(days => s.trash_after_days)
      and c.deleted_at is null and c.expires_at is null and c.pinned_at is null and c.spawned_by_message_id is null and c.source in ('web', 'api')
      and not exists (select from turn t where t.conversation_id = c.id and t.state in ('queued', 'running', 'waiting'))
    order by c.id limit ${limit} for update of c skip locked
  `.execute(tx)
  return rows
}
