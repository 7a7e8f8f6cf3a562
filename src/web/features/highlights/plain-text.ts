import { type Block, parseInline, plainText, readDocument, type References } from '../../../markdown/index.ts'

/** The words of Markdown as they are read, blocks on lines of their own: what a passage is looked for in where nothing is drawn. */
export function textOfMarkdown(text: string): string {
  const { blocks, references } = readDocument(text)
  return textOfBlocks(blocks, references)
}

function textOfBlocks(blocks: readonly Block[], references: References): string {
  return blocks.map((block) => textOf(block, references)).join('\n')
}

function textOf(block: Block, references: References): string {
  const inline = (text: string) => plainText(parseInline(text, references))
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return inline(block.text)
    case 'code':
      return block.text
    case 'formula':
      return block.isClosed ? block.text : inline(block.source)
    case 'quote':
      return textOfBlocks(block.blocks, references)
    case 'list':
      return block.items.map((item) => textOfBlocks(item.blocks, references)).join('\n')
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(inline).join('\n')).join('\n')
    case 'rule':
      return ''
  }
}
