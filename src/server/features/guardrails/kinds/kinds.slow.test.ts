import { afterAll, expect, test } from 'vitest'
import { hide, inOrder } from './finding.ts'
import { createPassageFinder } from './passage-finder.ts'
import { findPersonalData } from './personal-data.ts'
import { findWords } from './words.ts'

const finder = createPassageFinder()
afterAll(() => finder.close())
const find = (text: string, expressions: string[], isCaseSensitive = false) =>
  finder.find(text, { words: [], expressions, isCaseSensitive, personal: [] })

const kinds = ['email', 'phone', 'iban', 'card', 'ip', 'national_id'] as const
const hidden = (text: string, only: readonly (typeof kinds)[number][] = kinds) => hide(text, inOrder(findPersonalData(text, only)))

test.each([
  ['Write to ada.lovelace+x@mail.example.co.uk today', 'Write to [e-mail address] today'],
  ['call +49 30 1234567 or (030) 123 45 67, or 212-555-0187 now', 'call [phone number] or [phone number], or [phone number] now'],
  ['IBAN DE89 3704 0044 0532 0130 00 is mine', 'IBAN [IBAN] is mine'],
  ['AB12 and gb82west12345698765432.', 'AB12 and [IBAN].'],
  ['Card 4111 1111 1111 1111 until 12/30', 'Card [card number] until 12/30'],
  ['from 192.168.10.4 and 2001:db8::ff00:42:8329 at 12:30:45', 'from [IP address] and [IP address] at 12:30:45'],
])('finds what is personal in %j', (text, expected) => {
  expect(hidden(text, ['email', 'phone', 'iban', 'card', 'ip'])).toBe(expected)
})

test.each([
  'SSN 123-45-6789',
  'DNI 12345678Z',
  'NIE X1234567L',
  'NIR 1 84 12 76 451 089 46',
  'CF RSSMRA85T10A562S',
  'AHV 756.9217.0769.85',
  'PESEL 44051401359',
  'Steuer-ID 86 095 742 719',
  'CPF 529.982.247-25',
])('knows the national id in %j by its check digit or its form', (text) => {
  expect(hidden(text, ['national_id'])).toBe(`${text.split(' ')[0]} [national id]`)
})

test('numbers of other kinds are left alone', () => {
  const text =
    'On 2026-11-23 at 10:20, 1234567890123456 items, version 1.2.3, 12345678A, order DE89370400440532013001, 3,141592653589793, 123-45-678, room 0815, 4111 1111 1111 1112'
  expect(hidden(text)).toBe(text)
})

test('however much a text looks like all of it, it is read in a time that grows with its length only', () => {
  for (const piece of ['00123456789012345 ', 'a@a.a.a.a.a.a', 'DE89 3704 0044 ', '1 ', ':', '(0', '+1', 'x@', '1.', 'aA1 ']) {
    const startedAt = performance.now()
    findPersonalData(piece.repeat(Math.ceil(100_000 / piece.length)), kinds)
    expect(performance.now() - startedAt, piece).toBeLessThan(2_500)
  }
}, 60_000)

test('words are found whole, whatever their case and spaces, in any script', () => {
  const words = ['Blue Moon', 'c++', 'größe', 'co-op', '[x] ^a/b|c$']
  const found = (text: string, isCaseSensitive = false) =>
    findWords(text, words, isCaseSensitive).map(({ start, end }) => text.slice(start, end))
  expect(found('a BLUE\n moon, no bluemoons; c++ and GRÖSSE Größe Größen, a Co-op [x] ^a/b|c$')).toEqual([
    'BLUE\n moon',
    'c++',
    'Größe',
    'Co-op',
    '[x] ^a/b|c$',
  ])
})

test('an expression finds what it says; one that would never end is ended, and holds nobody else up', async () => {
  expect(await find('ab12 AB34', ['[a-z]{2}\\d+'])).toHaveLength(2)
  expect(await find('ab12 AB34', ['[a-z]{2}\\d+'], true)).toHaveLength(1)

  const bad = find(`${'a'.repeat(60)}!`, ['^(a+)+$'])
  const good = find('x1', ['x\\d'])
  await expect(bad).rejects.toThrow('did not end')
  expect(await good).toHaveLength(1)
  const startedAt = performance.now()
  await expect(find('aaa!', ['^(a+)+$'])).rejects.toThrow('takes too long')
  expect(performance.now() - startedAt).toBeLessThan(50)
  expect(await find('y'.repeat(1_000_000) + '7', ['y\\d'])).toHaveLength(1)
})

test('who waits behind a rule that would never end is not held up by it once more for each', async () => {
  const startedAt = performance.now()
  const asked = Array.from({ length: 6 }, () => find(`${'a'.repeat(40)}!`, ['^(a+)+$']))
  const answers = await Promise.allSettled([...asked, find('a secret', ['secret'])])
  expect(answers.map(({ status }) => status)).toEqual([...asked.map(() => 'rejected'), 'fulfilled'])
  expect(performance.now() - startedAt).toBeLessThan(4_000)
})
