import { type RefObject, useEffect } from 'react'
import type { ConversationId, MessageId } from '../../../contract/ids.ts'
import { t } from '../../strings/index.ts'
import { showError, showToast } from '../../ui/toast.tsx'
import { findMessage } from './transcript/find-message.ts'
import type { TranscriptHandle } from './transcript/transcript.tsx'

/** Leads to the message that the address names, once the transcript is there. */
export function useFoundMessage(
  id: ConversationId,
  messageId: string | undefined,
  isLoaded: boolean,
  column: RefObject<TranscriptHandle | null>,
): void {
  useEffect(() => {
    if (messageId === undefined || !isLoaded) return
    let isCurrent = true
    findMessage(id, messageId as MessageId).then(
      ({ depth, hasSwitched }) => {
        if (!isCurrent) return
        // Once it has been drawn.
        requestAnimationFrame(() => column.current?.toMessage(depth))
        if (hasSwitched) showToast({ title: t('conversation.found.branch') })
      },
      (error: unknown) => isCurrent && showError(error, t('conversation.found.failed')),
    )
    return () => {
      isCurrent = false
    }
  }, [id, messageId, isLoaded, column])
}
