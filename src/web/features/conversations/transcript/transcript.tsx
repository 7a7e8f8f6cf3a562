import { useVirtualizer, defaultRangeExtractor, type Range } from '@tanstack/react-virtual'
import { useQuery } from '@tanstack/react-query'
import { ArrowDown } from 'lucide-react'
import { flushSync } from 'react-dom'
import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { ConversationId, MessageId } from '../../../../contract/ids.ts'
import type { Message } from '../../../../contract/messages.ts'
import { t } from '../../../strings/index.ts'
import { IconButton } from '../../../ui/icon-button.tsx'
import { useMediaQuery } from '../../../ui/media-query.ts'
import { useShortcut } from '../../../ui/shortcut.ts'
import { Skeleton } from '../../../ui/skeleton.tsx'
import { showError, showToast } from '../../../ui/toast.tsx'
import { highlightsOf } from '../../highlights/highlight-queries.ts'
import { SelectionPopup } from '../../highlights/selection-popup.tsx'
import { useChildren } from '../children/use-children.ts'
import type { Sending } from '../live/sending.ts'
import { ReadingBar } from '../speech/reading-bar.tsx'
import { writeClipboard, writeRich } from '../use-copy.ts'
import { liveTurns } from '../live/live.ts'
import { useMessageActions } from './message-actions-context.ts'
import { textOf } from './message-text.ts'
import { MessageRow } from './message-row.tsx'
import { SendingRow } from './sending-row.tsx'
import { loadAround } from './transcript-query.ts'
import { useBranchFocus } from './use-branch-focus.ts'
import type { TranscriptWindow } from './window.ts'
import './transcript.css'

export interface TranscriptHandle {
  toEnd: () => void
  /** Shows the message at this depth, which is loaded, and gives it the focus. */
  toMessage: (depth: number) => void
  /** The focus is in the versions of a message that this one will replace: it goes on in the same place there. */
  keepFocus: (siblingId: MessageId) => void
}

interface Props {
  conversationId: ConversationId
  window: TranscriptWindow
  sendings: readonly Sending[]
  editingId: MessageId | null
  /** What a search has led to. */
  foundId?: string | undefined
  ref: Ref<TranscriptHandle>
}

/** Closer to the end than this, the reader is at the end: new text is followed. Less than one turn of a wheel. */
const endPx = 24
/** Further away than this, a way back is offered. */
const farPx = 240
/** Loaded this many messages before they come into view. */
const ahead = 25

/** Until it was drawn once. Questions are short, answers are not. */
const estimateSize = (depth: number): number => (depth % 2 === 0 ? 110 : 360)

/**
 * The shown path as one column. Every message has a place from the first moment, loaded or not, so the bar at the side tells the truth and
 * loading moves nothing; only what is near is drawn.
 */
