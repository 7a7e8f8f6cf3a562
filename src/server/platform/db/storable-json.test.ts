import { expect, test } from 'vitest'
import { beginningOf, storableJson } from './storable-json.ts'

test('what jsonb does not hold is replaced, and everything else is as it was', () => {
  const value = { a: ['😀', '\ud83d', '\ude00x', 'a\0b'], '\ud800': '\\ud83d', quoted: '"\\u0000\n\\\\', back: '\\\ud83d' }
  const kept = { a: ['😀', '\ufffd', '\ufffdx', 'a\ufffdb'], '\ufffd': '\\ud83d', quoted: '"\\u0000\n\\\\', back: '\\\ufffd' }
  expect(JSON.parse(storableJson(value))).toEqual(kept)
})

test('a beginning ends with a whole character', () => {
  expect(beginningOf('ab😀', 3)).toBe('ab')
  expect(beginningOf('ab😀', 4)).toBe('ab😀')
  expect(beginningOf('abc', 5)).toBe('abc')
})
