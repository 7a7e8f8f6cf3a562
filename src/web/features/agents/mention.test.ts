import { expect, test } from 'vitest'
import { mentionAt } from './mention.ts'

test.each([
  ['@', 1, { to: 1, search: '' }],
  ['@poe', 4, { to: 4, search: 'poe' }],
  ['@the poet ', 10, { to: 10, search: 'the poet' }],
  ['@poet  ', 5, { to: 5, search: 'poet' }],
  ['@poet a rhyme', 5, null],
  ['write to a@b.example', 20, null],
  ['ada@', 4, null],
  ['@ada@example.org', 16, null],
  ['\n@poet', 6, null],
  ['@two\nlines', 10, null],
])('%j at %i', (text, caret, expected) => {
  expect(mentionAt(text, caret)).toEqual(expected)
})
