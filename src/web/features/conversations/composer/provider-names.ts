import type { Provider } from '../../../../contract/models.ts'

/** Names of companies and programs, which are the same in every language. */
export const providerNames: Record<Provider, string> = {
  anthropic: 'Anthropic',
  'built-in': 'Parley',
  google: 'Google',
  ollama: 'Ollama',
  openai: 'OpenAI',
  'openai-compatible': 'OpenAI-compatible',
  xai: 'xAI',
}
