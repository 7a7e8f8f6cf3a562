import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { ChildConversation } from '../../../../contract/conversations.ts'
import type { ConversationId, MessageId } from '../../../../contract/ids.ts'
import { query } from '../../../api.ts'
import { onUserEvent } from '../../../live.ts'
import { queryClient } from '../../../query-client.ts'

export const childrenOf = (id: ConversationId) =>
  query.conversations.children.queryOptions({ input: { id }, staleTime: Number.POSITIVE_INFINITY })

/** What the messages of a conversation began, by message, as it is now. */
export function useChildren(id: ConversationId): Map<MessageId, ChildConversation[]> {
  const { data } = useQuery(childrenOf(id))
  useEffect(
    () =>
      onUserEvent((event) => {
        const { queryKey } = childrenOf(id)
        const known = queryClient.getQueryData(queryKey)
        const concerns =
          event.type === 'reset' ||
          (event.type === 'conversation-changed' && event.conversation.spawnedByConversationId === id) ||
          ((event.type === 'turn-changed' || event.type === 'conversation-deleted') &&
            known?.some(({ conversation }) => conversation.id === event.conversationId))
        if (concerns) void queryClient.invalidateQueries({ queryKey })
      }),
    [id],
  )
  return useMemo(() => Map.groupBy(data ?? [], ({ conversation }) => conversation.spawnedByMessageId!), [data])
}
