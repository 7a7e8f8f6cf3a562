import { type Block, type Inline, parseInline, readDocument, type References } from '../../../markdown/index.ts'

/** The addresses of the pictures that a text names, as whoever draws it reads them. */
export function picturesOf(text: string): Set<string> {
  const found = new Set<string>()
  if (!text.includes('![')) return found
  const { blocks, references } = readDocument(text)
  for (const block of blocks) inBlock(block, references, found)
  return found
}

function inBlock(block: Block, references: References, found: Set<string>): void {
  const read = (source: string) => inNodes(parseInline(source, references), found)
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return read(block.text)
    case 'quote':
      return block.blocks.forEach((inner) => inBlock(inner, references, found))
    case 'list':
      return block.items.forEach((item) => item.blocks.forEach((inner) => inBlock(inner, references, found)))
    case 'table':
      return [block.head, ...block.rows].flat().forEach(read)
    case 'formula':
      return block.isClosed ? undefined : read(block.source)
    case 'code':
    case 'rule':
      return
  }
}

function inNodes(nodes: readonly Inline[], found: Set<string>): void {
  for (const node of nodes) {
    if (typeof node === 'string') continue
    if (node.type === 'image') found.add(node.url)
    else if ('children' in node) inNodes(node.children, found)
  }
}
