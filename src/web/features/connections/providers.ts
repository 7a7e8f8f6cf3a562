import type { Connection } from '../../../contract/models.ts'

export type ProviderName = Connection['provider']
export type AddableProvider = Exclude<ProviderName, 'built-in'>

interface ProviderTraits {
  /** Where a person makes a key. */
  keyPage?: string
  key: 'required' | 'optional' | 'none'
  url: 'required' | 'common' | 'rare'
}

/** What the form asks for, by provider; in the order they are offered. */
export const providers: Record<AddableProvider, ProviderTraits> = {
  openai: { key: 'required', url: 'rare', keyPage: 'platform.openai.com/api-keys' },
  anthropic: { key: 'required', url: 'rare', keyPage: 'console.anthropic.com/settings/keys' },
  google: { key: 'required', url: 'rare', keyPage: 'aistudio.google.com/apikey' },
  xai: { key: 'required', url: 'rare', keyPage: 'console.x.ai' },
  'openai-compatible': { key: 'optional', url: 'required' },
  ollama: { key: 'none', url: 'common' },
}

export const addableProviders = Object.keys(providers) as AddableProvider[]
