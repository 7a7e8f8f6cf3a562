import { expect, test } from 'vitest'
import type { Provider } from '../../../contract/models.ts'
import { findCatalogueEntry } from './catalogue.ts'

const find = (provider: Provider, name: string, baseUrl: string | null = null, today = '2026-11-22') =>
  findCatalogueEntry(provider, name, baseUrl, new Date(today))

test('prices are nano-dollars per thousand tokens', async () => {
  // 2.50, 1.25 and 10 dollars a million.
  expect(await find('openai', 'gpt-4o')).toMatchObject({
    origin: 'catalogue',
    maxContext: 128_000,
    price: {
      inputPer1k: 2_500_000n,
      cacheReadPer1k: 1_250_000n,
      outputPer1k: 10_000_000n,
      reasoningPer1k: 10_000_000n,
      cacheWritePer1k: null,
    },
  })
  // 0.02 dollars a million, and no output.
  expect((await find('openai', 'text-embedding-3-small'))?.price).toMatchObject({ inputPer1k: 20_000n, outputPer1k: null })
})

test('the exact name wins over a name that begins like it', async () => {
  const mini = await find('openai', 'gpt-4o-mini')
  expect(mini?.price?.inputPer1k).toBe(150_000n)
  const dated = await find('anthropic', 'claude-sonnet-4-5-20250929')
  expect(dated?.price).toMatchObject({
    inputPer1k: 3_000_000n,
    outputPer1k: 15_000_000n,
    cacheReadPer1k: 300_000n,
    cacheWritePer1k: 3_750_000n,
  })
  expect((await find('anthropic', 'claude-sonnet-4-20250514'))?.name).toBe('Claude Sonnet 4')
})

test('where long prompts cost more, the base price counts', async () => {
  expect((await find('google', 'gemini-2.5-pro'))?.price?.inputPer1k).toBe(1_250_000n)
})

test('the price in force on the day counts', async () => {
  expect((await find('openai', 'o3', null, '2025-06-01'))?.price?.inputPer1k).toBe(10_000_000n)
  expect((await find('openai', 'o3', null, '2025-06-10'))?.price?.inputPer1k).toBe(2_000_000n)
})

test('a model that nobody knows is unknown, and so is a known name at another provider', async () => {
  expect(await find('openai', 'gpt-99-imaginary')).toBeUndefined()
  expect(await find('xai', 'gpt-4o')).toBeUndefined()
  expect(await find('openai-compatible', 'gpt-4o')).toBeUndefined()
  expect(await find('openai-compatible', 'gpt-4o', 'http://10.0.0.1:8000/v1')).toBeUndefined()
})

test('behind an OpenAI-compatible address its company is recognised', async () => {
  expect((await find('openai-compatible', 'deepseek-chat', 'https://api.deepseek.com/v1'))?.price?.inputPer1k).toBeGreaterThan(0n)
})

test('what runs on this machine is free', async () => {
  for (const [provider, name] of [
    ['built-in', 'parley-offline'],
    ['ollama', 'llama3.2'],
  ] as const) {
    const entry = await find(provider, name)
    expect(entry?.origin).toBe('free')
    expect(Object.values(entry!.price!)).toEqual([0n, 0n, 0n, 0n, 0n])
  }
})
