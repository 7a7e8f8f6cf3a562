import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { GitFork } from 'lucide-react'
import type { ConversationId } from '../../../contract/ids.ts'
import { query } from '../../api.ts'
import { t } from '../../strings/index.ts'

/** Where a fork was copied from, with the way there for as long as it exists. */
export function ForkOrigin({ originId }: { originId: ConversationId }) {
  const origin = useQuery(query.conversations.get.queryOptions({ input: { id: originId }, retry: false }))
  if (origin.isPending) return <p className="screen-note" />
  return (
    <p className="screen-note">
      <GitFork size={16} strokeWidth={1.75} aria-hidden />
      {origin.data ? (
        <span>
          {t('conversation.fork.from')}{' '}
          <Link to="/c/$conversationId" params={{ conversationId: originId }}>
            {origin.data.title || t('conversation.untitled')}
          </Link>
        </span>
      ) : (
        t('conversation.fork.from.gone')
      )}
    </p>
  )
}
