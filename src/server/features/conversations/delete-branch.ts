import type { Conversation } from '../../../contract/conversations.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import * as branches from './branch-store.ts'
import { change, type ConversationDeps } from './change-conversations.ts'
import * as messageStore from './message-store.ts'

interface OneMessage {
  id: string
  messageId: string
}

/** Soft. The versions beside the message and what follows them stay; what is being written below it is stopped. */
export async function deleteBranch(deps: ConversationDeps, actor: Actor, { id, messageId }: OneMessage): Promise<Conversation> {
  check(actor, 'message', 'delete', 'own')
  let unfinished: string[] = []
  const conversation = await change(deps, actor, id, 'kept', async (tx, { head_id: headId }) => {
    const message = await messageStore.findMessage(tx, id, messageId)
    if (!message) throw new AppError('message.not_found')
    unfinished = await branches.markDeleted(tx, id, message)
    if (headId && !(await messageStore.findMessage(tx, id, headId))) {
      const sibling = await branches.findNearestSibling(tx, id, message.id)
      await branches.setHead(tx, id, sibling ? await messageStore.newestLeafThrough(tx, id, sibling) : message.parent_id)
    }
  })
  await deps.stopTurns(unfinished)
  return conversation
}

export async function restoreBranch(deps: ConversationDeps, actor: Actor, { id, messageId }: OneMessage): Promise<Conversation> {
  check(actor, 'message', 'delete', 'own')
  return change(deps, actor, id, 'kept', async (tx) => {
    const root = await branches.findDeletedRoot(tx, id, messageId)
    if (!root) throw new AppError('message.not_found')
    await branches.unmarkDeleted(tx, id, root)
    await branches.setHead(tx, id, await messageStore.newestLeafThrough(tx, id, messageId))
  })
}
