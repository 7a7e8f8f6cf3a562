import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { CornerDownRight, GitFork } from 'lucide-react'
import type { Conversation } from '../../../contract/conversations.ts'
import { query } from '../../api.ts'
import { t } from '../../strings/index.ts'

/** Where a fork was copied from, or what began a child, with the way there for as long as it exists. */
export function OriginNote({ conversation }: { conversation: Conversation }) {
  const { spawnedByConversationId, spawnedByMessageId, forkedFromConversationId, forkedFromMessageId } = conversation
  const kind = spawnedByConversationId ? 'aside' : 'fork'
  const originId = spawnedByConversationId ?? forkedFromConversationId
  const messageId = spawnedByMessageId ?? forkedFromMessageId
  const options = query.conversations.get.queryOptions({ input: { id: originId! }, retry: false })
  const origin = useQuery({ ...options, enabled: originId !== null })
  if (originId === null) return null
  const Icon = kind === 'aside' ? CornerDownRight : GitFork
  if (origin.isPending) return <p className="screen-note" />
  return (
    <p className="screen-note">
      <Icon size={16} strokeWidth={1.75} aria-hidden />
      {origin.data ? (
        <span>
          {t(`conversation.${kind}.from`)}{' '}
          <Link to="/c/$conversationId" params={{ conversationId: originId }} search={messageId ? { message: messageId } : {}}>
            {origin.data.title || t('conversation.untitled')}
          </Link>
        </span>
      ) : (
        t(`conversation.${kind}.from.gone`)
      )}
    </p>
  )
}
