import { Minus, Plus, Shrink } from 'lucide-react'
import { type PointerEvent, useRef, useState } from 'react'
import { t } from '../../../strings/index.ts'
import { Dialog } from '../../../ui/dialog.tsx'
import { IconButton } from '../../../ui/icon-button.tsx'
import './picture-dialog.css'

const steps = [0.25, 0.5, 0.75, 1, 1.5, 2, 3, 4]

/** A picture as large as wanted: in steps by buttons and keys, moved by dragging, a finger, or the arrow keys. */
export function PictureDialog({
  url,
  width,
  height,
  title,
  onClose,
}: {
  url: string
  width: number
  height: number
  title: string
  onClose: () => void
}) {
  /** Null fits it into the window. */
  const [zoom, setZoom] = useState<number | null>(null)
  const place = useRef<HTMLDivElement>(null)
  const image = useRef<HTMLImageElement>(null)
  const grip = useRef<{ x: number; y: number } | null>(null)

  function step(by: 1 | -1) {
    const now = zoom ?? (image.current ? image.current.clientWidth / width : 1)
    const next = by > 0 ? steps.find((one) => one > now + 0.01) : steps.findLast((one) => one < now - 0.01)
    if (next !== undefined) setZoom(next)
  }
  function onPointerMove(event: PointerEvent) {
    if (!grip.current || !place.current) return
    place.current.scrollBy(grip.current.x - event.clientX, grip.current.y - event.clientY)
    grip.current = { x: event.clientX, y: event.clientY }
  }
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} width="l" initialFocus={place}>
      <div className="picture-tools">
        <IconButton size="s" icon={Minus} label={t('conversation.picture.smaller')} shortcut="-" onClick={() => step(-1)} />
        <IconButton size="s" icon={Plus} label={t('conversation.picture.larger')} shortcut="+" onClick={() => step(1)} />
        <IconButton size="s" icon={Shrink} label={t('conversation.picture.fit')} shortcut="0" onClick={() => setZoom(null)} />
      </div>
      <div
        ref={place}
        className="picture-place"
        tabIndex={0}
        role="region"
        aria-label={title}
        data-fits={zoom === null || undefined}
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return
          if (event.key === '+' || event.key === '=') step(1)
          else if (event.key === '-') step(-1)
          else if (event.key === '0') setZoom(null)
        }}
        onPointerDown={(event) => {
          // A finger scrolls by itself.
          if (event.pointerType !== 'mouse' || event.button !== 0) return
          event.currentTarget.setPointerCapture(event.pointerId)
          grip.current = { x: event.clientX, y: event.clientY }
        }}
        onPointerMove={onPointerMove}
        onPointerUp={() => (grip.current = null)}
      >
        <img
          ref={image}
          src={url}
          alt={title}
          draggable={false}
          {...(zoom === null ? {} : { style: { width: width * zoom, height: height * zoom } })}
        />
      </div>
    </Dialog>
  )
}
