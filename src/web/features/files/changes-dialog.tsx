import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { AttachmentId } from '../../../contract/ids.ts'
import type { FilePart } from '../../../contract/messages.ts'
import { api, query } from '../../api.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { showError, showToast } from '../../ui/toast.tsx'
import { DiffView } from '../prompts/diff-view.tsx'
import { f } from './strings.ts'

/** What changed in a file from one version to the next, and the way back. */
export function ChangesDialog({ part, before, onClose }: { part: FilePart; before: AttachmentId; onClose: () => void }) {
  const client = useQueryClient()
  const [isRestoring, setRestoring] = useState(false)
  const was = useQuery({ ...query.attachments.text.queryOptions({ input: { id: before } }), retry: false })
  const is = useQuery(query.attachments.text.queryOptions({ input: { id: part.attachmentId } }))
  const number = (part.version ?? 2) - 1
  const error = was.error ?? is.error

  async function restore() {
    setRestoring(true)
    try {
      const { attachment } = await api.attachments.restore({ id: before })
      void client.invalidateQueries({ queryKey: query.attachments.key() })
      showToast({ title: f('restored', { name: part.name, number: attachment.version }) })
      onClose()
    } catch (reason) {
      showError(reason, f('restore.failed'))
      setRestoring(false)
    }
  }

  return (
    <Dialog
      open
      width="l"
      onOpenChange={(open) => !open && onClose()}
      title={f('changes.of', { name: part.name })}
      footer={
        was.data && (
          <Button isPending={isRestoring} onClick={() => void restore()}>
            {f('restore', { number })}
          </Button>
        )
      }
    >
      {error ? (
        <ErrorState error={error} onRetry={() => void Promise.all([was.refetch(), is.refetch()])} />
      ) : was.data && is.data ? (
        <DiffView before={was.data.text ?? ''} after={is.data.text ?? ''} />
      ) : (
        <Skeleton />
      )}
    </Dialog>
  )
}
