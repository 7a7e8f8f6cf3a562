import { sql } from 'kysely'
import type { ImportSource } from '../../../contract/imports.ts'
import { storableJson, type Tx } from '../../platform/db/index.ts'

interface Owner {
  workspace_id: string
  owner_id: string
}

/** Until the end of the transaction no other import of this person writes. Nothing else waits for it: a key of the row may still be shared. */
export async function lockOwner(tx: Tx, { owner_id: ownerId }: Owner): Promise<void> {
  await sql`select from principal where id = ${ownerId} for no key update`.execute(tx)
}

export interface KnownRow {
  source: ImportSource
  external_id: string
  conversation_id: string
  state: 'kept' | 'in_trash' | 'gone'
  next_serial: number
}

/** Which of these are here already, locked. `gone`: on its way out for good. */
export async function lockKnown(
  tx: Tx,
  owner: Owner,
  wanted: readonly { source: ImportSource; externalId: string }[],
): Promise<KnownRow[]> {
  const { rows } = await sql<KnownRow>`
    select i.source, i.external_id, c.id as conversation_id, c.next_serial,
      case when c.deleted_at is null then 'kept' when c.deleted_at = '-infinity' then 'gone' else 'in_trash' end as state
    from unnest(${wanted.map(({ source }) => source)}::text[], ${wanted.map(({ externalId }) => externalId)}::text[]) as w (source, external_id)
    -- One after the other by the index: of a table that has just grown the planner knows nothing.
    cross join lateral (
      select * from imported_conversation k
      where k.workspace_id = ${owner.workspace_id} and k.owner_id = ${owner.owner_id} and k.source = w.source and k.external_id = w.external_id limit 1
    ) i
    join conversation c on c.id = i.conversation_id
    order by c.id for update of c
  `.execute(tx)
  return rows
}

/** Of the files of this very server: whose original is here. */
export async function findOriginals(tx: Tx, owner: Owner, ids: readonly string[]): Promise<{ id: string; is_deleted: boolean }[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{ id: string; is_deleted: boolean }>`
    select id, deleted_at is not null as is_deleted from conversation
    where id = any (${ids}::uuid[]) and workspace_id = ${owner.workspace_id} and owner_id = ${owner.owner_id} and deleted_at is distinct from '-infinity'
  `.execute(tx)
  return rows
}

export interface PlaceRow {
  conversation_id: string
  id: string
  external_id: string | null
  branch_id: string
  depth: number
  is_deleted: boolean
}

/** Every place in these conversations. */
export async function listPlaces(tx: Tx, conversationIds: readonly string[]): Promise<PlaceRow[]> {
  if (conversationIds.length === 0) return []
  const { rows } = await sql<PlaceRow>`
    select conversation_id, id, external_id, branch_id, depth, deleted_at is not null as is_deleted from message where conversation_id = any (${conversationIds}::uuid[])
  `.execute(tx)
  return rows
}

export async function noteImported(
  tx: Tx,
  owner: Owner,
  made: readonly { conversationId: string; source: ImportSource; externalId: string }[],
): Promise<void> {
  if (made.length === 0) return
  await sql`
    insert into imported_conversation (conversation_id, workspace_id, owner_id, source, external_id)
    select "conversationId", ${owner.workspace_id}, ${owner.owner_id}, source, "externalId"
    from jsonb_to_recordset(${storableJson(made)}::jsonb) as r ("conversationId" uuid, source text, "externalId" text)
  `.execute(tx)
}

/** So that they can be imported again. */
export async function forgetImported(tx: Tx, conversationIds: readonly string[]): Promise<void> {
  if (conversationIds.length === 0) return
  await sql`delete from imported_conversation where conversation_id = any (${conversationIds}::uuid[])`.execute(tx)
}

/** The oldest change of a conversation that an import wrote to. */
export async function earliestTouched(tx: Tx, importId: string): Promise<Date | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(c.updated_at) as at from conversation_import_item i join conversation c on c.id = i.conversation_id
    where i.import_id = ${importId} and i.outcome in ('imported', 'extended')
  `.execute(tx)
  return rows[0]?.at ?? null
}
