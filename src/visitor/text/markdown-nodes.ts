import { type Block, type Inline, parseInline, type References, safeUrl } from '../../markdown/index.ts'
import { element } from './element.ts'

/** A block of a model's text as elements, the same ones that the page draws without a script. `isOpen`: it is still being written. */
export function blockNode(block: Block, references: References, isOpen = false): HTMLElement {
  const inline = (text: string) => inlineNodes(text, references, isOpen)
  switch (block.type) {
    case 'paragraph':
      return element('p', {}, ...inline(block.text))
    case 'heading':
      return element('h4', {}, ...inline(block.text))
    case 'code':
      return element('pre', { tabindex: '0' }, element('code', {}, block.text))
    case 'formula':
      return block.isClosed ? element('pre', { tabindex: '0' }, element('code', {}, block.text)) : element('p', {}, ...inline(block.source))
    case 'quote':
      return element('blockquote', {}, ...block.blocks.map((inner) => blockNode(inner, references, isOpen)))
    case 'list':
      return listNode(block, references, isOpen)
    case 'table':
      return tableNode(block, references)
    case 'rule':
      return element('hr')
  }
}

type Of<Type extends Block['type']> = Extract<Block, { type: Type }>

function listNode({ start, isTight, items }: Of<'list'>, references: References, isOpen: boolean): HTMLElement {
  const nodes = items.map(({ blocks, isChecked }) => {
    const item = element('li')
    if (isChecked !== null) item.append(isChecked ? '☑ ' : '☐ ')
    for (const inner of blocks) {
      if (isTight && inner.type === 'paragraph') item.append(...inlineNodes(inner.text, references, isOpen))
      else item.append(blockNode(inner, references, isOpen))
    }
    return item
  })
  if (start === null) return element('ul', {}, ...nodes)
  return element('ol', start === 1 ? {} : { start: String(start) }, ...nodes)
}

function tableNode({ head, rows }: Of<'table'>, references: References): HTMLElement {
  const row = (cells: readonly string[], name: 'td' | 'th') =>
    element('tr', {}, ...cells.map((cell) => element(name, {}, ...inlineNodes(cell, references))))
  const table = element('table', {}, element('thead', {}, row(head, 'th')), element('tbody', {}, ...rows.map((cells) => row(cells, 'td'))))
  return element('div', { class: 'table', tabindex: '0' }, table)
}

export const inlineNodes = (text: string, references: References, isOpen = false): (Node | string)[] =>
  parseInline(text, references, isOpen).map(drawn)

function drawn(node: Inline): Node | string {
  if (typeof node === 'string') return node
  switch (node.type) {
    case 'break':
      return element('br')
    case 'code':
      return element('code', {}, node.text)
    case 'formula':
      return element('code', {}, node.tex)
    case 'strong':
    case 'em':
    case 'del':
      return element(node.type, {}, ...node.children.map(drawn))
    case 'link':
      return link(node.url, node.children.map(drawn))
    case 'image':
      return link(node.url, [node.alt || node.url])
  }
}

function link(url: string, content: (Node | string)[]): HTMLElement {
  const href = safeUrl(url)
  if (href === undefined) return element('span', {}, ...content)
  return element('a', { href, target: '_blank', rel: 'nofollow noopener ugc' }, ...content)
}
