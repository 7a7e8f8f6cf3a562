import { expect, test } from 'vitest'
import type { Provider } from '../../../contract/models.ts'
import { thinkingLevels } from './thinking.ts'

const levels = (provider: Provider, internalName: string, baseUrl: string | null = null) =>
  thinkingLevels({ provider, internalName, baseUrl }).join(' ')
const some = 'low medium high'
const all = 'off low medium high'

test.each([
  ['openai', 'gpt-5', some],
  ['openai', 'gpt-5-mini-2025-08-07', some],
  ['openai', 'gpt-5.1', all],
  ['openai', 'gpt-5.2-2025-12-11', all],
  ['openai', 'o3', some],
  ['openai', 'o4-mini', some],
  ['openai', 'o1-mini', ''],
  ['openai', 'gpt-4o', ''],
  ['openai', 'gpt-4.1', ''],
  ['openai', 'gpt-5-pro', ''],
  ['openai', 'gpt-5-chat-latest', ''],
  ['openai', 'gpt-5.1-codex', ''],
  ['anthropic', 'claude-sonnet-4-6', all],
  ['anthropic', 'claude-opus-4-7', all],
  ['anthropic', 'claude-sonnet-4-5-20250929', all],
  ['anthropic', 'claude-opus-4-20250514', all],
  ['anthropic', 'claude-haiku-4-5', all],
  ['anthropic', 'claude-3-7-sonnet-20250219', all],
  ['anthropic', 'claude-opus-5', all],
  ['anthropic', 'claude-opus-5-5', some],
  ['anthropic', 'claude-fable-5', some],
  ['anthropic', 'claude-3-5-haiku-20241022', ''],
  ['anthropic', 'claude-3-haiku-20240307', ''],
  ['google', 'gemini-2.5-flash', all],
  ['google', 'gemini-2.5-pro', some],
  ['google', 'gemini-3-pro-preview', 'low high'],
  ['google', 'gemini-3.1-pro-preview', some],
  ['google', 'gemini-2.0-flash', ''],
  ['google', 'gemini-2.5-flash-image', ''],
  ['xai', 'grok-4.3', all],
  ['xai', 'grok-4.20-reasoning', ''],
  ['xai', 'grok-3-mini', 'low high'],
  ['xai', 'grok-4', ''],
  ['openai-compatible', 'gpt-5', ''],
  ['ollama', 'qwen3:8b', ''],
  ['built-in', 'parley-offline', ''],
] as const)('%s %s can be told: %s', (provider, name, expected) => {
  expect(levels(provider, name)).toBe(expected)
})

test('what stands behind another address than OpenAI’s own is not known', () => {
  expect(levels('openai', 'gpt-5', 'http://127.0.0.1:8080/v1')).toBe('')
  expect(levels('openai', 'gpt-5', 'https://one.openai.azure.com/openai/v1')).toBe(some)
})
