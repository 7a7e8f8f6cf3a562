import { expect, test } from 'vitest'
import { isWebAddress, slugOf, withScheme } from './addresses.ts'

test('the scheme that somebody left out is written', () => {
  expect(withScheme(' example.org/a ')).toBe('https://example.org/a')
  expect(withScheme('müller.example:8080')).toBe('https://müller.example:8080')
  expect(withScheme('ada@example.org')).toBe('mailto:ada@example.org')
  for (const whole of ['http://example.org', 'mailto:a@b.example', 'javascript:alert(1)', 'word', '']) expect(withScheme(whole)).toBe(whole)
})

test('what a preview may be asked with', () => {
  expect(isWebAddress('https://example.org')).toBe(true)
  for (const other of ['https://', 'mailto:a@b.example', 'example.org', '']) expect(isWebAddress(other)).toBe(false)
})

test('a name makes an address', () => {
  expect(slugOf('Inês  Carvalho & Filhos!')).toBe('ines-carvalho-filhos')
  expect(slugOf('東京')).toBe('')
  expect(slugOf(`${'a'.repeat(39)} b`)).toBe('a'.repeat(39))
})
