import TurndownService from 'turndown'

const maxSpan = 50

/** HTML as Markdown with the tables of GitHub's. Pictures are words: who reads this cannot see them. */
export function markdownWriter(): TurndownService {
  const writer = new TurndownService({ headingStyle: 'atx', codeBlockStyle: 'fenced', bulletListMarker: '-', emDelimiter: '*' })
  writer.remove(['script', 'style', 'noscript'])
  writer.addRule('picture', {
    filter: 'img',
    replacement: (_, node) => {
      const words = oneLine(node.getAttribute('alt') ?? '')
      return words === '' ? '' : `[Picture: ${words}]`
    },
  })
  writer.addRule('link', {
    filter: (node) => node.nodeName === 'A' && Boolean(node.getAttribute('href')),
    replacement: (content, node) => {
      const words = oneLine(content)
      const address = node
        .getAttribute('href')!
        .replaceAll(/[()\s]/g, (sign) => encodeURIComponent(sign).replace('(', '%28').replace(')', '%29'))
      return words === '' ? '' : `[${words}](${address})`
    },
  })
  writer.addRule('cell', {
    filter: ['td', 'th'],
    replacement: (content, node) => {
      if (isLayout(tableOf(node))) return `\n\n${content}\n\n`
      const span = Math.min(Math.max(Number(node.getAttribute('colspan')) || 1, 1), maxSpan)
      return ` ${oneLine(content).replaceAll('|', String.raw`\|`)} |${'  |'.repeat(span - 1)}`
    },
  })
  writer.addRule('row', {
    filter: 'tr',
    replacement: (content, node) => {
      const table = tableOf(node)
      if (isLayout(table)) return content
      const columns = content.match(/(?<!\\)\|/g)?.length ?? 0
      return columns === 0 ? '' : `\n|${content}${firstRow(table) === node ? `\n|${' --- |'.repeat(columns)}` : ''}`
    },
  })
  writer.addRule('section', { filter: ['thead', 'tbody', 'tfoot'], replacement: (content) => content })
  writer.addRule('table', { filter: 'table', replacement: (content) => `\n\n${content}\n\n` })
  return writer
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()

const tables = new WeakMap<Element, { isLayout: boolean; firstRow: Element | null }>()

function facts(table: Element): { isLayout: boolean; firstRow: Element | null } {
  let known = tables.get(table)
  if (!known) {
    const isLayout = table.getAttribute('role') === 'presentation' || table.querySelector('table, h1, h2, h3, ul, ol, pre') !== null
    known = { isLayout, firstRow: table.querySelector('tr') }
    tables.set(table, known)
  }
  return known
}

/** It only puts things in their place. */
const isLayout = (table: Element | null): boolean => table !== null && facts(table).isLayout
const firstRow = (table: Element | null): Element | null => (table ? facts(table).firstRow : null)

function tableOf(node: Element): Element | null {
  let at = node.parentNode
  while (at && at.nodeName !== 'TABLE') at = at.parentNode
  return at as Element | null
}
