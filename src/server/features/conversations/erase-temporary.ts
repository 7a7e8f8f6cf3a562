import type { Deps } from '../../deps.ts'
import type { ConversationDeps } from './change-conversations.ts'
import * as store from './expiry-store.ts'
import { appendEvent } from './store.ts'

/** On the embedded database everybody waits for one statement: little at a time. */
const messages = 100
const conversations = 10

export interface EraseDeps extends Pick<Deps, 'db'>, Pick<ConversationDeps, 'stopConversation'> {
  userStreams: Pick<ConversationDeps['userStreams'], 'announce'>
}

/**
 * Takes temporary conversations away whose time is over. First they are deleted and what runs in them is stopped, since a running call holds money; what has
 * stopped is erased at once, the rest the next time. What they cost stays in the ledger.
 */
export async function eraseTemporary(deps: EraseDeps, signal: AbortSignal): Promise<void> {
  const { db } = deps
  for (;;) {
    const expired = await store.listExpired(db, conversations)
    if (expired.length === 0 || signal.aborted) break
    for (const { id } of expired) {
      const ownerId = await db.transaction().execute(async (tx) => {
        const owner = await store.deleteExpired(tx, id)
        if (owner) await appendEvent(tx, owner, { type: 'conversation-deleted', conversationId: id })
        return owner
      })
      if (ownerId) deps.userStreams.announce([ownerId])
      await deps.stopConversation(id)
    }
  }
  while (!signal.aborted && (await store.eraseMessages(db, messages)) > 0) continue
  while (!signal.aborted && (await store.eraseConversations(db, conversations)) > 0) continue
}
