import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { Queries } from './query.ts'

/** Characters of a row of `message_text`; the next one begins this many before its end, so that a word on the border is whole in one of them. */
const pieceLength = 30_000
const overlap = 200
/** What a message says beyond so many pieces is not searched. */
const mostPieces = 64

export interface DueMessage {
  id: string
  conversation_id: string
  conversation_updated_at: Date
  workspace_id: string
  owner_id: string
  model_id: string | null
  agent_id: string | null
  created_at: Date
  size: number
}

export interface Due {
  messages: DueMessage[]
  /** The progress as it was when they were looked for. */
  checkedUntil: Date | null
  at: Date
}

/**
 * Messages that are settled and cannot be found yet, those of conversations that changed longest ago first. A minute is looked at twice: what a transaction
 * wrote is dated by its beginning.
 */
export async function findDue(db: Db, limit: number): Promise<Due> {
  const { rows: progress } = await sql<{ checked_until: Date | null; at: Date }>`
    select nullif(checked_until, '-infinity') as checked_until, now() as at from search_progress
  `.execute(db)
  const { checked_until: checkedUntil, at } = progress[0]!
  const { rows: messages } = await sql<DueMessage>`
    select m.id, m.conversation_id, c.updated_at as conversation_updated_at, c.workspace_id, c.owner_id, m.created_at, pg_column_size(m.parts) as size,
      s.model_id, s.settings ->> 'agentId' as agent_id
    from conversation c
    left join indexed_conversation i on i.conversation_id = c.id
    cross join lateral (
      select m.* from message m
      where m.conversation_id = c.id and m.serial > coalesce(i.serial, 0)
        and not exists (select from turn t where t.id = m.turn_id and t.state in ('queued', 'running', 'waiting'))
        and not exists (select from message_text x where x.message_id = m.id)
      order by m.serial limit ${limit}
    ) m
    left join turn t on t.id = coalesce(m.turn_id, (
      select a.turn_id from message a where a.parent_id = m.id and a.turn_id is not null order by a.serial limit 1))
    left join settings_snapshot s on s.id = t.settings_id
    where c.updated_at > coalesce(${checkedUntil}::timestamptz - interval '1 minute', '-infinity') and c.deleted_at is null and c.expires_at is null and c.next_serial - 1 > coalesce(i.serial, 0)
    order by c.updated_at, m.serial limit ${limit}
  `.execute(db)
  return { messages, checkedUntil, at }
}

export async function readPieces(db: Db, ids: readonly string[]): Promise<{ id: string; piece: number; text: string }[]> {
  const { rows } = await sql<{ id: string; piece: number; text: string }>`
    select m.id, n.piece, substr(m.text, n.piece * ${pieceLength}::int + 1, ${pieceLength + overlap}::int) as text
    from (select id, coalesce(message_plain_text(parts), '') as text from message where id = any (${ids}::uuid[])) m
    cross join lateral generate_series(0, least(greatest(length(m.text) - 1, 0) / ${pieceLength}::int, ${mostPieces - 1}::int)) as n (piece)
  `.execute(db)
  return rows
}

export interface WordRow {
  messageId: string
  piece: number
  workspaceId: string
  conversationId: string
  ownerId: string
  modelId: string | null
  agentId: string | null
  language: string | null
  dictionary: string | null
  createdAt: Date
  words: string
  marks: string[]
}

/** What is there already stays: another process was faster. A message that went meanwhile is left out. */
export async function insertWords(db: Db, rows: readonly WordRow[]): Promise<void> {
  await sql`
    insert into message_text (message_id, piece, workspace_id, conversation_id, owner_id, model_id, agent_id, language, created_at, words)
    select (r ->> 'messageId')::uuid, (r ->> 'piece')::int, (r ->> 'workspaceId')::uuid, (r ->> 'conversationId')::uuid, (r ->> 'ownerId')::uuid, (r ->> 'modelId')::uuid, (r ->> 'agentId')::uuid,
      r ->> 'language', (r ->> 'createdAt')::timestamptz,
      v.words || array_to_tsvector(array(select jsonb_array_elements_text(r -> 'marks')))
        || array_to_tsvector(case when r ->> 'dictionary' is null then '{}' else other_stems(tsvector_to_array(v.words), (r ->> 'dictionary')::regdictionary) end)
    from jsonb_array_elements(${JSON.stringify(rows)}::jsonb) r
    cross join lateral (select (r ->> 'words')::tsvector as words offset 0) v
    where exists (select from message m where m.id = (r ->> 'messageId')::uuid)
    on conflict do nothing
  `.execute(db)
}

