import { type Block, type Inline, parseInline, readDocument, type References, safeUrl } from '../../../../markdown/index.ts'

/** A message for other programs: as markup for those that take it, as words for those that do not. */
export function richText(markdown: string): { html: string; plain: string } {
  const { blocks, references } = readDocument(markdown)
  return {
    html: blocks.map((block) => htmlOf(block, references)).join(''),
    plain: blocks.map((block) => wordsOf(block, references)).join('\n\n'),
  }
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign]!)

function htmlOf(block: Block, references: References): string {
  const inline = (text: string) => parseInline(text, references).map(markOf).join('')
  const inside = (blocks: readonly Block[]) => blocks.map((inner) => htmlOf(inner, references)).join('')
  switch (block.type) {
    case 'paragraph':
      return `<p>${inline(block.text)}</p>`
    case 'heading':
      return `<h${block.level}>${inline(block.text)}</h${block.level}>`
    case 'code':
      return `<pre><code>${escape(block.text)}</code></pre>`
    case 'formula':
      return `<p>${escape(block.source)}</p>`
    case 'quote':
      return `<blockquote>${inside(block.blocks)}</blockquote>`
    case 'list': {
      const items = block.items.map(({ blocks, isChecked }) => {
        const [first, ...rest] = blocks
        const content = block.isTight && first?.type === 'paragraph' ? inline(first.text) + inside(rest) : inside(blocks)
        return `<li>${taskMark(isChecked)}${content}</li>`
      })
      if (block.start === null) return `<ul>${items.join('')}</ul>`
      return `<ol${block.start === 1 ? '' : ` start="${block.start}"`}>${items.join('')}</ol>`
    }
    case 'table': {
      const row = (cells: readonly string[], name: 'td' | 'th') =>
        `<tr>${cells.map((cell) => `<${name}>${inline(cell)}</${name}>`).join('')}</tr>`
      return `<table><thead>${row(block.head, 'th')}</thead><tbody>${block.rows.map((cells) => row(cells, 'td')).join('')}</tbody></table>`
    }
    case 'rule':
      return '<hr>'
  }
}

function markOf(node: Inline): string {
  if (typeof node === 'string') return escape(node)
  switch (node.type) {
    case 'break':
      return '<br>'
    case 'code':
      return `<code>${escape(node.text)}</code>`
    case 'formula':
      return escape(node.source)
    case 'image':
      return escape(node.alt || node.url)
    case 'link': {
      const href = safeUrl(node.url)
      const content = node.children.map(markOf).join('')
      return href === undefined ? content : `<a href="${escape(href)}">${content}</a>`
    }
    default:
      return `<${node.type}>${node.children.map(markOf).join('')}</${node.type}>`
  }
}

const taskMark = (isChecked: boolean | null): string => (isChecked === null ? '' : isChecked ? '☑ ' : '☐ ')

function wordsOf(block: Block, references: References): string {
  const inline = (text: string) => wordsOfInline(text, references)
  switch (block.type) {
    case 'paragraph':
    case 'heading':
      return inline(block.text)
    case 'code':
      return block.text
    case 'formula':
      return block.source
    case 'quote':
      return block.blocks.map((inner) => wordsOf(inner, references).replace(/^/gm, '> ')).join('\n>\n')
    case 'list':
      return block.items
        .map(({ blocks, isChecked }, index) => {
          const mark = block.start === null ? '- ' : `${block.start + index}. `
          const text = blocks.map((inner) => wordsOf(inner, references)).join('\n')
          return mark + taskMark(isChecked) + text.replaceAll('\n', `\n${' '.repeat(mark.length)}`)
        })
        .join('\n')
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(inline).join('\t')).join('\n')
    case 'rule':
      return '———'
  }
}

/** The words of a stretch of text, without its marks; formulas as they were written. */
export const wordsOfInline = (text: string, references: References): string => parseInline(text, references).map(wordOf).join('')

function wordOf(node: Inline): string {
  if (typeof node === 'string') return node
  switch (node.type) {
    case 'break':
      return '\n'
    case 'code':
      return node.text
    case 'formula':
      return node.source
    case 'image':
      return node.alt || node.url
    default:
      return node.children.map(wordOf).join('')
  }
}
