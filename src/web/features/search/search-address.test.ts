import { expect, test } from 'vitest'
import { readSearchAddress, stretchOf } from './search-address.ts'

test('an address is read as far as it makes sense', () => {
  expect(readSearchAddress({ q: 'fox', when: 'week', model: '0198c0de-0000-7000-8000-000000000001' })).toEqual({
    q: 'fox',
    when: 'week',
    model: '0198c0de-0000-7000-8000-000000000001',
  })
  expect(readSearchAddress({ q: 42, when: 'never', model: 'gpt' })).toEqual({ q: '42', when: undefined, model: undefined })
  expect(readSearchAddress({ q: ['fox'] })).toEqual({ q: undefined, when: undefined, model: undefined })
})

test('a stretch of time begins or ends on the hour', () => {
  const now = new Date('2026-05-10T12:34:56Z')
  expect(stretchOf('week', now)).toEqual({ since: '2026-05-03T12:00:00.000Z' })
  expect(stretchOf('older', now)).toEqual({ until: '2025-05-10T12:00:00.000Z' })
  expect(stretchOf(undefined, now)).toEqual({})
})
