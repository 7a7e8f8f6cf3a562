import { expect, test } from 'vitest'
import { decimalPerMillion, describePrice, parsePerMillion } from './price.ts'

const price = { reasoningPer1k: null, cacheReadPer1k: null, cacheWritePer1k: null, origin: 'catalogue' as const }

test('a price is told per million tokens, and unknown is never zero', () => {
  expect(describePrice({ ...price, inputPer1k: '2500000', outputPer1k: '10000000' })).toBe('$2.50 in · $10.00 out')
  expect(describePrice({ ...price, inputPer1k: '20000', outputPer1k: null })).toBe('$0.02 in · unknown out')
  expect(describePrice({ ...price, inputPer1k: null, outputPer1k: null })).toBe('unknown')
  expect(describePrice({ ...price, inputPer1k: '0', outputPer1k: '0', origin: 'free' })).toBe('free')
})

test('what is typed comes back as it was typed', () => {
  for (const typed of ['2.5', '10', '0.000001']) expect(decimalPerMillion(parsePerMillion(typed) as string)).toBe(typed)
  expect(parsePerMillion(' ')).toBeNull()
  expect(parsePerMillion('0.0000001')).toBeUndefined()
  expect(parsePerMillion('cheap')).toBeUndefined()
})
