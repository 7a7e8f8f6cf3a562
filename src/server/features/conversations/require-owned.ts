import type { Actor } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { viewerOf } from './read-conversations.ts'
import * as messageStore from './message-store.ts'
import * as store from './store.ts'

/** Locks a conversation of the actor's own. Error: `conversation.not_found`. */
export async function lockOwnConversation(tx: Tx, actor: Actor, id: string): Promise<store.ConversationRow> {
  const row = await store.lockOwned(tx, viewerOf(actor), id, 'kept')
  if (!row) throw new AppError('conversation.not_found')
  return row
}

/** Whether a message is in it. */
export async function requireMessage(tx: Tx, conversationId: string, messageId: string): Promise<void> {
  if (!(await messageStore.findMessage(tx, conversationId, messageId))) throw new AppError('message.not_found')
}