/** Notes how far these conversations are in the index without a gap. */
export async function noteIndexed(db: Db, conversationIds: readonly string[]): Promise<void> {
  await sql`
    insert into indexed_conversation as i (conversation_id, workspace_id, serial)
    select c.id, c.workspace_id, coalesce((
      select min(m.serial) from message m where m.conversation_id = c.id and m.serial > coalesce(known.serial, 0)
        and not exists (select from message_text x where x.message_id = m.id)
    ), c.next_serial) - 1
    from conversation c left join indexed_conversation known on known.conversation_id = c.id
    where c.id = any (${conversationIds}::uuid[]) and c.deleted_at is null
    on conflict (conversation_id) do update set serial = excluded.serial
  `.execute(db)
}

/** Unless somebody set it back meanwhile. */
export async function moveProgress(db: Db, from: Date | null, to: Date): Promise<void> {
  await sql`update search_progress set checked_until = ${to} where checked_until = coalesce(${from}::timestamptz, '-infinity')`.execute(db)
}

/** Everything is looked at again; what is in the index already costs next to nothing. */
export async function resetProgress(db: Db): Promise<void> {
  await sql`update search_progress set checked_until = '-infinity'`.execute(db)
}

/** Takes conversations out of the index. */
export async function removeWords(tx: Tx, conversationIds: readonly string[]): Promise<void> {
  await sql`delete from message_text where conversation_id = any (${conversationIds}::uuid[])`.execute(tx)
  await sql`delete from indexed_conversation where conversation_id = any (${conversationIds}::uuid[])`.execute(tx)
}

/** Has conversations looked at again that changed long ago. */
export async function lookAgain(tx: Tx, conversationIds: readonly string[]): Promise<void> {
  await sql`
    update search_progress set checked_until = least(checked_until, (select min(updated_at) from conversation where id = any (${conversationIds}::uuid[])))
  `.execute(tx)
}

/** Has everything looked at again that changed since then. */
export async function lookSince(tx: Tx, since: Date): Promise<void> {
  await sql`update search_progress set checked_until = least(checked_until, ${since}::timestamptz)`.execute(tx)
}

/** The stems of words, in the languages of somebody's messages. */
export async function findStems(
  db: Db,
  where: { ownerId: string; workspaceId: string },
  words: readonly string[],
  stemmers: Readonly<Record<string, string>>,
): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ word: string; stems: string[] }>`
    select word, array_agg(distinct stem) as stems
    from languages_of(${where.ownerId}, ${where.workspaceId}) language
    join jsonb_each_text(${JSON.stringify(stemmers)}::jsonb) s on s.key = language
    cross join unnest(${words}::text[]) word
    cross join lateral unnest(ts_lexize(s.value::regdictionary, word)) stem
    where stem <> word and stem <> '' group by word
  `.execute(db)
  return new Map(rows.map(({ word, stems }) => [word, stems]))
}

export interface FoundRow {
  id: string
  conversation_id: string
  title: string
  role: 'user' | 'assistant' | 'system'
  model_name: string | null
  text: string
  created_at: Date
}

export interface Wanted {
  ownerId: string
  workspaceId: string
  queries: Queries
  since: Date | null
  until: Date | null
  modelId: string | null
  agentId: string | null
  limit: number
}

/** So many of the newest messages are read through for beginnings of words, and so many hits are ranked. */
const newest = 2_000
const most = 2_000

export async function findMessages(
  db: Db,
  { ownerId, workspaceId, queries, since, until, modelId, agentId, limit }: Wanted,
): Promise<FoundRow[]> {
  const { rows } = await sql<FoundRow>`
    select m.id, m.conversation_id, c.title, m.role, s.model_name, m.created_at,
      coalesce(substr(message_plain_text(m.parts), f.piece * ${pieceLength}::int + 1, ${pieceLength + overlap}::int), '') as text
    from find_messages(${ownerId}, ${workspaceId}, ${queries.everywhere}::tsquery, ${queries.lately}::tsquery, coalesce(${since}::timestamptz, '-infinity'),
      coalesce(${until}::timestamptz, 'infinity'), ${modelId}::uuid, ${agentId}::uuid, ${newest}::int, ${most}::int, ${limit}::int) f
    join message m on m.id = f.message_id
    join conversation c on c.id = m.conversation_id and c.owner_id = ${ownerId} and c.workspace_id = ${workspaceId}
    left join turn t on t.id = m.turn_id
    left join settings_snapshot s on s.id = t.settings_id
    order by f.rank desc, m.id desc
  `.execute(db)
  return rows
}

/** Of these, those that models read in other words than people. */
export async function listRewritten(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db.selectFrom('message').select('id').where('id', 'in', ids).where('structured_prompt', 'is not', null).execute()
  return new Set(rows.map(({ id }) => id))
}
