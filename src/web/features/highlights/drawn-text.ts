import type { TextQuote } from '../../../contract/highlights.ts'
import { quoteContextLength } from '../../../contract/mark-choices.ts'
import type { Place } from './find-quote.ts'

const block = 'p, li, h1, h2, h3, h4, h5, h6, pre, td, th, blockquote'
/** What the app says beside the words of an answer. */
const notWords = 'figcaption, button, .visually-hidden'
/** A formula is drawn twice, for eyes and for readers of screens; its words are what was written, which stands beside. */
const drawing = '.katex'

/** The words of a message as they are drawn, with the way from a place in them to the page and back. */
export interface DrawnText {
  text: string
  rangeOf(place: Place): Range | undefined
  placeOf(range: Range): Place | undefined
}

/** Words in different blocks are divided by a line break, which stands nowhere on the page. */
export function readDrawn(message: Element): DrawnText {
  const pieces: { node: Text; from: number }[] = []
  let text = ''
  let last: Element | null = null
  for (const root of message.querySelectorAll('.answer-text')) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
      const parent = node.parentElement
      if (!parent || parent.closest(notWords) || (parent.closest(drawing) && parent.localName !== 'annotation')) continue
      const inside = parent.closest(block)
      if (text !== '' && inside !== last) text += '\n'
      last = inside
      pieces.push({ node, from: text.length })
      text += node.data
    }
  }
  const pieceAt = (offset: number) => pieces.findLast(({ from }) => from <= offset)
  return {
    text,
    rangeOf({ start, end }) {
      const first = pieceAt(start)
      const final = pieceAt(end - 1)
      if (!first || !final) return undefined
      const range = document.createRange()
      range.setStart(first.node, Math.min(start - first.from, first.node.length))
      range.setEnd(final.node, Math.min(end - final.from, final.node.length))
      return range
    },
    placeOf(range) {
      const inside = pieces.filter(({ node }) => node.length > 0 && range.intersectsNode(node))
      const first = inside[0]
      const final = inside.at(-1)
      if (!first || !final) return undefined
      const start = first.from + (range.startContainer === first.node ? range.startOffset : 0)
      const end = final.from + (range.endContainer === final.node ? range.endOffset : final.node.length)
      return end > start ? { start, end } : undefined
    },
  }
}

/** What is between, without the blank space at its ends; undefined where nothing else is. */
export function quoteAt(text: string, place: Place): { quote: TextQuote; place: Place } | undefined {
  const chosen = text.slice(place.start, place.end)
  const start = place.start + (chosen.length - chosen.trimStart().length)
  const end = place.end - (chosen.length - chosen.trimEnd().length)
  if (end <= start) return undefined
  const quote = {
    exact: text.slice(start, end),
    prefix: text.slice(Math.max(0, start - quoteContextLength), start),
    suffix: text.slice(end, end + quoteContextLength),
  }
  return { quote, place: { start, end } }
}
