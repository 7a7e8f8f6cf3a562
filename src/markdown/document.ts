import { type Block, type ListItem, nextBlock, type References } from './blocks.ts'

export interface MarkdownDocument {
  text: string
  lines: readonly string[]
  blocks: readonly Block[]
  /** For each block: where reading it began, its first line, and how many references were known by then. */
  places: readonly { from: number; line: number; references: number }[]
  references: References
}

/** Reads the successive states of one growing text. */
export function documentReader(): (text: string) => MarkdownDocument {
  let last: MarkdownDocument | undefined
  return (text) => (last = readDocument(text, last))
}

const emptyDocument: MarkdownDocument = { text: '', lines: [], blocks: [], places: [], references: new Map() }

/**
 * The document of `text`. When `previous` is the document of its beginning, only its end is read again, and blocks that did not change are the
 * same objects, so that nobody has to draw them again.
 */
export function readDocument(text: string, previous: MarkdownDocument = emptyDocument): MarkdownDocument {
  if (previous.text === text) return previous
  const kept = text.startsWith(previous.text) ? settledBlocks(previous) : 0
  const place = kept === 0 ? { from: 0, references: 0 } : previous.places[kept]!
  const lines = kept === 0 ? splitLines(text) : continueLines(previous, text)
  const references: References = new Map([...previous.references].slice(0, place.references))
  const blocks = previous.blocks.slice(0, kept)
  const places = previous.places.slice(0, kept)
  for (let from = place.from; from < lines.length; ) {
    const known = references.size
    const next = nextBlock(lines, from, references)
    if (!next) break
    const before = previous.blocks[blocks.length]
    blocks.push(before ? reuse(before, next.block) : next.block)
    places.push({ from, line: next.start, references: known })
    from = next.end
  }
  // The same object while nothing changed: a reference that arrives late changes what earlier blocks mean.
  return { text, lines, blocks, places, references: isEqual(references, previous.references) ? previous.references : references }
}

/**
 * How many blocks no further text can change. The last line may still become something else, and with it the line above (the head of a table);
 * a block that begins there may turn out to belong to the one before it.
 */
function settledBlocks({ lines, places }: MarkdownDocument): number {
  let open = places.length
  while (open > 0 && places[open - 1]!.line >= lines.length - 2) open -= 1
  return Math.max(0, open - 1)
}

const isEqual = (a: References, b: References): boolean =>
  a.size === b.size && [...a].every(([name, { url, title }]) => b.get(name)?.url === url && b.get(name)?.title === title)

const splitLines = (text: string): string[] => text.replaceAll('\r\n', '\n').split('\n')

function continueLines(previous: MarkdownDocument, text: string): string[] {
  const last = previous.lines.length - 1
  const added = splitLines((previous.lines[last] ?? '') + text.slice(previous.text.length))
  return [...previous.lines.slice(0, last), ...added]
}

function reuse(before: Block, after: Block): Block {
  if (before.type === after.type && before.source === after.source) return isSame(before, after) ? before : after
  if (before.type === 'list' && after.type === 'list')
    return { ...after, items: after.items.map((item, index) => reuseItem(before.items[index], item)) }
  if (before.type === 'quote' && after.type === 'quote') return { ...after, blocks: reuseAll(before.blocks, after.blocks) }
  return after
}

/** The same lines, but a code block may have been closed and a list made loose by what follows. */
const isSame = (before: Block, after: Block): boolean =>
  'isClosed' in before && 'isClosed' in after
    ? before.isClosed === after.isClosed
    : !(before.type === 'list' && after.type === 'list') || before.isTight === after.isTight

const reuseAll = (before: readonly Block[], after: readonly Block[]): Block[] =>
  after.map((block, index) => (before[index] ? reuse(before[index], block) : block))

function reuseItem(before: ListItem | undefined, after: ListItem): ListItem {
  if (!before) return after
  return before.source === after.source ? before : { ...after, blocks: reuseAll(before.blocks, after.blocks) }
}
