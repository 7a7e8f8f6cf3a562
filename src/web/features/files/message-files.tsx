import { FileText, ImageOff, X } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { FilePart } from '../../../contract/messages.ts'
import { IconButton } from '../../ui/icon-button.tsx'
import { contentAddress } from './content-address.ts'
import { sizeText } from './size-text.ts'
import { f } from './strings.ts'
import './files.css'

const PictureDialog = lazy(() => import('./picture-dialog.tsx').then((module) => ({ default: module.PictureDialog })))
const TextDialog = lazy(() => import('./text-dialog.tsx').then((module) => ({ default: module.TextDialog })))

interface Props {
  parts: readonly FilePart[]
  /** Each can be taken out. */
  onRemove?: (part: FilePart) => void
}

/** The files of a message: pictures as pictures, which take their place before they are there, the rest as rows. */
export function MessageFiles({ parts, onRemove }: Props) {
  const [shown, setShown] = useState<FilePart | null>(null)
  if (parts.length === 0) return null
  const pictures = parts.filter(({ kind }) => kind === 'image')
  const rows = parts.filter(({ kind }) => kind !== 'image')
  return (
    <>
      <ul className="message-files" aria-label={f('message')}>
        {[...rows, ...pictures].map((part) => (
          <li key={part.attachmentId} data-kind={part.kind}>
            {part.kind === 'image' ? (
              <Picture part={part} isOnly={pictures.length === 1} onShow={setShown} />
            ) : (
              <Row part={part} onShow={setShown} />
            )}
            {onRemove && <IconButton size="s" icon={X} label={f('remove', { name: part.name })} onClick={() => onRemove(part)} />}
          </li>
        ))}
      </ul>
      <Suspense>
        {shown?.kind === 'image' && <PictureDialog pictures={pictures} first={shown} onClose={() => setShown(null)} />}
        {shown && shown.kind !== 'image' && <TextDialog part={shown} onClose={() => setShown(null)} />}
      </Suspense>
    </>
  )
}

/** The longest edge of a picture in a message, in pixels. */
const longestEdge = { one: 320, several: 160 }

function Picture({ part, isOnly, onShow }: { part: FilePart; isOnly: boolean; onShow: (part: FilePart) => void }) {
  const [isGone, setGone] = useState(false)
  const { name } = part
  const [width, height] = [part.width ?? 1, part.height ?? 1]
  const scale = Math.min(1, (isOnly ? longestEdge.one : longestEdge.several) / Math.max(width, height))
  if (isGone)
    return (
      <span className="file-row" data-gone>
        <ImageOff size={20} strokeWidth={1.5} aria-hidden />
        {f('picture.gone', { name })}
      </span>
    )
  return (
    <button type="button" className="file-picture" aria-label={f('picture', { name })} onClick={() => onShow(part)}>
      <img
        src={contentAddress(part.attachmentId)}
        alt=""
        width={Math.max(24, Math.round(width * scale))}
        height={Math.max(24, Math.round(height * scale))}
        loading="lazy"
        onError={() => setGone(true)}
      />
    </button>
  )
}

function Row({ part, onShow }: { part: FilePart; onShow: (part: FilePart) => void }) {
  const { kind, name, pageCount, sizeBytes } = part
  const what = kind === 'pdf' ? f('kind.pdf', { count: pageCount ?? 1 }) : f('kind.text')
  const words = (
    <>
      <FileText size={20} strokeWidth={1.5} aria-hidden />
      <span className="file-row-words">
        <span className="file-row-name" dir="auto">
          {name}
        </span>
        <span className="file-row-kind">
          {what} · {sizeText(sizeBytes)}
        </span>
      </span>
    </>
  )
  if (kind === 'pdf')
    return (
      <a className="file-row" href={contentAddress(part.attachmentId)} target="_blank" rel="noreferrer" title={f('open.pdf', { name })}>
        {words}
      </a>
    )
  return (
    <button type="button" className="file-row" title={f('open.text', { name })} onClick={() => onShow(part)}>
      {words}
    </button>
  )
}
