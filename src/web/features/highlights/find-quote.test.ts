import { expect, test } from 'vitest'
import { findQuote } from './find-quote.ts'

const quote = (exact: string, prefix = '', suffix = '') => ({ exact, prefix, suffix })
const at = (text: string, exact: ReturnType<typeof quote>, near: number | null = null) => {
  const place = findQuote(text, exact, near)
  return place && text.slice(place.start, place.end)
}

test('a passage is found whatever its blank space is now', () => {
  expect(at('One\n\n two   three.', quote('One two three'))).toBe('One\n\n two   three')
  expect(at('One two three.', quote(' One\ntwo three '))).toBe('One two three')
  expect(at('', quote('One'))).toBeUndefined()
  expect(at('One', quote(' '))).toBeUndefined()
})

test('of equal passages the one in its surroundings is meant, then the nearest', () => {
  const text = 'a tide, then b tide, then c tide'
  expect(findQuote(text, quote('tide', 'b ', ', then c'), null)).toEqual({ start: 15, end: 19 })
  // What stood around it is worth more than where it was.
  expect(findQuote(text, quote('tide', 'b ', ', then c'), 0)).toEqual({ start: 15, end: 19 })
  expect(findQuote(text, quote('tide'), 30)).toEqual({ start: 28, end: 32 })
  expect(findQuote(text, quote('tide'), 0)).toEqual({ start: 2, end: 6 })
})

test('a passage that changed a little is still found', () => {
  const long = 'The harbour is deep enough for ships of every kind, and its walls were built before anybody kept records of such things.'
  const now = `In the beginning, unlike before. ${long.replace('every kind', 'each sort').replace('harbour', 'harbor')} And more.`
  const found = at(now, quote(long))
  expect(found?.startsWith('The harbor')).toBe(true)
  expect(found?.endsWith('such things.')).toBe(true)
  expect(at('We saw a quick brown fux there.', quote('quick brown fox'))).toBe('quick brown fux')
})

test('what is gone is not found somewhere else', () => {
  expect(
    at('Nothing of the kind is written here, whatever one looks for.', quote('The harbour is deep enough for ships of every kind')),
  ).toBeUndefined()
  expect(at('too short to be guessed', quote('tides'))).toBeUndefined()
  const head = 'A beginning that is the same here'
  const tail = 'and an end that is the same there'
  expect(at(`${head} ${tail}`, quote(`${head}${' and a middle of many other words'.repeat(9)} ${tail}`))).toBeUndefined()
})

test('a large text is searched without a wait', () => {
  const text = Array.from({ length: 20_000 }, (_, index) => `word${index}`).join(' ')
  const startedAt = performance.now()
  expect(findQuote(text, quote('a passage that was never anywhere in it, and long enough to be guessed'), null)).toBeUndefined()
  expect(performance.now() - startedAt).toBeLessThan(3000)
})
