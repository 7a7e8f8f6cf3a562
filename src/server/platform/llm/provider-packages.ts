import type { EmbeddingModelV4, LanguageModelV4 } from '@ai-sdk/provider'
import type { Provider } from '../../../contract/models.ts'
import { AppError } from '../errors/index.ts'
import { baseUrlOf, speaksResponses } from './base-url.ts'
import type { ModelTarget } from './index.ts'

type RemoteProvider = Exclude<Provider, 'built-in'>

/** Each package costs 3–6 MB and up to 50 ms, so it is loaded when a model of its provider is first called. */
export const providerPackages = {
  openai: () => import('@ai-sdk/openai'),
  anthropic: () => import('@ai-sdk/anthropic'),
  google: () => import('@ai-sdk/google'),
  xai: () => import('@ai-sdk/xai'),
  'openai-compatible': () => import('@ai-sdk/openai-compatible'),
  ollama: () => import('@ai-sdk/openai-compatible'),
} satisfies Record<RemoteProvider, () => Promise<unknown>>

type Fetch = typeof globalThis.fetch

/**
 * What every package is given. Key and address are always named, also when they are empty: left out, the packages would take them from the environment of
 * the server, and a person's connection would be paid by the house.
 */
function settings(target: ModelTarget, fetch: Fetch) {
  return {
    baseURL: baseUrlOf(target),
    apiKey: target.apiKey?.reveal() ?? '',
    headers: Object.fromEntries(Object.entries(target.headers).map(([name, value]) => [name, value.reveal()])),
    fetch,
  }
}

export async function loadLanguageModel(target: ModelTarget, fetch: Fetch): Promise<LanguageModelV4> {
  const given = settings(target, fetch)
  switch (target.provider) {
    case 'openai':
      if (!speaksResponses(given.baseURL)) return compatible(target, given)
      return (await providerPackages.openai()).createOpenAI(given).responses(target.internalName)
    case 'anthropic':
      return (await providerPackages.anthropic()).createAnthropic(given)(target.internalName)
    case 'google':
      return (await providerPackages.google()).createGoogle(given)(target.internalName)
    case 'xai':
      return (await providerPackages.xai()).createXai(given).responses(target.internalName)
    default:
      return compatible(target, given)
  }
}

async function compatible(target: ModelTarget, given: ReturnType<typeof settings>): Promise<LanguageModelV4> {
  const { createOpenAICompatible } = await providerPackages['openai-compatible']()
  return createOpenAICompatible({ ...given, name: target.provider, includeUsage: true }).chatModel(target.internalName)
}

export async function loadEmbeddingModel(target: ModelTarget, fetch: Fetch): Promise<EmbeddingModelV4> {
  const given = settings(target, fetch)
  switch (target.provider) {
    case 'openai':
      return (await providerPackages.openai()).createOpenAI(given).embeddingModel(target.internalName)
    case 'google':
      return (await providerPackages.google()).createGoogle(given).embeddingModel(target.internalName)
    case 'openai-compatible':
    case 'ollama': {
      const { createOpenAICompatible } = await providerPackages['openai-compatible']()
      return createOpenAICompatible({ ...given, name: target.provider }).embeddingModel(target.internalName)
    }
    default:
      throw new AppError('provider.rejected', { detail: 'This provider has no embedding models.' })
  }
}
