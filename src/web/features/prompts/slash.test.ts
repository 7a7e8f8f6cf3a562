import { expect, test } from 'vitest'
import { slashAt, withoutSlash } from './slash.ts'

/** `|` is the caret. */
const at = (text: string) => slashAt(text.replace('|', ''), text.indexOf('|'))

test('a stroke at the beginning of a line opens the list', () => {
  expect(at('/|')).toEqual({ from: 0, to: 1, search: '' })
  expect(at('/ex pl|')).toEqual({ from: 0, to: 6, search: 'ex pl' })
  expect(at('Look:\n/ex|')).toEqual({ from: 6, to: 9, search: 'ex' })
  expect(at('Look:\n/ex|\nThanks')).toEqual({ from: 6, to: 9, search: 'ex' })
})

test('a stroke elsewhere is a stroke', () => {
  for (const text of ['|', '|/', 'and/|', 'a /|', '/usr/bin|', '/ex| and more', '//|', '/one\ntwo|', `/${'x'.repeat(61)}|`])
    expect(at(text), text).toBeNull()
})

test('it goes with the line that it stood in', () => {
  expect(withoutSlash('/ex', { from: 0, to: 3, search: 'ex' })).toBe('')
  expect(withoutSlash('Look:\n/ex', { from: 6, to: 9, search: 'ex' })).toBe('Look:')
  expect(withoutSlash('Look:\n/ex\nThanks', { from: 6, to: 9, search: 'ex' })).toBe('Look:\nThanks')
})
