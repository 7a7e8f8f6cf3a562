import { useParams } from '@tanstack/react-router'
import type { ConversationId } from '../../../contract/ids.ts'
import { InboxConversationScreen } from './inbox-conversation-screen.tsx'

export function InboxConversationRoute() {
  const { inboxId } = useParams({ from: '/app/conversations/inbox/$inboxId' })
  return <InboxConversationScreen key={inboxId} id={inboxId as ConversationId} />
}
