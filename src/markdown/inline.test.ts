import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { References } from './blocks.ts'
import { parseInline } from './inline.ts'
import { type Inline, plainText } from './inline-tree.ts'

const none: References = new Map()
const read = (text: string, references = none) => write(parseInline(text, references))
const readOpen = (text: string) => write(parseInline(text, none, true))

function write(nodes: readonly Inline[]): string {
  return nodes
    .map((node) => {
      if (typeof node === 'string') return node
      if (node.type === 'break') return '⏎'
      if (node.type === 'code') return `<code ${node.text}>`
      if (node.type === 'image') return `<image ${node.url} ${node.alt}>`
      if (node.type === 'formula') return `<${node.isDisplay ? 'display' : 'formula'} ${node.tex}>`
      return `<${node.type}${node.type === 'link' ? ` ${node.url}` : ''} ${write(node.children)}>`
    })
    .join('')
}

describe('marks', () => {
  test.each([
    ['**a** *b* _c_ ~~d~~ `e`', '<strong a> <em b> <em c> <del d> <code e>'],
    ['***a** b*', '<em <strong a> b>'],
    ['2 * 3 * 4, snake_case_name, ~5', '2 * 3 * 4, snake_case_name, ~5'],
    ['**重要：**です', '<strong 重要：>です'],
    ['a\\*b\\*', 'a*b*'],
    ['`` a`b ``', '<code a`b>'],
    ['one  \ntwo<br>three\nfour', 'one⏎two⏎three\nfour'],
    ['&amp; &#x2014; &hellip; &unknown;', '& — … &unknown;'],
    ['<b>bold</b> <img src=x onerror=alert(1)>', '<b>bold</b> <img src=x onerror=alert(1)>'],
    ['[*a](b)*', '<link b *a>*'],
    ['*a [b*](c)', '*a <link c b*>'],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected))
})

describe('links', () => {
  test.each([
    ['[a **b**](https://x.y "t")', '<link https://x.y a <strong b>>'],
    ['[a](<b c>) [d](e(f)g)', '<link b c a> <link e(f)g d>'],
    ['![alt *text*](https://x.y/i.png)', '<image https://x.y/i.png alt text>'],
    [
      'see https://x.y/a_b_c?d=*e*, or (https://x.y/z).',
      'see <link https://x.y/a_b_c?d=*e https://x.y/a_b_c?d=*e>*, or (<link https://x.y/z https://x.y/z>).',
    ],
    ['www.x.y and <me@x.y>', '<link https://www.x.y www.x.y> and <link mailto:me@x.y me@x.y>'],
    ['[a [b](c) d](e)', '[a <link c b> d](e)'],
    ['[not a link] (b)', '[not a link] (b)'],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected))

  test('by reference', () => {
    const references: References = new Map([['some name', { url: 'https://x.y', title: '' }]])
    expect(read('[a][Some  Name] [some name][] [some name] [other]', references)).toBe(
      '<link https://x.y a> <link https://x.y some name> <link https://x.y some name> [other]',
    )
  })
})

test('what is still being written is shown as if it were closed', () => {
  expect(readOpen('so **bol')).toBe('so <strong bol>')
  expect(readOpen('so **bold*')).toBe('so <strong bold>')
  expect(readOpen('so `cod')).toBe('so <code cod>')
  expect(readOpen('see [the page](https://exam')).toBe('see <link  the page>')
  expect(readOpen('2 * 3 a*b')).toBe('2 * 3 a*b')
})

const source = fc
  .array(
    fc.constantFrom(
      'a',
      ' ',
      '*',
      '**',
      '_',
      '~~',
      '`',
      '``',
      '[',
      ']',
      '(',
      ')',
      '](',
      '![',
      '<',
      '>',
      '\\',
      '\n',
      '&',
      'https://x.y',
      '$',
      '$$',
      '重',
      '"',
      '.',
    ),
    { maxLength: 80 },
  )
  .map((pieces) => pieces.join(''))

test('never throws, and no letter is lost or made up', () => {
  const letters = (text: string) => text.replace(/[^a重]/gu, '')
  fc.assert(
    fc.property(
      source.filter((text) => !text.includes('](') && !text.includes('<')),
      (text) => {
        expect(letters(plainText(parseInline(text, none)))).toBe(letters(text))
      },
    ),
    { numRuns: 3000 },
  )
  fc.assert(
    fc.property(source, fc.boolean(), (text, isOpen) => void parseInline(text, none, isOpen)),
    { numRuns: 3000 },
  )
})

test.each([
  ['brackets', '['.repeat(50_000)],
  ['half links', '[a]('.repeat(50_000)],
  ['parentheses', `[a](${'('.repeat(50_000)}`],
  ['runs', '*a_ **b '.repeat(25_000)],
  ['nesting', `${'*'.repeat(50_000)}a${'*'.repeat(50_000)}`],
  ['backticks', '`a``b```'.repeat(20_000)],
  ['addresses', 'http://'.repeat(50_000)],
  ['angles', '<a@'.repeat(50_000)],
  ['images', '![a](b'.repeat(30_000)],
  ['dollars', '$a '.repeat(50_000)],
  ['escaped dollars', `$${'\\$'.repeat(50_000)}`],
  ['half formulas', `${'\\(\\['.repeat(50_000)}\\)`],
])('%s made to be slow take no more than a moment', (_, text) => {
  // Time of this process alone, so that a busy machine does not count. What is not linear takes minutes.
  const start = process.cpuUsage()
  parseInline(text, new Map([['x', { url: '/x', title: '' }]]))
  expect(process.cpuUsage(start).user / 1000).toBeLessThan(1500)
})

describe('formulas', () => {
  test.each([
    ['so $x^2$, $$y$$ and \\(z_1\\) or \\[w\\].', 'so <formula x^2>, <display y> and <formula z_1> or <display w>.'],
    ['$a_1 * b_2 * c$ *d*', '<formula a_1 * b_2 * c> <em d>'],
    ['$5$ apples, $2x$ and $3.5 + y$', '<formula 5> apples, <formula 2x> and <formula 3.5 + y>'],
    ['$\\$5 + x$', '<formula \\$5 + x>'],
    ['a [$x$](https://x.y) b', 'a <link https://x.y <formula x>> b'],
    ['$x$-axis ($y$)', '<formula x>-axis (<formula y>)'],
    ['是$x$的', '是<formula x>的'],
  ])('%s', (text, expected) => expect(read(text)).toBe(expected))

  test.each([
    '$5 and $10',
    'from $5-$10, or $5/$10',
    '$5 million for US$ holders',
    'between $20k and 30 US$ each',
    '$HOME/$USER and ${PATH}:$PATH',
    'US$5 and A$6',
    '$ x $ and $$',
    '$x and `$y`',
    '$$$ for $$$',
    '\\$x\\$',
    'pay 5$ or 6$ now',
    '$x',
    '\\(x',
  ])('%s is none', (text) => expect(read(text)).not.toMatch(/<(?:formula|display)/))

  test('what is being written is text until it closes', () => {
    expect(readOpen('so $x^2')).toBe('so $x^2')
    expect(readOpen('so \\(x^2')).toBe('so (x^2')
    expect(readOpen('so $x^2$')).toBe('so <formula x^2>')
  })
})
