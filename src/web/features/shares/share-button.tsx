import { useQuery } from '@tanstack/react-query'
import { Link2, Share2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { ConversationId } from '../../../contract/ids.ts'
import { query } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { s } from './strings.ts'

const ShareDialog = lazy(() => import('./share-dialog.tsx').then((module) => ({ default: module.ShareDialog })))

/** In the bar of a conversation: says that others can read it, or lets them. */
export function ShareButton({ conversationId }: { conversationId: ConversationId }) {
  const [isOpen, setOpen] = useState(false)
  // Events tell of every change.
  const shares = useQuery(
    query.shares.listOfConversation.queryOptions({ input: { id: conversationId }, staleTime: Number.POSITIVE_INFINITY }),
  )
  return (
    <>
      {shares.data && shares.data.length > 0 ? (
        <Button variant="quiet" size="s" icon={Link2} onClick={() => setOpen(true)}>
          {s('shared')}
        </Button>
      ) : (
        <IconButton icon={Share2} label={s('share')} onClick={() => setOpen(true)} />
      )}
      <Suspense>{isOpen && <ShareDialog conversationId={conversationId} messageId={null} onClose={() => setOpen(false)} />}</Suspense>
    </>
  )
}
