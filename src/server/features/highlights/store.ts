import { sql } from 'kysely'
import type { HighlightColor, TextQuote } from '../../../contract/highlights.ts'
import type { Db, Tx } from '../../platform/db/index.ts'

export interface Reader {
  principalId: string
  workspaceIds: readonly string[]
}

export interface HighlightRow {
  id: string
  conversation_id: string
  title: string
  message_id: string
  depth: number
  kind: 'text' | 'code'
  text_quote: TextQuote
  start_offset: number | null
  end_offset: number | null
  language: string | null
  color: HighlightColor
  note: string | null
  is_pinned: boolean
  created_at: Date
  updated_at: Date
}

/** The reader's own, of conversations that they may still read. */
function readable(db: Db | Tx, { principalId, workspaceIds }: Reader) {
  return db
    .selectFrom('highlight')
    .innerJoin('message', 'message.id', 'highlight.message_id')
    .innerJoin('conversation', 'conversation.id', 'message.conversation_id')
    .where('highlight.user_id', '=', principalId)
    .where('message.deleted_at', 'is', null)
    .where('conversation.deleted_at', 'is', null)
    .where((where) =>
      where.or([
        where('conversation.owner_id', '=', principalId),
        ...(workspaceIds.length > 0
          ? [where.and([where('conversation.visibility', '=', 'workspace'), where('conversation.workspace_id', 'in', workspaceIds)])]
          : []),
      ]),
    )
    .select([
      'highlight.id',
      'message.conversation_id',
      'conversation.title',
      'highlight.message_id',
      'message.depth',
      'highlight.kind',
      'highlight.text_quote',
      'highlight.start_offset',
      'highlight.end_offset',
      'highlight.language',
      'highlight.color',
      'highlight.note',
      'highlight.is_pinned',
      'highlight.created_at',
      'highlight.updated_at',
    ])
}

export interface Wanted {
  workspaceId: string
  kind: 'text' | 'code' | null
  color: HighlightColor | null
  isPinned: boolean | null
  search: string | null
  before: { at: Date; id: string } | null
  limit: number
}

export async function list(db: Db, reader: Reader, wanted: Wanted): Promise<HighlightRow[]> {
  const { kind, color, isPinned, search, before } = wanted
  let query = readable(db, reader).where('highlight.workspace_id', '=', wanted.workspaceId)
  if (kind) query = query.where('highlight.kind', '=', kind)
  if (color) query = query.where('highlight.color', '=', color)
  if (isPinned !== null) query = query.where('highlight.is_pinned', '=', isPinned)
  if (search) {
    const pattern = `%${search.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`
    query = query.where(sql<boolean>`(highlight.text_quote ->> 'exact' ilike ${pattern} or highlight.note ilike ${pattern})`)
  }
  if (before) query = query.where(sql<boolean>`(highlight.created_at, highlight.id) < (${before.at}, ${before.id})`)
  return query.orderBy('highlight.created_at', 'desc').orderBy('highlight.id', 'desc').limit(wanted.limit).execute()
}

export async function listOfConversation(db: Db, reader: Reader, conversationId: string): Promise<HighlightRow[]> {
  return readable(db, reader)
    .where('conversation.id', '=', conversationId)
    .orderBy('message.depth')
    .orderBy('highlight.created_at')
    .execute()
}

export async function find(db: Db | Tx, reader: Reader, id: string): Promise<HighlightRow | undefined> {
  return readable(db, reader).where('highlight.id', '=', id).executeTakeFirst()
}

export async function countOfMessage(tx: Tx, userId: string, messageId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('highlight')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('message_id', '=', messageId)
    .where('user_id', '=', userId)
    .executeTakeFirstOrThrow()
  return count
}

/** Answers with the id, which is that of the one there was where the passage is marked already. */
export async function put(
  tx: Tx,
  row: {
    id: string
    workspace_id: string
    message_id: string
    user_id: string
    kind: 'text' | 'code'
    text_quote: TextQuote
    start_offset: number | null
    end_offset: number | null
    language: string | null
    color: HighlightColor
    note: string | null
    selector_hash: Uint8Array
  },
): Promise<string> {
  const { id } = await tx
    .insertInto('highlight')
    .values({ ...row, text_quote: JSON.stringify(row.text_quote) })
    .onConflict((conflict) =>
      conflict.columns(['user_id', 'selector_hash']).doUpdateSet({
        color: row.color,
        note: sql`coalesce(${row.note}, highlight.note)`,
        updated_at: sql`now()`,
      }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

export async function update(
  tx: Tx,
  id: string,
  change: { color?: HighlightColor; note?: string | null; is_pinned?: boolean },
): Promise<void> {
  await tx
    .updateTable('highlight')
    .set({ ...change, updated_at: sql`now()` })
    .where('id', '=', id)
    .execute()
}

export async function remove(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('highlight').where('id', '=', id).execute()
}
