import { sql } from 'kysely'
import type { ConversationChoices } from '../../../contract/conversation-settings.ts'
import type { Db, Tx } from '../../platform/db/index.ts'

export const noChoices: ConversationChoices = {
  systemPrompt: null,
  temperature: null,
  maxTokens: null,
  topP: null,
  thinking: null,
  webSearch: null,
}

export async function getChoices(db: Db | Tx, conversationId: string): Promise<ConversationChoices> {
  const row = await db
    .selectFrom('conversation_settings')
    .select([
      'system_prompt as systemPrompt',
      'temperature',
      'max_tokens as maxTokens',
      'top_p as topP',
      'thinking',
      'web_search as webSearch',
    ])
    .where('conversation_id', '=', conversationId)
    .executeTakeFirst()
  return row ?? noChoices
}

export async function saveChoices(
  tx: Tx,
  conversation: { id: string; workspace_id: string },
  { systemPrompt, temperature, maxTokens, topP, thinking, webSearch }: ConversationChoices,
): Promise<void> {
  const values = { system_prompt: systemPrompt, temperature, max_tokens: maxTokens, top_p: topP, thinking, web_search: webSearch }
  await tx
    .insertInto('conversation_settings')
    .values({ conversation_id: conversation.id, workspace_id: conversation.workspace_id, ...values })
    .onConflict((conflict) => conflict.column('conversation_id').doUpdateSet({ ...values, updated_at: sql`now()` }))
    .execute()
}
