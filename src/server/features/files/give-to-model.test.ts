import { expect, test } from 'vitest'
import type { FilePart } from '../../../contract/messages.ts'
import { type Reader, tokensOf } from './index.ts'

const part = (fields: Partial<FilePart>) =>
  ({ type: 'file', name: 'x', sizeBytes: 1000, width: null, height: null, pageCount: null, textTokens: null, ...fields }) as FilePart
const reader = (provider: Reader['provider'], maxContext: number | null = null): Reader => ({
  provider,
  inputs: ['image', 'pdf'],
  maxContext,
})

test('what a provider refuses for its size goes as text, so that a conversation does not get stuck on it', () => {
  const book = part({ kind: 'pdf', pageCount: 300, textTokens: 20_000 })
  expect(tokensOf(book, reader('google'))).toBe(300 * 258)
  expect(tokensOf(book, reader('anthropic'))).toBe(20_000 + 60)
  expect(tokensOf(book, reader('openai'))).toBe(20_000 + 60)
  const photo = part({ kind: 'image', width: 6000, height: 4000, sizeBytes: 8_000_000 })
  expect(tokensOf(photo, reader('anthropic'))).toBe(60)
  expect(tokensOf(photo, reader('openai'))).toBeGreaterThan(700)
})

test('text counts no more than there is room for', () => {
  const log = part({ kind: 'text', textTokens: 1_000_000 })
  expect(tokensOf(log, reader('openai', 100_000))).toBe(50_000 + 60)
})
