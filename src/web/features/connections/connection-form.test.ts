import { expect, test } from 'vitest'
import type { Connection } from '../../../contract/models.ts'
import { checkConnection, emptyValues, valuesOf } from './connection-form.ts'

const stored = {
  provider: 'openai-compatible',
  name: 'Lab',
  ownership: 'own',
  baseUrl: 'https://llm.example.org/v1',
  keyLast4: 'f00d',
  headerNames: [],
  isDefault: true,
} as unknown as Connection

test('a provider that lives on keys asks for one, a server of your own for its address', () => {
  expect(checkConnection(emptyValues('own'), null)).toEqual({ apiKey: 'Paste the key.' })
  expect(checkConnection({ ...emptyValues('own'), provider: 'openai-compatible' }, null)).toEqual({ baseUrl: 'Write the address.' })
  expect(checkConnection({ ...emptyValues('own'), provider: 'ollama' }, null)).toEqual({})
})

test('only http and https are addresses', () => {
  for (const baseUrl of ['llm.example.org', 'ftp://llm.example.org', 'javascript:alert(1)']) {
    expect(checkConnection({ ...emptyValues('own'), provider: 'ollama', baseUrl }, null).baseUrl).toMatch(/not an address/)
  }
})

test('an edit keeps the sealed key, unless the address changed', () => {
  const values = valuesOf(stored)
  expect(checkConnection(values, stored)).toEqual({})
  const moved = { ...values, baseUrl: 'https://elsewhere.example.org/v1' }
  expect(checkConnection(moved, stored).apiKey).toMatch(/enter it again/)
  expect(checkConnection({ ...moved, apiKey: 'sk-new' }, stored)).toEqual({})
})

test('headers are names that a server accepts', () => {
  const withHeader = (name: string) => checkConnection({ ...valuesOf(stored), headers: [{ name, value: 'x' }] }, stored).headers
  expect(withHeader('X-Team')).toBeUndefined()
  expect(withHeader('X Team')).toMatch(/letters, digits and hyphens/)
})
