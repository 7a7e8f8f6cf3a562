import { useQuery } from '@tanstack/react-query'
import type { FilePart } from '../../../contract/messages.ts'
import { query } from '../../api.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { contentAddress } from './content-address.ts'
import { f } from './strings.ts'

/** The text of a file, as it is. */
export function TextDialog({ part, onClose }: { part: FilePart; onClose: () => void }) {
  const content = useQuery(query.attachments.text.queryOptions({ input: { id: part.attachmentId } }))
  return (
    <Dialog
      open
      width="l"
      onOpenChange={(open) => !open && onClose()}
      title={part.name}
      footer={
        <a className="button" data-variant="secondary" data-size="m" href={contentAddress(part.attachmentId, true)} download={part.name}>
          <span className="button-label">{f('download')}</span>
        </a>
      }
    >
      {content.isPending ? (
        <Skeleton />
      ) : content.error ? (
        <ErrorState error={content.error} onRetry={() => void content.refetch()} />
      ) : content.data.text === null ? (
        <p>{f('text.none')}</p>
      ) : (
        <>
          {/* A region that scrolls must be reachable by keyboard. */}
          <pre className="file-text" dir="auto" tabIndex={0}>
            {content.data.text}
          </pre>
          {content.data.isCut && <p className="file-text-cut">{f('text.cut')}</p>}
        </>
      )}
    </Dialog>
  )
}
