import { sql } from 'kysely'
import type { Feedback, Message } from '../../../contract/messages.ts'
import type { Db } from '../../platform/db/index.ts'
import type { StoredPart } from '../conversations/index.ts'

export interface TreeRow {
  id: string
  parent_id: string | null
  serial: number
  role: Message['role']
  parts: StoredPart[]
  model: { name: string; internalName: string | null; provider: string | null } | null
  feedback: Feedback | null
  created_at: Date
}

const pageBytes = 4_000_000

/**
 * The next messages of the tree in the order they came, with the model of each answer and what this person thinks of it: so many that they are a few megabytes. None: that was all.
 */
export async function listTree(
  db: Db,
  where: { conversationId: string; principalId: string; afterSerial: number; limit: number },
): Promise<TreeRow[]> {
  const { rows } = await sql<TreeRow>`
    with page as materialized (
      select m.*, sum(pg_column_size(m.parts)) over (order by m.serial) as size, row_number() over (order by m.serial) as n
      from (
        select * from message where conversation_id = ${where.conversationId} and serial > ${where.afterSerial} and deleted_at is null
        order by serial limit ${where.limit}
      ) m
    )
    select m.id, m.parent_id, m.serial, m.role, m.parts, m.created_at,
      case when s.id is not null then jsonb_build_object('name', s.model_name, 'internalName', o.internal_name, 'provider', s.provider)
        when m.model_name is not null then jsonb_build_object('name', m.model_name, 'internalName', null, 'provider', null) end as model,
      case when f.id is not null then jsonb_build_object('value', f.value, 'reason', f.reason) end as feedback
    from page m
    left join turn t on t.id = m.turn_id
    left join settings_snapshot s on s.id = t.settings_id
    left join model o on o.id = s.model_id
    left join message_feedback f on f.message_id = m.id and f.principal_id = ${where.principalId}
    where m.size <= ${pageBytes} or m.n = 1
    order by m.serial
  `.execute(db)
  return rows
}

/** The names of the models that made these turns. */
export async function listModelNames(db: Db, turnIds: readonly string[]): Promise<Map<string, string>> {
  if (turnIds.length === 0) return new Map()
  const { rows } = await sql<{ id: string; name: string }>`
    select t.id, s.model_name as name from turn t join settings_snapshot s on s.id = t.settings_id where t.id = any (${turnIds}::uuid[])
  `.execute(db)
  return new Map(rows.map(({ id, name }) => [id, name]))
}

export async function findSettings(db: Db, conversationId: string) {
  return db
    .selectFrom('conversation_settings')
    .select(['system_prompt', 'temperature', 'max_tokens', 'top_p', 'thinking', 'web_search'])
    .where('conversation_id', '=', conversationId)
    .executeTakeFirst()
}

const kept = sql<boolean>`deleted_at is null and expires_at is null and source in ('web', 'api')`

export async function countOwn(db: Db, where: { workspaceId: string; ownerId: string }): Promise<number> {
  const row = await db
    .selectFrom('conversation')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('workspace_id', '=', where.workspaceId)
    .where('owner_id', '=', where.ownerId)
    .where(kept)
    .executeTakeFirstOrThrow()
  return row.count
}

/** The ids of somebody's own conversations, after one of them. */
export async function listOwn(db: Db, where: { workspaceId: string; ownerId: string; after: string; limit: number }): Promise<string[]> {
  const rows = await db
    .selectFrom('conversation')
    .select('id')
    .where('workspace_id', '=', where.workspaceId)
    .where('owner_id', '=', where.ownerId)
    .where('id', '>', where.after)
    .where(kept)
    .orderBy('id')
    .limit(where.limit)
    .execute()
  return rows.map(({ id }) => id)
}
