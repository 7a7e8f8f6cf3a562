import { CircleAlert, FileText, Image, RotateCcw, X } from 'lucide-react'
import { IconButton } from '../../ui/icon-button.tsx'
import { contentAddress } from './content-address.ts'
import { type DraftFile, removeFile, retryFile } from './draft-files.ts'
import { sizeText } from './size-text.ts'
import { f } from './strings.ts'
import './files.css'

/** The files of a message that is being written, each with its state in words. */
export function FileChips({ draftKey, files, onRemoved }: { draftKey: string; files: readonly DraftFile[]; onRemoved: () => void }) {
  if (files.length === 0) return null
  return (
    <ul className="file-chips" aria-label={f('list')}>
      {files.map((file) => (
        <Chip key={file.key} draftKey={draftKey} file={file} onRemoved={onRemoved} />
      ))}
    </ul>
  )
}

function Chip({ draftKey, file, onRemoved }: { draftKey: string; file: DraftFile; onRemoved: () => void }) {
  const { key, name, state, problem, progress, canRetry } = file
  const isOnItsWay = state === 'waiting' || state === 'uploading' || state === 'checking'
  return (
    <li className="file-chip" data-state={state}>
      <Face file={file} />
      <span className="file-chip-words">
        <span className="file-chip-name" dir="auto" title={name}>
          {name}
        </span>
        <span className="file-chip-state" role={state === 'failed' ? 'alert' : undefined}>
          {state === 'failed' ? problem : state === 'ready' ? sizeText(file.sizeBytes) : stateText(state, progress)}
        </span>
      </span>
      {state === 'failed' && canRetry && (
        <IconButton size="s" icon={RotateCcw} label={f('retry', { name })} onClick={() => retryFile(draftKey, key)} />
      )}
      <IconButton
        size="s"
        icon={X}
        label={f(isOnItsWay ? 'cancel' : 'remove', { name })}
        onClick={() => {
          removeFile(draftKey, key)
          onRemoved()
        }}
      />
      {isOnItsWay && <progress className="file-chip-progress" aria-label={name} {...(state === 'uploading' ? { value: progress } : {})} />}
    </li>
  )
}

const stateText = (state: 'waiting' | 'uploading' | 'checking', progress: number) =>
  state === 'uploading' ? f('state.uploading', { percent: Math.round(progress * 100) }) : f(`state.${state}`)

function Face({ file: { state, previewUrl, part } }: { file: DraftFile }) {
  const url = previewUrl ?? (part?.kind === 'image' ? contentAddress(part.attachmentId) : undefined)
  if (state === 'failed') return <CircleAlert className="file-chip-icon" size={20} strokeWidth={1.5} aria-hidden />
  if (url) return <img className="file-chip-picture" src={url} alt="" />
  const Icon = part?.kind === 'image' ? Image : FileText
  return <Icon className="file-chip-icon" size={20} strokeWidth={1.5} aria-hidden />
}
