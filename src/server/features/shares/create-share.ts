import type { Share } from '../../../contract/shares.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import { lockOwnConversation, requireMessage } from '../conversations/index.ts'
import { presentShare } from './present.ts'
import type { ShareDeps } from './share-deps.ts'
import { makeToken } from './share-token.ts'
import * as store from './store.ts'

const maxShares = 20

/** Only its owner gives a conversation away, and no more of it than the path to one message. */
export async function createShare(
  deps: Pick<ShareDeps, 'db' | 'vault' | 'tell'>,
  actor: Actor,
  input: { id: string; messageId?: string | undefined; isLive: boolean; isIndexed: boolean },
): Promise<Share> {
  check(actor, 'conversation', 'share', 'own')
  const { share, announce } = await deps.db.transaction().execute(async (tx) => {
    const conversation = await lockOwnConversation(tx, actor, input.id)
    const messageId = input.messageId ?? conversation.head_id
    if (messageId === null) throw new AppError('message.not_found')
    await requireMessage(tx, conversation.id, messageId)
    const existing = await store.listOfConversation(tx, actor.principalId, conversation.id)
    if (existing.length >= maxShares) throw new AppError('share.too_many')
    const place = { id: newId(), workspace_id: conversation.workspace_id }
    await store.insert(tx, {
      ...place,
      ...makeToken(deps.vault, place),
      conversation_id: conversation.id,
      owner_id: actor.principalId,
      message_id: messageId,
      is_live: input.isLive,
      is_indexed: input.isIndexed,
    })
    const row = await store.find(tx, actor.principalId, place.id)
    const event = { type: 'shares-changed', conversationId: conversation.id as Share['conversationId'] } as const
    return { share: presentShare(deps.vault, row!), announce: await deps.tell(tx, [actor.principalId], event) }
  })
  announce()
  return share
}
