import { ArrowUpLeft, ChevronLeft, ChevronRight, Copy, Download, Maximize2, Minimize2, Play, Square, X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import type { MessageId } from '../../../contract/ids.ts'
import { t } from '../../strings/index.ts'
import { Button } from '../../ui/button.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { useIsNarrow } from '../../ui/media-query.ts'
import { EmptyState } from '../../ui/states.tsx'
import type { TranscriptWindow } from '../conversations/transcript/window.ts'
import { useCopy } from '../conversations/use-copy.ts'
import { addressOf } from './artifact-address.ts'
import { ArtifactView } from './artifact-view.tsx'
import { fileNameOf } from './find-artifacts.ts'
import { saveText } from './save-text.ts'
import { a } from './strings.ts'
import { type LiveArtifact, useArtifacts } from './use-artifacts.ts'
import './artifact-panel.css'

interface Props {
  window: TranscriptWindow
  address: string
  /** Opened by hand and not by the address of the page: only then it runs by itself. */
  isWanted: boolean
  /** Whether there may be older versions that are not loaded. */
  onLoadOlder: (() => void) | null
  onChoose: (address: string) => void
  onShowMessage: (messageId: MessageId | null) => void
  onClose: () => void
}

/** An artifact beside the conversation; on a phone in its place. */
export function ArtifactPanel({ window, address, isWanted, onLoadOlder, onChoose, onShowMessage, onClose }: Props) {
  const all = useArtifacts(window)
  const chosen = all.find((one) => addressOf(one) === address)
  const versions = chosen ? all.filter(({ key }) => key === chosen.key) : []
  const [isWide, setWide] = useState(false)
  const isNarrow = useIsNarrow()
  const close = useRef<HTMLButtonElement>(null)
  const [place, setPlace] = useState<HTMLElement | null>(null)
  useEffect(() => setPlace(document.getElementById('beside')), [])
  useEffect(() => close.current?.focus({ preventScroll: true }), [place])
  useCovered(place, isWide || isNarrow)
  useNewest(versions, address, onChoose)

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    // And stops no answer.
    event.stopPropagation()
    event.preventDefault()
    if (isWide) setWide(false)
    else onClose()
  }
  const name = chosen ? chosen.name || a(`kind.${chosen.kind}`) : ''
  if (!place) return null
  return createPortal(
    <aside
      className="artifact-panel"
      data-covers={isWide || isNarrow || undefined}
      aria-label={a('panel', { name })}
      onKeyDownCapture={onKeyDown}
    >
      <header className="artifact-bar">
        <h2 className="artifact-name" title={name}>
          {name}
        </h2>
        {chosen && <Tools artifact={chosen} onShowMessage={() => onShowMessage(chosen.messageId)} />}
        {!isNarrow && (
          <IconButton
            icon={isWide ? Minimize2 : Maximize2}
            label={a(isWide ? 'narrow' : 'wide')}
            aria-pressed={isWide}
            onClick={() => setWide(!isWide)}
          />
        )}
        <IconButton ref={close} icon={X} label={t('ui.close')} onClick={onClose} />
      </header>
      {chosen ? (
        <Shown key={address} artifact={chosen} isWanted={isWanted}>
          <Versions versions={versions} chosen={chosen} onChoose={onChoose} onLoadOlder={onLoadOlder} />
        </Shown>
      ) : (
        <EmptyState title={a('gone')} action={<Button onClick={() => onShowMessage(null)}>{a('gone.look')}</Button>}>
          {a('gone.text')}
        </EmptyState>
      )}
    </aside>,
    place,
  )
}

/** What lies below the panel is out of reach while it covers it. */
function useCovered(place: HTMLElement | null, isCovering: boolean) {
  useEffect(() => {
    if (!place || !isCovering) return
    const covered = [...(place.parentElement?.children ?? [])].filter((one) => one !== place)
    for (const one of covered) one.toggleAttribute('inert', true)
    return () => covered.forEach((one) => one.toggleAttribute('inert', false))
  }, [place, isCovering])
}

/** Whoever looks at the newest version goes on to the next one. */
function useNewest(versions: readonly LiveArtifact[], address: string, onChoose: (address: string) => void) {
  const last = versions.at(-1)
  const newest = last && addressOf(last)
  const before = useRef(newest)
  useEffect(() => {
    if (newest === undefined) return
    if (before.current === address && newest !== before.current) onChoose(newest)
    before.current = newest
  }, [newest, address, onChoose])
}

function Tools({ artifact, onShowMessage }: { artifact: LiveArtifact; onShowMessage: () => void }) {
  const { copy } = useCopy()
  return (
    <>
      <IconButton icon={ArrowUpLeft} label={a('message')} onClick={onShowMessage} />
      <IconButton icon={Copy} label={a('copy')} onClick={() => copy(artifact.text)} />
      <IconButton icon={Download} label={a('download')} onClick={() => saveText(fileNameOf(artifact), artifact.text)} />
    </>
  )
}

interface ShownProps {
  artifact: LiveArtifact
  isWanted: boolean
  children: React.ReactNode
}

function Shown({ artifact, isWanted, children }: ShownProps) {
  const { kind } = artifact
  const [view, setView] = useState<'preview' | 'source'>(kind === 'code' ? 'source' : 'preview')
  const [isRunning, setRunning] = useState(isWanted)
  const runs = kind === 'html' || kind === 'svg'
  return (
    <>
      <div className="artifact-ways">
        {kind !== 'code' && (
          <div role="group" aria-label={a('view')} className="artifact-views">
            {(['preview', 'source'] as const).map((one) => (
              <button key={one} type="button" aria-pressed={view === one} onClick={() => setView(one)}>
                {a(one)}
              </button>
            ))}
          </div>
        )}
        {children}
        {runs && view === 'preview' && !artifact.isBeingWritten && (
          <Button size="s" variant="quiet" icon={isRunning ? Square : Play} onClick={() => setRunning(!isRunning)}>
            {a(isRunning ? 'stop' : 'run')}
          </Button>
        )}
      </div>
      <ArtifactView artifact={artifact} view={view} isRunning={isRunning} onRun={() => setRunning(true)} />
    </>
  )
}

interface VersionsProps {
  versions: readonly LiveArtifact[]
  chosen: LiveArtifact
  onChoose: (address: string) => void
  onLoadOlder: (() => void) | null
}

function Versions({ versions, chosen, onChoose, onLoadOlder }: VersionsProps) {
  const at = versions.indexOf(chosen)
  const go = (by: number) => {
    const next = versions[at + by]
    if (next) onChoose(addressOf(next))
  }
  if (versions.length < 2 && !onLoadOlder) return null
  return (
    <div role="group" aria-label={a('version')} className="artifact-versions">
      {versions.length > 1 && (
        <>
          <IconButton size="s" icon={ChevronLeft} label={a('version.older')} disabled={at === 0} onClick={() => go(-1)} />
          <span className="numeric" role="status">
            {a('version.of', { number: at + 1, count: versions.length })}
          </span>
          <IconButton size="s" icon={ChevronRight} label={a('version.newer')} disabled={at === versions.length - 1} onClick={() => go(1)} />
        </>
      )}
      {onLoadOlder && at === 0 && (
        <Button size="s" variant="quiet" onClick={onLoadOlder}>
          {a('version.more')}
        </Button>
      )}
    </div>
  )
}
