import type { InboxConversation } from '../../../contract/channels.ts'
import type { ConversationId, WorkspaceId } from '../../../contract/ids.ts'
import { query } from '../../api.ts'

/** What contacts do is told to nobody's live stream: an open screen asks. */
const everyMs = 4_000

export const inboxOptions = (workspaceId: WorkspaceId, handledBy?: InboxConversation['handledBy']) =>
  query.inbox.list.queryOptions({ input: { workspaceId, ...(handledBy && { handledBy }) }, refetchInterval: everyMs })

export const inboxConversationOptions = (id: ConversationId) => query.inbox.get.queryOptions({ input: { id }, refetchInterval: everyMs })

export const inboxMessagesOptions = (id: ConversationId) =>
  query.conversations.messages.queryOptions({ input: { id, limit: 100 }, refetchInterval: everyMs })
