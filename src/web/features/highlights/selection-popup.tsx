import { TextQuote } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { HighlightColor } from '../../../contract/highlights.ts'
import { highlightColors, maxQuoteLength } from '../../../contract/mark-choices.ts'
import type { ConversationId, MessageId } from '../../../contract/ids.ts'
import { useShortcut } from '../../ui/shortcut.ts'
import { quoteAt, readDrawn } from './drawn-text.ts'
import { addHighlight } from './highlight-queries.ts'
import { h } from './strings.ts'
import './highlights.css'

interface Props {
  conversationId: ConversationId
  /** The message at a depth, as the page names it. */
  messageIdAt: (depth: number) => MessageId | undefined
  onQuote: (text: string) => void
}

/** Long enough for a selection to be finished rather than under way. */
const pauseMs = 150

/** Appears beside words that were selected in an answer. The selection itself stays: it may be for copying. */
export function SelectionPopup({ conversationId, messageIdAt, onQuote }: Props) {
  const [place, setPlace] = useState<{ left: number; top: number } | null>(null)
  const lastColor = useRef<HighlightColor>('yellow')

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      clearTimeout(timer)
      timer = setTimeout(() => setPlace(placeOfSelection()), pauseMs)
    }
    const hide = () => setPlace(null)
    document.addEventListener('selectionchange', look)
    document.addEventListener('scroll', hide, { capture: true, passive: true })
    return () => {
      clearTimeout(timer)
      document.removeEventListener('selectionchange', look)
      document.removeEventListener('scroll', hide, { capture: true })
    }
  }, [])

  function mark(color: HighlightColor) {
    const selected = readSelection()
    const messageId = selected && messageIdAt(selected.depth)
    if (!selected || messageId === undefined) return
    lastColor.current = color
    setPlace(null)
    getSelection()?.removeAllRanges()
    const { quote, place: at } = selected.quoted
    void addHighlight({
      conversationId,
      messageId,
      kind: selected.isCode ? 'code' : 'text',
      language: selected.language,
      textQuote: quote,
      ...at,
      color,
    })
  }
  useShortcut('H', () => mark(lastColor.current))
  function quote() {
    const selected = readSelection()
    if (!selected) return
    setPlace(null)
    getSelection()?.removeAllRanges()
    onQuote(selected.quoted.quote.exact)
  }
  useShortcut('Q', quote)

  if (!place) return null
  return (
    // The press of a button must not take the selection away.
    <div
      className="selection-popup"
      role="group"
      aria-label={h('popup.label')}
      style={place}
      onPointerDown={(event) => event.preventDefault()}
      onMouseDown={(event) => event.preventDefault()}
    >
      {highlightColors.map((color) => (
        <button
          key={color}
          type="button"
          className="highlight-color"
          data-color={color}
          aria-label={h('popup.color', { color: h(`color.${color}`) })}
          title={h(`color.${color}`)}
          onClick={() => mark(color)}
        />
      ))}
      <button
        type="button"
        className="highlight-color selection-quote"
        aria-label={h('popup.quote')}
        title={h('popup.quote')}
        onClick={quote}
      >
        <TextQuote size={16} strokeWidth={1.75} aria-hidden />
      </button>
    </div>
  )
}

function selectedRange(): { range: Range; message: HTMLElement } | undefined {
  const selection = getSelection()
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return undefined
  const range = selection.getRangeAt(0)
  const start = range.startContainer
  const message = (start instanceof Element ? start : start.parentElement)?.closest<HTMLElement>('.message[data-role=assistant]')
  return message ? { range, message } : undefined
}

function readSelection() {
  const selected = selectedRange()
  if (!selected) return undefined
  const { range, message } = selected
  const drawn = readDrawn(message)
  const place = drawn.placeOf(range)
  const quoted = place && quoteAt(drawn.text, place)
  if (!quoted || quoted.quote.exact.length > maxQuoteLength) return undefined
  const common = range.commonAncestorContainer
  const code = (common instanceof Element ? common : common.parentElement)?.closest('.md-code')
  return {
    depth: Number(message.dataset.message),
    quoted,
    isCode: code !== null && code !== undefined,
    language: code?.getAttribute('data-language') || null,
  }
}

/** Above the selection, or below where a finger has the browser's own menu above it. */
function placeOfSelection(): { left: number; top: number } | null {
  const selected = selectedRange()
  if (!selected || !readSelection()) return null
  const { left, top, bottom, width } = selected.range.getBoundingClientRect()
  const isTouched = matchMedia('(pointer: coarse)').matches
  const [halfWidth, height] = isTouched ? [128, 56] : [94, 44]
  const y = isTouched || top < 110 ? bottom + 8 : top - height - 4
  return {
    left: Math.round(Math.max(8 + halfWidth, Math.min(innerWidth - 8 - halfWidth, left + width / 2))),
    top: Math.round(Math.max(8, Math.min(innerHeight - height - 8, y))),
  }
}
