import { expect, test } from 'vitest'
import { artifactsOf, fileNameOf, isDocument } from './find-artifacts.ts'

const fence = (info: string, text: string) => `\`\`\`${info}\n${text}\n\`\`\``
const only = (info: string, text = 'x') => artifactsOf([fence(info, text)])[0]!

test('what it is and what it calls itself', () => {
  expect(only('html', '<!doctype html><title>A &amp; B</title>')).toMatchObject({ kind: 'html', name: 'A & B', isClosed: true })
  expect(only('html title="The clock"', '<title>Other</title>')).toMatchObject({ name: 'The clock', fileName: null })
  expect(only('js src/clock.js')).toMatchObject({ kind: 'code', language: 'js', name: 'clock.js', fileName: 'clock.js' })
  expect(only('html:clock.html')).toMatchObject({ kind: 'html', language: 'html', fileName: 'clock.html' })
  expect(only('python {id=clock}')).toMatchObject({ name: 'clock' })
  expect(only('markdown', 'Text\n## A **plan** ##\nmore')).toMatchObject({ kind: 'markdown', name: 'A plan' })
  expect(only('mermaid', 'pie title Tides\n')).toMatchObject({ kind: 'diagram', name: '' })
  expect(only('xml', '<svg xmlns="x"></svg>')).toMatchObject({ kind: 'svg' })
  expect(only('', 'x')).toMatchObject({ kind: 'code', language: '', name: '' })
  expect(artifactsOf(['Text\n\n```html\n<p>half'])[0]).toMatchObject({ isClosed: false, text: '<p>half' })
  expect(
    artifactsOf([
      `- one\n\n  ${fence('js', 'a').replaceAll('\n', '\n  ')}`,
      fence('math', 'x^2'),
      `> ${fence('css', 'b').replaceAll('\n', '\n> ')}`,
    ]),
  ).toHaveLength(2)
})

test('what is called the same is the same; a page without a name that stands alone is the page', () => {
  const keyOf = (info: string, text?: string) => only(info, text).key
  expect(keyOf('html title=Clock')).toBe(keyOf('html id="clock"'))
  expect(keyOf('html title=Clock')).not.toBe(keyOf('svg title=Clock'))
  expect(keyOf('js clock.js')).not.toBe(keyOf('ts clock.js'))
  expect(keyOf('svg', '<svg/>')).toBe(keyOf('svg', '<svg></svg>'))
  const two = artifactsOf([fence('svg', 'a'), fence('svg', 'b')]).map(({ key }) => key)
  expect(new Set([...two, keyOf('svg')]).size).toBe(3)
})

test('it is saved under a name that is one', () => {
  expect(fileNameOf(only('html title="../../A: <clock>"'))).toBe('A clock.html')
  expect(fileNameOf(only('python'))).toBe('artifact.py')
  expect(fileNameOf(only('js ../../etc/clock.js'))).toBe('clock.js')
  expect(fileNameOf(only('brainfuck'))).toBe('artifact.txt')
})

test('only long pages, pictures and documents are shown as cards', () => {
  expect(isDocument('html', 'x\n'.repeat(30))).toBe(true)
  expect(isDocument('html', 'x\n'.repeat(5))).toBe(false)
  expect(isDocument('code', 'x\n'.repeat(300))).toBe(false)
})

test('hostile names and fences are read quickly', () => {
  const startedAt = performance.now()
  artifactsOf([
    fence(`html ${'title='.repeat(20_000)}`, '<title'.repeat(20_000)),
    fence('md', '#'.repeat(100_000)),
    fence('md', `# ${' #'.repeat(50_000)}x`),
  ])
  artifactsOf([fence(`html ${'a.'.repeat(40_000)}`, 'x')])
  expect(performance.now() - startedAt).toBeLessThan(2_000)
})
