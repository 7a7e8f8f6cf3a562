import { expect, test } from 'vitest'
import { countryCode, providerSearch, searchOptions } from './provider-search.ts'

const athens = { lat: 37.98381, lng: 23.72754, city: 'Athens', region: null, country: 'Greece', timezone: 'Europe/Athens' }
const found = (provider: Parameters<typeof providerSearch>[0]['provider'], internalName: string, baseUrl: string | null = null) =>
  providerSearch({ provider, internalName, baseUrl })

test('only models of which it is documented search by themselves', () => {
  for (const name of ['gpt-4o', 'gpt-4.1-mini', 'gpt-5', 'gpt-5.4-mini', 'o3', 'gpt-4o-2024-08-06'])
    expect(found('openai', name), name).toEqual({ takesTools: true })
  for (const name of ['gpt-4.1-nano', 'gpt-3.5-turbo', 'o1', 'gpt-image-1', 'gpt-4o-audio-preview'])
    expect(found('openai', name), name).toBeNull()
  expect(found('openai', 'gpt-4o', 'https://other.example/v1')).toBeNull()
  expect(found('anthropic', 'claude-sonnet-4-5')).toEqual({ takesTools: true })
  expect(found('anthropic', 'claude-3-opus')).toBeNull()
  expect(found('google', 'gemini-2.5-pro')).toEqual({ takesTools: false })
  expect(found('google', 'gemini-3-pro-preview')).toEqual({ takesTools: true })
  expect(found('google', 'gemini-2.5-flash-image')).toBeNull()
  expect(found('xai', 'grok-4')).toEqual({ takesTools: true })
  expect(found('xai', 'grok-3-mini')).toBeNull()
  expect(found('ollama', 'llama3.2')).toBeNull()
})

test('each provider is told a place in its own form, and no nearer than it needs', () => {
  const userLocation = { type: 'approximate', city: 'Athens', country: 'GR', timezone: 'Europe/Athens' }
  expect(searchOptions('openai', athens).tools).toMatchObject([{ id: 'openai.web_search', args: { userLocation } }])
  expect(searchOptions('anthropic', athens).tools).toMatchObject([
    { id: 'anthropic.web_search_20250305', args: { userLocation, maxUses: 5 } },
  ])
  expect(searchOptions('google', athens)).toMatchObject({
    tools: [{ id: 'google.google_search', args: {} }],
    providerOptions: { google: { retrievalConfig: { latLng: { latitude: 37.98, longitude: 23.73 } } } },
  })
  expect(searchOptions('google', { ...athens, lat: null })).not.toHaveProperty('providerOptions')
  expect(JSON.stringify(searchOptions('xai', athens))).not.toContain('Athens')
  for (const provider of ['openai', 'anthropic', 'google', 'xai'] as const)
    expect(JSON.stringify(searchOptions(provider, null))).not.toMatch(/ocation|latLng/)
})

test('a country is two letters or nothing', () => {
  expect([countryCode('gr'), countryCode('Germany'), countryCode(' united kingdom '), countryCode('Atlantis'), countryCode('UK')]).toEqual([
    'GR',
    'DE',
    'GB',
    null,
    null,
  ])
})
