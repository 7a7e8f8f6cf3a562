import { useCallback } from 'react'
import type { ConversationId } from '../../../contract/ids.ts'
import type { Message } from '../../../contract/messages.ts'
import { api } from '../../api.ts'
import { t } from '../../strings/index.ts'
import { showError, showToast } from '../../ui/toast.tsx'
import { showAfterChange } from './transcript/show-branch.ts'
import { changeTranscript, transcriptMoved } from './transcript/transcript-query.ts'
import { replaceEnd } from './transcript/window.ts'

/** Takes a message and what follows it away at once; the server says what stands in its place. `onDone` has the focus go somewhere sensible. */
export function useDeleteBranch(id: ConversationId, onDone: () => void): (message: Message) => void {
  return useCallback(
    (message) => {
      const { depth } = message
      const refresh = () => showAfterChange(id, depth)
      const undo = () => {
        api.conversations
          .restoreBranch({ id, messageId: message.id })
          .then(refresh)
          .catch((error: unknown) => showError(error, t('conversation.delete.undo_failed')))
      }
      transcriptMoved(id)
      changeTranscript(id, (window) => replaceEnd(window, depth, []))
      onDone()
      api.conversations
        .deleteBranch({ id, messageId: message.id })
        .then(
          async () => {
            showToast({ title: t('conversation.deleted'), action: { label: t('ui.undo'), onPress: undo } })
            await refresh()
          },
          async (error: unknown) => {
            showError(error, t('conversation.delete.failed'))
            await refresh()
          },
        )
        .catch((error: unknown) => showError(error))
    },
    [id, onDone],
  )
}
