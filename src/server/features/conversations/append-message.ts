import { sql } from 'kysely'
import { beginningOf, type Db, storableJson, type Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import type { StoredPart } from './stored-part.ts'

/** Whether the message of an event is there already, with a turn or kept for a person. */
export async function hasMessage(db: Db | Tx, conversationId: string, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('message')
    .select('id')
    .where('conversation_id', '=', conversationId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row !== undefined
}

export interface AppendedMessage {
  id: string
  conversationId: string
  authorId: string
  role: 'user' | 'assistant'
  text: string
  /** In place of the text alone, which then stands for it in lists. */
  parts?: StoredPart[]
  externalId?: string | null
  structuredPrompt?: string | null
  language?: string | null
  replyTo?: string | null
  entity?: { type: string; id: string } | null
  /** Of a person's answer, which is sent to the contact. */
  answerKey?: string
  /** Nobody but a person can answer it. */
  needsPerson?: boolean
}

/** A message that no turn writes. Locks the conversation. Answers with its id, or that of the one that is there already. */
export async function appendMessage(db: Db | Tx, { text, parts, entity, ...message }: AppendedMessage): Promise<string> {
  const item = {
    ...message,
    branchId: newId(),
    parts: parts ?? [{ type: 'text', step: message.role === 'user' ? 0 : 1, text }],
    preview: beginningOf(text, 200).replaceAll(/\s+/g, ' '),
    entityType: entity?.type ?? null,
    entityId: entity?.id ?? null,
  }
  const { rows } = await sql<{ id: string }>`select append_message(${storableJson(item)}::jsonb) as id`.execute(db)
  return rows[0]!.id
}
