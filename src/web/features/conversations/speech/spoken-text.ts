import { type Block, parseInline, plainText, readDocument, type References } from '../../../../markdown/index.ts'

/** One breath: longer pieces are cut off by some voices. */
const maxPiece = 220

/** What is read aloud, sentence by sentence: words without marks. Code is named, not read; addresses are not spelled out. */
export function spokenPieces(markdown: string, codeLeftOut: string): string[] {
  const { blocks, references } = readDocument(markdown)
  return blocks.flatMap((block) => wordsOf(block, references, codeLeftOut)).flatMap(divide)
}

function wordsOf(block: Block, references: References, codeLeftOut: string): string[] {
  const inline = (text: string) =>
    plainText(parseInline(text, references))
      .replaceAll(/https?:\/\/(?:www\.)?([^/\s]+)\S*/g, '$1')
      .replaceAll(/\s+/g, ' ')
      .trim()
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return [inline(block.text)]
    case 'code':
      return [codeLeftOut]
    case 'formula':
      return [block.text]
    case 'quote':
      return block.blocks.flatMap((inner) => wordsOf(inner, references, codeLeftOut))
    case 'list':
      return block.items.flatMap(({ blocks }) => blocks.flatMap((inner) => wordsOf(inner, references, codeLeftOut)))
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(inline).filter(Boolean).join(', '))
    case 'rule':
      return []
  }
}

function divide(text: string): string[] {
  const pieces: string[] = []
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text)) {
    let rest = segment.trim()
    while (rest.length > maxPiece) {
      const at = Math.max(rest.lastIndexOf(', ', maxPiece), rest.lastIndexOf(' ', maxPiece))
      const end = at > maxPiece / 2 ? at + 1 : maxPiece
      pieces.push(rest.slice(0, end).trim())
      rest = rest.slice(end).trim()
    }
    if (/[\p{L}\p{N}]/u.test(rest)) pieces.push(rest)
  }
  return pieces
}
