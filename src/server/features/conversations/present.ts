import type { Conversation } from '../../../contract/conversations.ts'
import type { AnswerInfo, Feedback, Message } from '../../../contract/messages.ts'
import type { AnswerRow, MessageRow } from './message-store.ts'
import type { ConversationRow } from './store.ts'
import { withoutMetadata } from './stored-part.ts'

export function presentConversation(row: ConversationRow): Conversation {
  return {
    id: row.id as Conversation['id'],
    workspaceId: row.workspace_id as Conversation['workspaceId'],
    title: row.title,
    source: row.source,
    headId: row.head_id as Conversation['headId'],
    modelId: row.model_id as Conversation['modelId'],
    connectionId: row.connection_id as Conversation['connectionId'],
    agentId: row.agent_id as Conversation['agentId'],
    lastMessagePreview: row.last_message_preview,
    forkedFromConversationId: row.forked_from_conversation_id as Conversation['forkedFromConversationId'],
    forkedFromMessageId: row.forked_from_message_id as Conversation['forkedFromMessageId'],
    spawnedByConversationId: row.spawned_by_conversation_id as Conversation['spawnedByConversationId'],
    spawnedByMessageId: row.spawned_by_message_id as Conversation['spawnedByMessageId'],
    expiresAt: row.expires_at?.toISOString() ?? null,
    isAnswering: row.is_answering,
    isPinned: row.pinned_at !== null,
    isArchived: row.archived_at !== null,
    tags: row.tags,
    showsUsage: row.shows_usage,
    usageAlertNanoUsd: row.usage_alert_nano_usd?.toString() ?? null,
    usageAlertedAt: row.usage_alerted_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

export function presentMessage(
  row: MessageRow,
  siblings: Map<string, string[]>,
  answer: AnswerRow | undefined,
  feedback: Feedback | undefined,
): Message {
  return {
    id: row.id as Message['id'],
    conversationId: row.conversation_id as Message['conversationId'],
    parentId: row.parent_id as Message['parentId'],
    role: row.role,
    authorName: answer?.model_name ?? row.model_name ?? row.author_name ?? '',
    parts: row.parts.map(withoutMetadata),
    depth: row.depth,
    serial: row.serial,
    siblingIds: (siblings.get(row.parent_id ?? 'root') ?? [row.id]) as Message['siblingIds'],
    // An answer that has ended must be shown with all of its parts; one that ends just now may look unfinished, and its stream tells the rest.
    answer: answer ? presentAnswer({ ...answer, state: row.turn_state ?? answer.state }) : null,
    feedback: feedback ?? null,
    summary: row.summary,
    createdAt: row.created_at.toISOString(),
  }
}

function presentAnswer(row: AnswerRow): AnswerInfo {
  return {
    turnId: row.turn_id as AnswerInfo['turnId'],
    state: row.state,
    modelId: row.model_id as AnswerInfo['modelId'],
    modelName: row.model_name,
    provider: row.provider,
    keyOrigin: row.key_origin,
    error: row.error,
    tokens:
      row.ended_tasks === 0
        ? null
        : {
            input: row.input ?? 0,
            output: row.output ?? 0,
            reasoning: row.reasoning ?? 0,
            cacheRead: row.cache_read ?? 0,
            cacheWrite: row.cache_write ?? 0,
          },
    // One unpriced call makes the sum unknown.
    costNanoUsd: row.ended_tasks > 0 && row.priced_tasks === row.ended_tasks ? String(row.cost ?? 0n) : null,
    latencyMs: row.finished_at && row.started_at ? row.finished_at.getTime() - row.started_at.getTime() : null,
  }
}
