import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { FilePart } from '../../../contract/messages.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { contentAddress } from './content-address.ts'
import { f } from './strings.ts'

interface Props {
  pictures: readonly FilePart[]
  first: FilePart
  onClose: () => void
}

/** The pictures of a message, one at a time and large. The arrow keys go on. */
export function PictureDialog({ pictures, first, onClose }: Props) {
  const [index, setIndex] = useState(Math.max(0, pictures.indexOf(first)))
  const part = pictures[index]!
  const total = pictures.length
  const go = (step: number) => setIndex((index + step + total) % total)

  // Wherever in the dialog the focus is.
  useEffect(() => {
    if (total < 2) return undefined
    function onKeyDown(event: KeyboardEvent) {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
      event.preventDefault()
      const step = event.key === 'ArrowLeft' ? -1 : 1
      setIndex((now) => (now + step + total) % total)
    }
    document.addEventListener('keydown', onKeyDown, true)
    return () => document.removeEventListener('keydown', onKeyDown, true)
  }, [total])

  return (
    <Dialog
      open
      width="l"
      onOpenChange={(open) => !open && onClose()}
      title={part.name}
      footer={
        <>
          {total > 1 && (
            <>
              <IconButton icon={ChevronLeft} label={f('picture.previous')} shortcut="←" onClick={() => go(-1)} />
              <span className="picture-position" aria-live="polite">
                {f('picture.position', { index: index + 1, total })}
              </span>
              <IconButton icon={ChevronRight} label={f('picture.next')} shortcut="→" onClick={() => go(1)} />
            </>
          )}
          <a className="button" data-variant="secondary" data-size="m" href={contentAddress(part.attachmentId, true)} download={part.name}>
            <span className="button-label">{f('download')}</span>
          </a>
        </>
      }
    >
      <div className="picture-large">
        <img
          key={part.attachmentId}
          src={contentAddress(part.attachmentId)}
          alt={part.name}
          width={part.width ?? undefined}
          height={part.height ?? undefined}
        />
      </div>
    </Dialog>
  )
}
