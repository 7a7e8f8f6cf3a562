import type { ClipboardEvent } from 'react'

const paragraphs = 'P, H1, H2, H3, H4, H5, H6, UL, OL, BLOCKQUOTE, PRE, TABLE, FIGURE, DIV'

/** What was selected, with formulas as they were written: nobody can use the pieces that one is drawn of. */
export function copyWithFormulas(event: ClipboardEvent): void {
  const selection = getSelection()
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return
  const range = selection.getRangeAt(0).cloneRange()
  // Half a formula is the whole of it.
  const [first, last] = [formulaAround(range.startContainer), formulaAround(range.endContainer)]
  if (first) range.setStartBefore(first)
  if (last) range.setEndAfter(last)
  const copied = range.cloneContents()
  const formulas = copied.querySelectorAll<HTMLElement>('[data-tex]')
  if (formulas.length === 0) return
  for (const formula of formulas) formula.replaceWith(formula.dataset.tex ?? '')
  for (const control of copied.querySelectorAll('button')) control.remove()
  const markup = document.createElement('div')
  markup.append(copied)
  event.clipboardData.setData('text/html', markup.innerHTML)
  event.clipboardData.setData('text/plain', textOf(markup).trim())
  event.preventDefault()
}

const formulaAround = (node: Node): Element | null | undefined =>
  (node instanceof Element ? node : node.parentElement)?.closest('[data-tex]')

function textOf(node: Node): string {
  if (node instanceof Text) return node.data
  const inner = [...node.childNodes].map(textOf).join('')
  if (!(node instanceof Element)) return inner
  if (node.tagName === 'BR') return '\n'
  if (node.tagName === 'LI' || node.tagName === 'TR') return `${inner.trim()}\n`
  if (node.tagName === 'TD' || node.tagName === 'TH') return `${inner}\t`
  return node.matches(paragraphs) ? `\n${inner.trim()}\n\n`.replaceAll(/\n{3,}/g, '\n\n') : inner
}
