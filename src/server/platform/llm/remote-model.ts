import { APICallError, type EmbeddingModelV4, type LanguageModelV4, type LanguageModelV4CallOptions } from '@ai-sdk/provider'
import { speaksResponses, baseUrlOf } from './base-url.ts'
import { createChatCompletionStream } from './chat-completion-stream.ts'
import { defaultProviderOptions, withDefaults, withoutReasoning, withoutRefusedThinking } from './default-options.ts'
import type { ModelTarget } from './index.ts'
import { refusingLongLines } from './short-lines.ts'
import { loadEmbeddingModel, loadLanguageModel } from './provider-packages.ts'

/** A provider's model that is there at once and loads its package at the first call. */
export function remoteLanguageModel(target: ModelTarget, fetch: typeof globalThis.fetch): LanguageModelV4 {
  const isForeignOpenAi = target.provider === 'openai' && !speaksResponses(baseUrlOf(target))
  const speaksChatCompletions = isForeignOpenAi || target.provider === 'openai-compatible' || target.provider === 'ollama'
  const chat = speaksChatCompletions ? createChatCompletionStream(fetch) : undefined
  let loading: Promise<LanguageModelV4> | undefined
  const load = () => (loading ??= loadLanguageModel(target, chat?.fetch ?? refusingLongLines(fetch)))
  let defaults = isForeignOpenAi ? {} : defaultProviderOptions(target.provider, target.internalName)

  async function call<Result>(
    given: LanguageModelV4CallOptions,
    perform: (model: LanguageModelV4, options: LanguageModelV4CallOptions) => PromiseLike<Result>,
  ) {
    const model = await load()
    const options = withoutRefusedThinking(target.provider, given)
    try {
      return await perform(model, { ...options, providerOptions: withDefaults(defaults, options) })
    } catch (error) {
      // Some accounts may use a model but not see its reasoning. That must not cost them the answer.
      if (!refusesReasoning(error)) throw error
      defaults = withoutReasoning(defaults)
      return await perform(model, { ...options, providerOptions: withDefaults(defaults, options) })
    }
  }

  function refusesReasoning(error: unknown): boolean {
    return (
      APICallError.isInstance(error) &&
      error.statusCode === 400 &&
      JSON.stringify(defaults) !== JSON.stringify(withoutReasoning(defaults)) &&
      /reasoning[._ ]summar|thinking|thought/i.test(`${error.message} ${error.responseBody ?? ''}`)
    )
  }

  return {
    specificationVersion: 'v4',
    provider: target.provider,
    modelId: target.internalName,
    // None: files go to a provider as bytes that were fetched through the egress client.
    supportedUrls: {},
    doStream: (options) => call(options, (model, given) => (chat ? chat.doStream(model, given) : model.doStream(given))),
    doGenerate: (options) => call(options, (model, given) => model.doGenerate(given)),
  }
}

const embeddingsPerCall = { openai: 2048, google: 100 } as Record<string, number>

export function remoteEmbeddingModel(target: ModelTarget, fetch: typeof globalThis.fetch): EmbeddingModelV4 {
  let loading: Promise<EmbeddingModelV4> | undefined
  return {
    specificationVersion: 'v4',
    provider: target.provider,
    modelId: target.internalName,
    maxEmbeddingsPerCall: embeddingsPerCall[target.provider] ?? 256,
    supportsParallelCalls: true,
    doEmbed: async (options) => (await (loading ??= loadEmbeddingModel(target, fetch))).doEmbed(options),
  }
}
