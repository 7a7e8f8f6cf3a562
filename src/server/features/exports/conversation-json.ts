import { type ConversationFile, conversationFormat, type FileMessage } from '../../../contract/conversation-file.ts'
import type { Db } from '../../platform/db/index.ts'
import { type ConversationRow, withoutMetadata } from '../conversations/index.ts'
import * as store from './store.ts'

const atOnce = 500

/** A conversation as `ConversationFile`, piece by piece: however long it is, a few megabytes of it are in memory. */
export async function* conversationJson(db: Db, principalId: string, conversation: ConversationRow): AsyncGenerator<string> {
  const isOwn = conversation.owner_id === principalId
  const settings = isOwn ? await store.findSettings(db, conversation.id) : undefined
  const head: Omit<ConversationFile, 'messages'> = {
    format: conversationFormat,
    id: conversation.id,
    title: conversation.title,
    createdAt: conversation.created_at.toISOString(),
    updatedAt: conversation.updated_at.toISOString(),
    headId: conversation.head_id,
    isPinned: conversation.pinned_at !== null,
    isArchived: conversation.archived_at !== null,
    tags: conversation.tags,
    settings: settings
      ? {
          systemPrompt: settings.system_prompt,
          temperature: settings.temperature,
          maxTokens: settings.max_tokens,
          topP: settings.top_p,
          thinking: settings.thinking,
          webSearch: settings.web_search,
        }
      : null,
  }
  yield `${JSON.stringify(head).slice(0, -1)},"messages":[`
  let afterSerial = 0
  for (let isFirst = true; ; isFirst = false) {
    const rows = await store.listTree(db, { conversationId: conversation.id, principalId, afterSerial, limit: atOnce })
    const last = rows.at(-1)
    if (!last) break
    afterSerial = last.serial
    const text = rows.map((row) => JSON.stringify(fileMessage(row))).join(',\n')
    yield (isFirst ? '\n' : ',\n') + text
  }
  yield '\n]}\n'
}

function fileMessage(row: store.TreeRow): FileMessage {
  return {
    id: row.id,
    parentId: row.parent_id,
    role: row.role,
    createdAt: row.created_at.toISOString(),
    model: row.model,
    parts: row.parts.map(withoutMetadata),
    feedback: row.feedback,
  }
}
