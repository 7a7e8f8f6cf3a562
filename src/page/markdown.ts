import { type Block, type Inline, parseInline, readDocument, type References, safeUrl } from '../markdown/index.ts'
import { type Html, html, safe } from './html.ts'

/** Text of a model as markup: elements for its marks, and everything else escaped. Pictures are links, since showing them would tell their host who reads. */
export function markdown(text: string): Html {
  const { blocks, references } = readDocument(text)
  return blocksOf(blocks, references)
}

const blocksOf = (blocks: readonly Block[], references: References): Html => html`${blocks.map((block) => blockOf(block, references))}`

function blockOf(block: Block, references: References): Html {
  switch (block.type) {
    case 'paragraph':
      return html`<p>${inline(block.text, references)}</p>`
    case 'heading':
      return html`<h4>${inline(block.text, references)}</h4>`
    case 'code':
      return html`<pre tabindex="0"><code>${block.text}</code></pre>`
    // As it was written: a page needs no script to be read.
    case 'formula':
      return block.isClosed ? html`<pre tabindex="0"><code>${block.text}</code></pre>` : html`<p>${inline(block.source, references)}</p>`
    case 'quote':
      return html`<blockquote>${blocksOf(block.blocks, references)}</blockquote>`
    case 'list': {
      const items = block.items.map(
        ({ blocks, isChecked }) =>
          html`<li>${isChecked !== null && (isChecked ? '☑ ' : '☐ ')}${blocks.map((inner) =>
            block.isTight && inner.type === 'paragraph' ? inline(inner.text, references) : blockOf(inner, references),
          )}</li>`,
      )
      if (block.start === null) return html`<ul>${items}</ul>`
      return html`<ol${block.start !== 1 && html` start="${block.start}"`}>${items}</ol>`
    }
    case 'table': {
      const cells = (row: readonly string[], name: 'td' | 'th') =>
        html`<tr>${row.map((cell) => html`<${safe(name)}>${inline(cell, references)}</${safe(name)}>`)}</tr>`
      return html`<div class="table" tabindex="0"><table><thead>${cells(block.head, 'th')}</thead><tbody>${block.rows.map((row) => cells(row, 'td'))}</tbody></table></div>`
    }
    case 'rule':
      return html`<hr>`
  }
}

const inline = (text: string, references: References): Html => html`${parseInline(text, references).map(drawn)}`

function drawn(node: Inline): Html | string {
  if (typeof node === 'string') return node
  switch (node.type) {
    case 'break':
      return html`<br>`
    case 'code':
      return html`<code>${node.text}</code>`
    case 'formula':
      return html`<code>${node.tex}</code>`
    case 'strong':
    case 'em':
    case 'del':
      return html`<${safe(node.type)}>${node.children.map(drawn)}</${safe(node.type)}>`
    case 'link':
      return link(node.url, html`${node.children.map(drawn)}`)
    case 'image':
      return link(node.url, html`${node.alt || node.url}`)
  }
}

/** Only to where a browser may be sent; else the words alone. */
export function link(url: string, content: Html): Html {
  const href = safeUrl(url)
  return href === undefined ? content : html`<a href="${href}" target="_blank" rel="nofollow noopener ugc">${content}</a>`
}
