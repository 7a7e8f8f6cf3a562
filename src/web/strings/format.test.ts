import { expect, test } from 'vitest'
import { formatAgo, formatDuration, formatUsd, nanoToDecimal, parseUsd } from './format.ts'

test('small amounts do not become zero', () => {
  expect(formatUsd('9300000')).toBe('$0.0093')
  expect(formatUsd('1')).toBe('$0.000000001')
  expect(formatUsd('0')).toBe('$0')
  expect(formatUsd('100000000')).toBe('$0.10')
  expect(formatUsd('12345600000000')).toBe('$12,345.60')
})

test('typed dollars are exact, to the nano-dollar', () => {
  expect(parseUsd('25')).toBe('25000000000')
  expect(parseUsd(' $0.000000001 ')).toBe('1')
  expect(parseUsd('.5')).toBe('500000000')
  for (const wrong of ['', '.', '-1', '1,5', '0.0000000001', 'ten']) expect(parseUsd(wrong)).toBeUndefined()
  for (const typed of ['0.1', '25', '0.000000001', '123456789.123456789']) expect(nanoToDecimal(parseUsd(typed) ?? '')).toBe(typed)
})

test('moments are told from now, far ones by their date', () => {
  const now = Date.parse('2026-11-22T12:00:00Z')
  expect(formatAgo('2026-11-22T11:59:50Z', now)).toBe('now')
  expect(formatAgo('2026-11-22T11:57:00Z', now)).toBe('3 minutes ago')
  expect(formatAgo('2026-11-21T12:00:00Z', now)).toBe('yesterday')
  expect(formatAgo('2026-11-22T14:00:00Z', now)).toBe('in 2 hours')
  expect(formatAgo('2026-01-05T12:00:00Z', now)).toBe('Jan 5, 2026')
})

test('durations', () => {
  expect([840, 6200, 42_000, 125_000].map(formatDuration)).toEqual(['840 ms', '6.2 s', '42 s', '2 min 5 s'])
})
