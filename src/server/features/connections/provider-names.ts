import type { Provider } from '../../../contract/models.ts'

/** What a connection is called when nobody names it. */
export const providerNames: Record<Provider, string> = {
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  google: 'Google Gemini',
  xai: 'xAI',
  'openai-compatible': 'OpenAI-compatible',
  ollama: 'Ollama',
  'built-in': 'Built-in',
}