export function Transcript({ conversationId, window, sendings, editingId, foundId, ref }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const [isFar, setFar] = useState(false)
  const [tabStop, setTabStop] = useState<number | null>(null)
  const [pointed, setPointed] = useState<number>()
  const isTouch = useMediaQuery('(hover: none)')
  const actions = useMessageActions()
  const marked = useQuery(highlightsOf(conversationId))
  const highlights = useMemo(() => Map.groupBy(marked.data ?? [], ({ messageId }) => messageId), [marked.data])

  const asides = useChildren(conversationId)

  // A message that is edited or asked again hides what stood in its place while it is under way.
  const shownLength = Math.min(window.pathLength, ...sendings.map((sending) => sending.depth ?? window.pathLength))
  const count = shownLength + sendings.length
  const current = Math.min(tabStop ?? shownLength - 1, shownLength - 1)
  const editingDepth = editingId === null ? -1 : depthOf(window, editingId)

  const virtualizer = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize,
    getItemKey: (index) =>
      index < shownLength ? (window.messages.get(index)?.id ?? index) : (sendings[index - shownLength]?.key ?? index),
    overscan: 4,
    paddingStart: 8,
    paddingEnd: 24,
    anchorTo: 'end',
    followOnAppend: 'auto',
    scrollEndThreshold: endPx,
    directDomUpdates: true,
    directDomUpdatesMode: 'position',
    // What has the focus, or is being edited, stays even when it is scrolled away.
    rangeExtractor: (range: Range) => withKept(defaultRangeExtractor(range), [tabStop ?? -1, editingDepth], count),
    onChange: (instance) => setFar(!instance.isAtEnd(farPx)),
  })

  useLayoutEffect(() => virtualizer.scrollToEnd(), [virtualizer])
  const keepFocus = useBranchFocus(scroller, window)
  useImperativeHandle(ref, () => ({ toEnd: () => virtualizer.scrollToEnd(), toMessage: (depth) => moveTo(depth, 'center'), keepFocus }))

  const { startIndex = 0, endIndex = 0 } = virtualizer.range ?? {}
  useEffect(() => {
    loadAround(conversationId, startIndex - ahead, endIndex + ahead).catch((error: unknown) => showError(error))
  }, [conversationId, startIndex, endIndex, window.pathLength])

  function moveTo(depth: number, align: 'auto' | 'center' = 'auto') {
    const target = Math.max(0, Math.min(shownLength - 1, depth))
    // Drawn at once, wherever it is, so that it can take the focus.
    flushSync(() => setTabStop(target))
    virtualizer.scrollToIndex(target, { align })
    scroller.current?.querySelector<HTMLElement>(`[data-message="${target}"]`)?.focus({ preventScroll: true })
  }
  /** Single letters act on the message that has the focus itself, never on something inside it. */
  function onFocusedMessage(act: (message: Message) => void) {
    const depth = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.message : undefined
    const message = depth === undefined ? undefined : window.messages.get(Number(depth))
    if (message) act(message)
  }
  const partsOf = (message: Message) => (message.answer ? liveTurns.get(message.answer.turnId)?.parts : undefined) ?? message.parts
  useShortcut('C', () =>
    onFocusedMessage((message) => {
      const write = message.role === 'assistant' ? writeRich : writeClipboard
      void write(textOf(partsOf(message))).then((isDone) => isDone && showToast({ title: t('ui.copied') }))
    }),
  )
  useShortcut('E', () => onFocusedMessage((message) => message.role === 'user' && actions.startEdit(message)))
  useShortcut('R', () => onFocusedMessage(actions.tryAgain))
  const hasFocus = () => scroller.current?.contains(document.activeElement) === true && document.activeElement !== scroller.current
  useShortcut('J', () => moveTo(hasFocus() ? current + 1 : startIndex))
  useShortcut('K', () => moveTo(hasFocus() ? current - 1 : shownLength - 1))

  return (
    <div className="transcript">
      <div
        ref={scroller}
        className="transcript-scroll"
        data-scroller
        onFocus={(event) => {
          const depth = depthAt(event.target)
          if (depth !== undefined) setTabStop(depth)
        }}
        onPointerOver={(event) => setPointed(depthAt(event.target))}
        onPointerLeave={() => setPointed(undefined)}
      >
        <div
          ref={virtualizer.containerRef}
          className="transcript-column"
          {...(count > 0 && { role: 'feed', 'aria-label': t('conversation.transcript') })}
        >
          {virtualizer.getVirtualItems().map(({ key, index }) => {
            const message = index < shownLength ? window.messages.get(index) : undefined
            const sending = sendings[index - shownLength]
            return (
              <div
                key={key}
                ref={virtualizer.measureElement}
                data-index={index}
                className="transcript-row"
                data-found={(message && message.id === foundId) || undefined}
              >
                {message ? (
                  <MessageRow
                    message={message}
                    highlights={highlights.get(message.id)}
                    asides={asides.get(message.id)}
                    total={window.pathLength}
                    isEditing={message.id === editingId}
                    isTabStop={index === current}
                    isPointedAt={isTouch || index === pointed || index === tabStop}
                  />
                ) : sending ? (
                  <SendingRow sending={sending} />
                ) : (
                  <Gap depth={index} />
                )}
              </div>
            )
          })}
        </div>
      </div>
      {count === 0 && <p className="transcript-empty">{t('conversation.empty')}</p>}
      <SelectionPopup conversationId={conversationId} messageIdAt={(depth) => window.messages.get(depth)?.id} onQuote={actions.quote} />
      <ReadingBar conversationId={conversationId} />
      <div className="transcript-latest" data-shown={isFar || undefined}>
        <IconButton icon={ArrowDown} label={t('conversation.latest')} tabIndex={isFar ? 0 : -1} onClick={() => virtualizer.scrollToEnd()} />
      </div>
    </div>
  )
}

function depthAt(target: EventTarget): number | undefined {
  const depth = target instanceof Element ? target.closest<HTMLElement>('[data-message]')?.dataset.message : undefined
  return depth === undefined ? undefined : Number(depth)
}

function depthOf(window: TranscriptWindow, id: MessageId): number {
  for (const [depth, message] of window.messages) if (message.id === id) return depth
  return -1
}

function withKept(indexes: number[], kept: number[], count: number): number[] {
  const missing = kept.filter((index) => index >= 0 && index < count && !indexes.includes(index))
  return missing.length === 0 ? indexes : [...indexes, ...missing].toSorted((a, b) => a - b)
}

/** Where a message will be, in about its shape. */
function Gap({ depth }: { depth: number }) {
  return (
    <div className="gap" data-role={depth % 2 === 0 ? 'user' : 'assistant'} style={{ height: estimateSize(depth) }} aria-hidden>
      <Skeleton width="100%" height="0.875rem" />
      <Skeleton width="94%" height="0.875rem" />
      {depth % 2 === 1 && <Skeleton width="60%" height="0.875rem" />}
    </div>
  )
}
