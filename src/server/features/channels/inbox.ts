import type { InboxConversation, OpenInboxConversation } from '../../../contract/channels.ts'
import type { MessageId } from '../../../contract/ids.ts'
import { type Actor, check, workspaceIdsOf } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { derivedId } from '../../platform/ids.ts'
import type { ChannelDeps } from './channel-deps.ts'
import * as deliveries from './delivery-store.ts'
import * as store from './inbox-store.ts'
import { appendMessage } from '../conversations/index.ts'
import { presentInbox } from './present.ts'

export async function listInbox(
  deps: ChannelDeps,
  actor: Actor,
  input: { workspaceId: string; handledBy?: 'bot' | 'person' | undefined; limit: number },
): Promise<InboxConversation[]> {
  check(actor, 'inbox', 'read', { workspaceId: input.workspaceId })
  const rows = await store.list(deps.db, input.workspaceId, { handledBy: input.handledBy ?? null, limit: input.limit })
  return rows.map(presentInbox)
}

export async function getInboxConversation(deps: ChannelDeps, actor: Actor, id: string): Promise<OpenInboxConversation> {
  const row = await requireRow(deps, actor, id, 'read')
  return { ...presentInbox(row), unsentAnswerIds: (await store.listUnsent(deps.db, row)) as MessageId[] }
}

/** From now on the model is silent; an answer that is being written is stopped, and one that ends all the same is not sent. */
export async function takeOver(deps: ChannelDeps, actor: Actor, id: string): Promise<OpenInboxConversation> {
  const { workspace_id: workspaceId } = await requireRow(deps, actor, id, 'update')
  await store.setHandler(deps.db, workspaceId, id, { handledBy: 'person', assigneeId: actor.principalId })
  await deps.stopConversation(id)
  return getInboxConversation(deps, actor, id)
}

export async function handBack(deps: ChannelDeps, actor: Actor, id: string): Promise<OpenInboxConversation> {
  const { workspace_id: workspaceId } = await requireRow(deps, actor, id, 'update')
  await store.setHandler(deps.db, workspaceId, id, { handledBy: 'bot', assigneeId: null })
  return getInboxConversation(deps, actor, id)
}

/** A person's answer, sent to the contact or shown to the visitor. Twice with one key is one answer. Errors: `inbox.not_taken_over`, `inbox.out_of_reach`. */
export async function answerContact(
  deps: ChannelDeps,
  actor: Actor,
  input: { id: string; text: string; key: string },
): Promise<{ messageId: MessageId }> {
  const { workspace_id: workspaceId } = await requireRow(deps, actor, input.id, 'create')
  let ownerId = ''
  const messageId = await deps.db.transaction().execute(async (tx) => {
    const conversation = await store.lock(tx, workspaceId, input.id)
    if (!conversation?.can_answer) throw new AppError('inbox.out_of_reach')
    if (conversation.handled_by !== 'person') throw new AppError('inbox.not_taken_over')
    ownerId = conversation.owner_id
    return appendMessage(tx, {
      id: derivedId(input.id, input.key),
      conversationId: input.id,
      authorId: actor.principalId,
      role: 'assistant',
      text: input.text,
      answerKey: input.key,
    })
  })
  deps.deliveries.wake()
  deps.turnDeps.turns.userStreams.announce([ownerId])
  return { messageId: messageId as MessageId }
}

export async function retryDeliveries(deps: ChannelDeps, actor: Actor, id: string): Promise<OpenInboxConversation> {
  const { workspace_id: workspaceId } = await requireRow(deps, actor, id, 'update')
  await deliveries.retryFailed(deps.db, workspaceId, id)
  deps.deliveries.wake()
  return getInboxConversation(deps, actor, id)
}

async function requireRow(deps: ChannelDeps, actor: Actor, id: string, action: 'read' | 'create' | 'update'): Promise<store.InboxRow> {
  const row = await store.find(deps.db, workspaceIdsOf(actor), id)
  if (!row) throw new AppError('conversation.not_found')
  check(actor, 'inbox', action, { workspaceId: row.workspace_id })
  return row
}
