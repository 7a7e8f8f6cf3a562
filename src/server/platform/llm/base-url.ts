import type { ConnectionTarget } from './index.ts'

const ownAddresses = {
  openai: 'https://api.openai.com/v1',
  anthropic: 'https://api.anthropic.com/v1',
  google: 'https://generativelanguage.googleapis.com/v1beta',
  xai: 'https://api.x.ai/v1',
  'openai-compatible': 'http://127.0.0.1:8080/v1',
  ollama: 'http://127.0.0.1:11434/v1',
} as const

/**
 * Where a connection's requests go, without a slash at the end. People give the address in either form, with and without the version, so an address without
 * a path gets the provider's own.
 */
export function baseUrlOf({ provider, baseUrl }: Pick<ConnectionTarget, 'provider' | 'baseUrl'>): string {
  if (provider === 'built-in') return ''
  const own = ownAddresses[provider]
  if (baseUrl === null) return own
  const trimmed = baseUrl.replace(/\/+$/, '')
  return new URL(trimmed).pathname === '/' ? trimmed + new URL(own).pathname : trimmed
}

/** Ollama's own API lies beside its OpenAI-compatible one. */
export function ollamaRoot(baseUrl: string): string {
  return baseUrl.replace(/\/v1$/, '')
}

/**
 * OpenAI's Responses API, which is the only one that shows its models' reasoning, is spoken by OpenAI and Azure. Other servers behind the OpenAI
 * settings speak Chat Completions.
 */
export function speaksResponses(baseUrl: string): boolean {
  return /(^|\.)(openai\.com|openai\.azure\.com|services\.ai\.azure\.com)$/.test(new URL(baseUrl).hostname)
}
