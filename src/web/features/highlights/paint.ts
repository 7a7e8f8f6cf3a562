import type { HighlightColor } from '../../../contract/highlights.ts'

/** Whether the browser marks ranges itself (CSS Custom Highlight API); else boxes are laid behind the words. */
export const hasHighlights = typeof Highlight !== 'undefined' && 'highlights' in CSS

const marks = new Map<string, Highlight>()

/** One mark of the page for each colour, which all messages share. */
function markOf(color: HighlightColor): Highlight {
  let mark = marks.get(color)
  if (!mark) {
    mark = new Highlight()
    marks.set(color, mark)
    CSS.highlights.set(`parley-${color}`, mark)
  }
  return mark
}

/** Marks ranges of the page without touching it. Returns the way back. */
export function paint(ranges: readonly { range: Range; color: HighlightColor }[]): () => void {
  for (const { range, color } of ranges) markOf(color).add(range)
  return () => {
    for (const { range, color } of ranges) markOf(color).delete(range)
  }
}
