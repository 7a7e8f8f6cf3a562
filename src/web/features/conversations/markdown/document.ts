import { type Block, type ListItem, nextBlock, type References } from './blocks.ts'

export interface MarkdownDocument {
  text: string
  blocks: readonly Block[]
  references: References
  /** Line at which the last block begins; what stands before is final. */
  tail: number
  lines: readonly string[]
}

const emptyDocument: MarkdownDocument = { text: '', blocks: [], references: new Map(), tail: 0, lines: [] }

/**
 * The document of `text`. When `previous` is the document of its beginning, only its last block and what follows are read again, and blocks
 * that did not change are the same objects, so that nobody has to draw them again.
 */
export function readDocument(text: string, previous: MarkdownDocument = emptyDocument): MarkdownDocument {
  if (previous.text === text) return previous
  const goesOn = previous.blocks.length > 0 && text.startsWith(previous.text)
  const lines = goesOn ? continueLines(previous, text) : splitLines(text)
  const references: References = goesOn ? new Map(previous.references) : new Map()
  const blocks: Block[] = goesOn ? previous.blocks.slice(0, -1) : []
  let tail = goesOn ? previous.tail : 0
  let from = tail
  for (let next = nextBlock(lines, from, references); next; next = nextBlock(lines, from, references)) {
    const before = previous.blocks[blocks.length]
    blocks.push(before && goesOn ? reuse(before, next.block) : next.block)
    tail = from
    from = next.end
  }
  // A reference that arrives late changes what earlier blocks mean.
  const isSettled = references.size === previous.references.size
  return { text, blocks, references: goesOn && isSettled ? previous.references : references, tail, lines }
}

const splitLines = (text: string): string[] => text.replace(/\r\n?/g, '\n').split('\n')

function continueLines(previous: MarkdownDocument, text: string): string[] {
  const last = previous.lines.length - 1
  const added = splitLines((previous.lines[last] ?? '') + text.slice(previous.text.length))
  return [...previous.lines.slice(0, last), ...added]
}

function reuse(before: Block, after: Block): Block {
  if (before.type === after.type && before.source === after.source) return isSame(before, after) ? before : after
  if (before.type === 'list' && after.type === 'list') return { ...after, items: after.items.map((item, index) => reuseItem(before.items[index], item)) }
  if (before.type === 'quote' && after.type === 'quote') return { ...after, blocks: reuseAll(before.blocks, after.blocks) }
  return after
}

/** The same lines, but a code block may have been closed and a list made loose by what follows. */
const isSame = (before: Block, after: Block): boolean =>
  before.type === 'code' && after.type === 'code' ? before.isClosed === after.isClosed : !(before.type === 'list' && after.type === 'list') || before.isTight === after.isTight

const reuseAll = (before: readonly Block[], after: readonly Block[]): Block[] =>
  after.map((block, index) => (before[index] ? reuse(before[index], block) : block))

function reuseItem(before: ListItem | undefined, after: ListItem): ListItem {
  if (!before) return after
  return before.source === after.source ? before : { ...after, blocks: reuseAll(before.blocks, after.blocks) }
}
