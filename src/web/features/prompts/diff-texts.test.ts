import { expect, test } from 'vitest'
import { type DiffLine, diffTexts } from './diff-texts.ts'

const signs = { same: ' ', added: '+', removed: '-' }
const shown = (lines: readonly DiffLine[]) =>
  lines.map(({ kind, words }) => signs[kind] + words.map(({ text, isChanged }) => (isChanged ? `[${text}]` : text)).join(''))

test('lines that changed are compared word by word', () => {
  expect(shown(diffTexts('Dear {{name}},\nbe brief.\nThanks', 'Dear {{name}},\nbe very brief.\nThanks'))).toEqual([
    ' Dear {{name}},',
    '-be brief.',
    '+be [very ]brief.',
    ' Thanks',
  ])
})

test('what was added or removed, at the ends too', () => {
  expect(shown(diffTexts('a\nb\n', 'b\nc'))).toEqual(['-a', ' b', '+c'])
  expect(shown(diffTexts('a\n\nb', 'a\n\nb'))).toEqual([' a', ' ', ' b'])
  expect(shown(diffTexts('', 'a'))).toEqual(['+a'])
})

test('texts without anything in common end within a moment, and say all of both', () => {
  const text = (seed: number) =>
    Array.from({ length: 20_000 }, (_, at) => `${(at * seed) % 99_991}`)
      .join('\n')
      .slice(0, 100_000)
  const startedAt = performance.now()
  const lines = diffTexts(text(7919), text(104_729))
  expect(performance.now() - startedAt).toBeLessThan(3_000)
  expect(lines.filter(({ kind }) => kind !== 'added').length).toBe(text(7919).split('\n').length)
})
