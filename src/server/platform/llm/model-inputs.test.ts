import { expect, test } from 'vitest'
import { imageTokens, inputsOf, pdfTokens } from './index.ts'

test.each([
  ['anthropic', 'claude-sonnet-4-5-20250929', ['image', 'pdf']],
  ['anthropic', 'claude-3-haiku-20240307', ['image']],
  ['anthropic', 'claude-2.1', []],
  ['openai', 'gpt-4o-mini', ['image', 'pdf']],
  ['openai', 'gpt-5', ['image', 'pdf']],
  ['openai', 'o3-mini', []],
  ['openai', 'gpt-3.5-turbo', []],
  ['openai', 'gpt-4', []],
  ['openai', 'gpt-4-turbo', ['image']],
  ['google', 'gemini-2.5-pro', ['image', 'pdf']],
  ['google', 'gemma-3-27b-it', ['image']],
  ['xai', 'grok-4', ['image']],
  ['xai', 'grok-code-fast-1', []],
  ['ollama', 'llava:7b', ['image']],
  ['ollama', 'llama3.2:3b', []],
  ['openai-compatible', 'qwen2.5-vl-7b-instruct', ['image']],
  ['openai-compatible', 'deepseek-chat', []],
  ['built-in', 'parley-offline', []],
] as const)('%s %s takes %j beside text', (provider, name, inputs) => expect(inputsOf(provider, name)).toEqual(inputs))

test('a picture counts by the rules of its provider', () => {
  // Examples of the providers' own documentation.
  expect(imageTokens('openai', 1024, 1024)).toBe(765)
  expect(imageTokens('openai', 2048, 4096)).toBe(1105)
  expect(imageTokens('anthropic', 1000, 1000)).toBe(1334)
  expect(imageTokens('anthropic', 8000, 8000)).toBe(1600)
  expect(imageTokens('google', 300, 300)).toBe(258)
  expect(imageTokens('google', 1000, 500)).toBe(516)
  expect(pdfTokens('google', 10, 5000)).toBe(2580)
  expect(pdfTokens('anthropic', 2, 1000)).toBe(4200)
})
