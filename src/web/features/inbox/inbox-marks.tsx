import type { InboxConversation } from '../../../contract/channels.ts'
import '../../ui/marks.css'
import { i } from './strings.ts'

/** Whom the conversation is with. */
export function nameOf({ contactName }: InboxConversation): string {
  return contactName ?? i('visitor')
}

/** Who answers, in words. */
export function handlerOf({ handledBy, assignee }: InboxConversation): string {
  if (handledBy === 'bot') return i('handler.bot')
  return assignee ? i('handler.person', { name: assignee.name }) : i('handler.nobody')
}

export function HandlerMark({ conversation }: { conversation: InboxConversation }) {
  const isWaiting = conversation.handledBy === 'person' && !conversation.assignee
  return (
    <span className="status" data-tone={isWaiting ? 'danger' : 'plain'}>
      {handlerOf(conversation)}
    </span>
  )
}

/** Said only where something is to be known: an answer that arrived needs no mark. */
export function DeliveryMark({ delivery }: Pick<InboxConversation, 'delivery'>) {
  if (!delivery || delivery.state === 'sent') return null
  const word = delivery.state === 'pending' ? 'pending' : delivery.isUncertain ? 'uncertain' : 'failed'
  return (
    <span className="status" data-tone={delivery.state === 'failed' ? 'danger' : 'plain'}>
      {i(`delivery.${word}`)}
    </span>
  )
}

/** Whom the contact was proved to be. */
export function MemberMark({ conversation: { contactMember } }: { conversation: InboxConversation }) {
  return contactMember && <span className="status">{i('member', { name: contactMember.name })}</span>
}
