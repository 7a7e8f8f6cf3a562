import type { Conversation } from '../../../contract/conversations.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import { announced, type ConversationDeps } from './change-conversations.ts'
import { copyAttachments, hasAttached } from '../files/index.ts'
import { copyPath, hasUnfinishedOnPath, listMessagesWithFiles, setParts } from './fork-store.ts'
import { viewerOf } from './read-conversations.ts'
import * as messageStore from './message-store.ts'
import * as store from './store.ts'

/** A conversation of one's own with a copy of the path up to a message. Two statements copy it, however long it is. */
export async function forkConversation(
  deps: ConversationDeps,
  actor: Actor,
  input: { id: string; messageId: string; title?: string | undefined },
): Promise<Conversation> {
  check(actor, 'conversation', 'create', 'own')
  const id = newId()
  const conversation = await deps.db.transaction().execute(async (tx) => {
    // Locked, so that nothing is deleted or begun below the copy.
    const origin = await store.lockOwned(tx, viewerOf(actor), input.id, 'kept')
    if (!origin) throw new AppError('conversation.not_found')
    const leaf = await messageStore.findMessage(tx, input.id, input.messageId)
    if (!leaf) throw new AppError('message.not_found')
    if (await hasUnfinishedOnPath(tx, input.id, leaf)) throw new AppError('answer.being_written')
    await store.insert(tx, {
      id,
      workspaceId: origin.workspace_id,
      ownerId: actor.principalId,
      source: actor.apiKeyId === null ? 'web' : 'api',
      title: input.title ?? origin.title,
      modelId: origin.model_id,
      agentId: origin.agent_id,
      // Whoever wants it gone wants its copy gone.
      expiresAt: origin.expires_at,
    })
    await copyPath(tx, {
      from: { conversationId: input.id, leaf },
      to: {
        conversationId: id,
        workspaceId: origin.workspace_id,
        connectionId: origin.connection_id,
        branchId: newId(),
        summaryId: newId(),
      },
      // One for each message; made here, as all ids are.
      ids: Array.from({ length: leaf.depth + 1 }, () => newId()),
    })
    if (await hasAttached(tx, input.id)) {
      const place = { conversationId: id, workspaceId: origin.workspace_id, userId: actor.principalId }
      await setParts(tx, await copyAttachments(tx, place, await listMessagesWithFiles(tx, id)))
    }
    return announced(tx, actor, id)
  })
  deps.userStreams.announce([actor.principalId])
  return conversation
}
