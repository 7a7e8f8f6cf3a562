import { ChevronRight, Highlighter } from 'lucide-react'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import type { Highlight } from '../../../contract/highlights.ts'
import { readDrawn } from './drawn-text.ts'
import { findQuote } from './find-quote.ts'
import { hasHighlights, paint } from './paint.ts'
import { textOfMarkdown } from './plain-text.ts'
import { h } from './strings.ts'
import './highlights.css'

const HighlightEditor = lazy(() => import('./highlight-editor.tsx').then((module) => ({ default: module.HighlightEditor })))

interface Box {
  key: string
  color: Highlight['color']
  left: number
  top: number
  width: number
  height: number
}

const snippetLength = 90
export const snippet = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > snippetLength ? `${line.slice(0, snippetLength).trimEnd()}…` : line
}

/** Draws what a reader marked in this message, as often as the message is drawn anew, and lists it for the keyboard. */
export function MessageHighlights({ highlights, source }: { highlights: readonly Highlight[]; source: string }) {
  const root = useRef<HTMLDivElement>(null)
  const [boxes, setBoxes] = useState<readonly Box[]>([])
  const [isOpen, setOpen] = useState(false)
  const [editing, setEditing] = useState<Highlight['id'] | null>(null)
  const gone = useMemo(() => goneOf(highlights, source), [highlights, source])
  const edited = highlights.find(({ id }) => id === editing)

  useEffect(() => {
    const message = root.current?.closest('.message')
    if (!message) return
    let unpaint = () => {}
    let frame = 0
    let drawn: { highlight: Highlight; range: Range }[] = []
    const draw = () => {
      unpaint()
      drawn = rangesOf(message, highlights)
      unpaint = hasHighlights ? paint(drawn.map(({ range, highlight: { color } }) => ({ range, color }))) : () => {}
      if (!hasHighlights) setBoxes(boxesOf(message, drawn))
    }
    const drawSoon = () => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(draw)
    }
    const press = (event: Event) => {
      if (!(event instanceof MouseEvent) || !getSelection()?.isCollapsed) return
      if (event.target instanceof Element && event.target.closest('a, button')) return
      const hit = drawn.find(({ range }) =>
        [...range.getClientRects()].some(
          ({ left, right, top, bottom }) =>
            event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom,
        ),
      )
      if (hit) setEditing(hit.highlight.id)
    }
    draw()
    const mutations = new MutationObserver(drawSoon)
    for (const text of message.querySelectorAll('.answer-text'))
      mutations.observe(text, { childList: true, characterData: true, subtree: true })
    const sizes = new ResizeObserver(drawSoon)
    if (!hasHighlights) sizes.observe(message)
    message.addEventListener('click', press)
    return () => {
      cancelAnimationFrame(frame)
      mutations.disconnect()
      sizes.disconnect()
      message.removeEventListener('click', press)
      unpaint()
    }
  }, [highlights])

  return (
    <div ref={root} className="message-highlights">
      {boxes.map(({ key, color, ...place }) => (
        <span key={key} className="highlight-box" data-color={color} style={place} aria-hidden />
      ))}
      <button type="button" className="message-highlights-count" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Highlighter size={14} strokeWidth={1.75} aria-hidden />
        {h('message.count', { count: highlights.length })}
        {gone.size > 0 && <span className="highlight-gone">{h('message.gone')}</span>}
        <ChevronRight size={14} strokeWidth={1.75} aria-hidden />
      </button>
      {isOpen && (
        <ul className="message-highlights-list">
          {highlights.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                className="highlight-item"
                aria-label={h('edit', { text: snippet(one.textQuote.exact) })}
                onClick={() => setEditing(one.id)}
              >
                <span className="highlight-mark" data-color={one.color}>
                  {snippet(one.textQuote.exact)}
                </span>
                {gone.has(one.id) && <span className="highlight-gone">{h('message.gone')}</span>}
                {one.note && <span className="highlight-note">{one.note}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
      <Suspense>{edited && <HighlightEditor highlight={edited} onClose={() => setEditing(null)} />}</Suspense>
    </div>
  )
}

function rangesOf(message: Element, highlights: readonly Highlight[]): { highlight: Highlight; range: Range }[] {
  const drawn = readDrawn(message)
  return highlights.flatMap((highlight) => {
    const place = findQuote(drawn.text, highlight.textQuote, highlight.start)
    const range = place && drawn.rangeOf(place)
    return range ? [{ highlight, range }] : []
  })
}

/** Of a long message only a part may be drawn, so what is gone is asked of its source. */
function goneOf(highlights: readonly Highlight[], source: string): ReadonlySet<string> {
  const text = textOfMarkdown(source)
  return new Set(highlights.filter(({ textQuote }) => !findQuote(text, textQuote, null)).map(({ id }) => id))
}

function boxesOf(message: Element, drawn: readonly { highlight: Highlight; range: Range }[]): Box[] {
  const origin = message.getBoundingClientRect()
  return drawn.flatMap(({ highlight: { id, color }, range }) =>
    [...range.getClientRects()].map(({ left, top, width, height }, index) => {
      return { key: `${id} ${index}`, color, left: left - origin.left, top: top - origin.top, width, height }
    }),
  )
}
