import { expect, test } from 'vitest'
import { estimateTokens } from './estimate-tokens.ts'

test.each([
  ['', 0],
  ['a', 1],
  ['The quick brown fox jumps over the lazy dog.', 11],
  ['Привет, мир', 5],
  ['你好世界', 4],
])('%s is about %i tokens', (text, tokens) => {
  expect(estimateTokens(text)).toBe(tokens)
})
