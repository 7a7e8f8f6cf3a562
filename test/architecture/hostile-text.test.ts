import { expect, test } from 'vitest'
import { markdown } from '../../src/page/markdown.ts'
import { richText } from '../../src/web/features/conversations/markdown/rich-text.ts'
import { hostileMessages, hostileTexts, swallowingTexts } from '../support/hostile-text.ts'

const allowed: Record<string, readonly string[]> = {
  ...Object.fromEntries(
    ['p', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'code', 'blockquote', 'ul', 'li', 'table', 'thead', 'tbody', 'tr', 'th', 'td'].map((name) => [
      name,
      [],
    ]),
  ),
  ...Object.fromEntries(['hr', 'br', 'strong', 'em', 'del'].map((name) => [name, []])),
  ol: ['start'],
  pre: ['tabindex'],
  div: ['class', 'tabindex'],
  a: ['href', 'target', 'rel'],
}

/** Whatever in some markup is neither an element of ours with attributes of ours nor text. */
function foreignIn(html: string): string[] {
  const found: string[] = []
  const rest = html.replaceAll(
    /<(\/?)([a-z][a-z\d]*)((?: [a-z]+="[^"<>]*")*)>/g,
    (whole, isEnd: string, name: string, attributes: string) => {
      const known = allowed[name]
      if (!known || (isEnd && attributes)) found.push(whole)
      for (const [, key = '', value = ''] of attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)) {
        if (!known?.includes(key)) found.push(whole)
        if (key === 'href' && !/^(?:https?:\/\/|mailto:)/.test(value)) found.push(whole)
      }
      return ''
    },
  )
  if (/[<>]/.test(rest)) found.push(rest.slice(Math.max(0, rest.search(/[<>]/) - 40)).slice(0, 120))
  return found
}

test('there are hundreds of cases', () => expect(hostileTexts.length + swallowingTexts.length).toBeGreaterThan(600))

test.each([
  ['shared pages and public pages', (text: string) => markdown(text).text],
  ['the clipboard', (text: string) => richText(text).html],
])('%s hold no element, attribute or address of a hostile text', (_, draw) => {
  const problems = [...hostileTexts, ...swallowingTexts, ...hostileMessages()].flatMap((text) =>
    foreignIn(draw(text)).map((found) => `${text.slice(0, 80)} → ${found}`),
  )
  expect(problems).toEqual([])
  expect(draw('[text](https://evil.example/)')).toContain('<a href="https://evil.example/"')
})

test('what looks for them finds them', () => {
  for (const html of ['<img src="x">', '<a href="javascript:1">', '<p onclick="1">', '<p', 'a > b', '<script>', '<a href="https://x"x>'])
    expect(foreignIn(html), html).not.toEqual([])
})
