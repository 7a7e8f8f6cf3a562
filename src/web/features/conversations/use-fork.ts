import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useCallback } from 'react'
import type { ConversationId } from '../../../contract/ids.ts'
import type { Message } from '../../../contract/messages.ts'
import { api, query } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { showError } from '../../ui/toast.tsx'

/** Copies the path up to a message into a new conversation and goes there. */
export function useFork(conversationId: ConversationId): (message: Message) => void {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useCallback(
    (message) => {
      const known = client.getQueryData(query.conversations.get.queryKey({ input: { id: conversationId } }))
      const title = known?.title ? t('conversation.fork.title', { title: known.title }).slice(0, 200) : undefined
      api.conversations
        .fork({ id: conversationId, messageId: message.id, ...(title && { title }) })
        .then(async (fork) => {
          client.setQueryData(query.conversations.get.queryKey({ input: { id: fork.id } }), fork)
          await navigate({ to: '/c/$conversationId', params: { conversationId: fork.id } })
        })
        .catch((error: unknown) => showError(error, t('conversation.fork.failed')))
    },
    [client, conversationId, navigate],
  )
}
