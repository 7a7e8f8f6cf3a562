import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Block } from './blocks.ts'
import { readDocument } from './document.ts'

const shape = (block: Block): unknown => {
  if (block.type === 'quote') return { quote: block.blocks.map(shape) }
  if (block.type === 'list')
    return { [block.start === null ? 'list' : `from ${block.start}`]: block.items.map((item) => item.blocks.map(shape)) }
  if (block.type === 'table') return { head: block.head, rows: block.rows, alignments: block.alignments }
  if (block.type === 'code') return { code: block.text, language: block.language, isClosed: block.isClosed }
  if (block.type === 'heading') return `h${block.level} ${block.text}`
  return block.type === 'rule' ? 'rule' : block.text
}
const read = (text: string) => readDocument(text).blocks.map(shape)

describe('blocks', () => {
  test('headings, paragraphs and rules', () => {
    expect(read('# One\ntwo\nthree\n\n***\nFour\n====')).toEqual(['h1 One', 'two\nthree', 'rule', 'h1 Four'])
  })

  test('a fence keeps what is inside, and says whether it was closed', () => {
    expect(read('~~~ts\na\n```\n\nb\n~~~\nc')).toEqual([{ code: 'a\n```\n\nb', language: 'ts', isClosed: true }, 'c'])
    expect(read('```\nhalf')).toEqual([{ code: 'half', language: '', isClosed: false }])
  })

  test('lists nest by their indent, and keep their number', () => {
    expect(read('3. a\n   - b\n   - c\n\n     d\n4. e')).toEqual([{ 'from 3': [['a', { list: [['b'], ['c', 'd']] }], ['e']] }])
  })

  test('a task is a list item with its mark taken off', () => {
    const [list] = readDocument('- [x] done\n- [ ] open\n- plain').blocks
    expect(list?.type === 'list' && list.items.map((item) => item.isChecked)).toEqual([true, false, null])
  })

  test('quotes hold blocks, and a sentence may go on without the mark', () => {
    expect(read('> a\nb\n> - c\n\nd')).toEqual([{ quote: ['a\nb', { list: [['c']] }] }, 'd'])
  })

  test('a table needs its second line; short rows are filled, long ones cut', () => {
    expect(read('| a | b |\n|:--|--:|\n| 1 |\n| 1 | 2 | 3 |\n| x \\| y | z |')).toEqual([
      {
        head: ['a', 'b'],
        alignments: ['left', 'right'],
        rows: [
          ['1', ''],
          ['1', '2'],
          ['x | y', 'z'],
        ],
      },
    ])
    expect(read('| a | b |\n| 1 | 2 |')).toEqual(['| a | b |\n| 1 | 2 |'])
  })

  test('a formula stands on lines of its own, and is none before it is closed', () => {
    const formulas = (text: string) =>
      readDocument(text).blocks.map((block) => (block.type === 'formula' ? [block.isClosed, block.text] : shape(block)))
    expect(formulas('so\n$$\na\n- b\n$$\nthen')).toEqual(['so', [true, 'a\n- b'], 'then'])
    expect(formulas('$$ a $$\n\\[\nb\n\\]')).toEqual([
      [true, 'a'],
      [true, 'b'],
    ])
    expect(formulas('$$a$$ is one\nand $$\nb\n$$')).toEqual(['$$a$$ is one\nand $$\nb\n$$'])
    expect(formulas('$$\na\n\n$$')).toEqual(['$$\na', [false, '']])
    expect(formulas('\\[\na \\\\[2pt]\nb\n\\]')).toEqual([[true, 'a \\\\[2pt]\nb']])
    expect(formulas('\\[ a\n\\[ b\n\\]')).toEqual(['\\[ a', [true, 'b']])
    expect(formulas('- x\n  $$\n  a\n  $$')).toEqual([{ list: [['x', expect.anything()]] }])
  })

  test('HTML is text', () => {
    expect(read('<script>alert(1)</script>')).toEqual(['<script>alert(1)</script>'])
  })

  test('too deep is shown as it is written', () => {
    let block = readDocument(`${'>'.repeat(10_000)}a`).blocks[0]
    for (let depth = 0; depth < 12; depth += 1) block = block?.type === 'quote' ? block.blocks[0] : undefined
    expect(block?.type).toBe('paragraph')
  })
})

/** Words and marks in any order: what a model may send, and what it should not. */
const markdown = fc
  .array(
    fc.constantFrom(
      'word ',
      'two words',
      '\n',
      '\n\n',
      '# ',
      '- ',
      '1. ',
      '  ',
      '    ',
      '> ',
      '```',
      '```js\n',
      '|',
      '|-|',
      '---',
      '===',
      '**',
      '`',
      '[a]: /b\n',
      '$$',
      '$$\n',
      '\\[',
      '\\]\n',
      '[x] ',
      '\t',
      '\r\n',
    ),
    { maxLength: 60 },
  )
  .map((pieces) => pieces.join(''))

describe('growing', () => {
  test('read piece by piece it is the document read at once', () => {
    fc.assert(
      fc.property(markdown, fc.array(fc.nat(), { maxLength: 8 }), (text, cuts) => {
        const ends = [...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b), text.length]
        const grown = ends.reduce((document, end) => readDocument(text.slice(0, end), document), readDocument(''))
        const whole = readDocument(text)
        expect(grown.blocks).toEqual(whole.blocks)
        expect([...grown.references]).toEqual([...whole.references])
      }),
      { numRuns: 5000 },
    )
  })

  test('blocks before the last stay the same objects', () => {
    const before = readDocument('# A\n\nb\n\n- c\n- d')
    const after = readDocument('# A\n\nb\n\n- c\n- d and more\n- e', before)
    expect(after.blocks[0]).toBe(before.blocks[0])
    expect(after.blocks[1]).toBe(before.blocks[1])
    const [old, grown] = [before.blocks[2], after.blocks[2]]
    expect(old?.type === 'list' && grown?.type === 'list' && grown.items[0] === old.items[0]).toBe(true)
    expect(after.references).toBe(before.references)
  })

  test('a megabyte is read in well under a second, and so is what was made to be slow', () => {
    const texts = [
      'Some **bold** text.\n\n- item\n- item\n\n```js\nconst a = 1\n```\n\n'.repeat(16_000),
      Array.from({ length: 1000 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n'),
      '> - '.repeat(5000),
      '```\n'.repeat(50_000),
      `|a|b|\n|-|-|\n${'|x|y|\n'.repeat(50_000)}`,
      'a\n'.repeat(300_000),
      ...['>', '> ', '*', '* ', '-', '|-', '- ', '1. ', '#', '`', '='].map((mark) => mark.repeat(4_000_000 / mark.length)),
      `|a|\n${'|-'.repeat(1_000_000)}`,
      '$$ a\n'.repeat(100_000),
      '\\[ a\n'.repeat(100_000),
    ]
    for (const text of texts) {
      const start = process.cpuUsage()
      readDocument(text)
      expect(process.cpuUsage(start).user / 1000).toBeLessThan(1500)
    }
  })
})
