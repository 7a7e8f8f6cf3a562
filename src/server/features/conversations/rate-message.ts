import type { Feedback } from '../../../contract/messages.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import type { ConversationDeps } from './change-conversations.ts'
import { deleteFeedback, putFeedback } from './feedback-store.ts'
import { requireConversation } from './read-conversations.ts'
import * as messageStore from './message-store.ts'
import * as store from './store.ts'

/** What the actor thinks of an answer that they may read. A new value takes the place of the old one and of its reason. */
export async function rateMessage(
  deps: Pick<ConversationDeps, 'db' | 'userStreams'>,
  actor: Actor,
  input: { id: string; messageId: string; value: Feedback['value'] | null; reason?: string | undefined },
): Promise<{ feedback: Feedback | null }> {
  check(actor, 'message', 'update', 'own')
  const { id, messageId, value } = input
  const { principalId } = actor
  const feedback = value && { value, reason: input.reason || null }
  await deps.db.transaction().execute(async (tx) => {
    const conversation = await requireConversation(tx, actor, id)
    const message = await messageStore.findMessage(tx, id, messageId)
    if (!message) throw new AppError('message.not_found')
    if (message.role !== 'assistant') throw new AppError('message.not_an_answer')
    if (feedback) await putFeedback(tx, { id: newId(), workspaceId: conversation.workspace_id, messageId, principalId, ...feedback })
    else await deleteFeedback(tx, messageId, principalId)
    await store.appendEvent(tx, principalId, { type: 'feedback-changed', conversationId: id, messageId, feedback })
  })
  deps.userStreams.announce([principalId])
  return { feedback }
}
