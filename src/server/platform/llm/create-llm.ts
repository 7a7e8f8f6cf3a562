import { createHash } from 'node:crypto'
import type { EmbeddingModelV4, LanguageModelV4 } from '@ai-sdk/provider'
import type { Egress } from '../egress/index.ts'
import { AppError } from '../errors/index.ts'
import { createOfflineEmbedding } from './built-in/offline-embedding.ts'
import { createOfflineModel } from './built-in/offline-model.ts'
import { offlineEmbeddingName, offlineModelName } from './built-in/models.ts'
import { findCatalogueEntry } from './catalogue.ts'
import { estimateTokens } from './estimate-tokens.ts'
import type { Llm, ModelTarget } from './index.ts'
import { listModels } from './list-models.ts'
import { finishError, toAppError } from './provider-error.ts'
import { providerPackages } from './provider-packages.ts'
import { remoteEmbeddingModel, remoteLanguageModel } from './remote-model.ts'

export interface LlmOptions {
  egress: Egress
  /** How long a provider may be silent before its first byte and between two. */
  firstByteTimeoutMs?: number
  idleTimeoutMs?: number
  /** Between two words of the built-in model. */
  offlineWordDelayMs?: number
  now?: () => Date
}

/** Reasoning models may think for minutes before they say anything. */
const silenceMs = 120_000
const maxAnswerBytes = 256 * 1024 * 1024
const keptModels = 500

export function createLlm(options: LlmOptions): Llm {
  const now = options.now ?? (() => new Date())
  const offlineModel = createOfflineModel({ now, wordDelayMs: options.offlineWordDelayMs ?? 12 })
  const offlineEmbedding = createOfflineEmbedding()
  const languageModels = new Map<string, LanguageModelV4>()
  const embeddingModels = new Map<string, EmbeddingModelV4>()

  const fetchFor = ({ allowsPrivateAddress }: ModelTarget) =>
    refusingPages(
      options.egress.fetchFor({
        allowsPrivateAddress,
        firstByteTimeoutMs: options.firstByteTimeoutMs ?? silenceMs,
        idleTimeoutMs: options.idleTimeoutMs ?? silenceMs,
        maxBytes: maxAnswerBytes,
      }),
    )

  return {
    languageModel(target) {
      if (target.provider !== 'built-in') return kept(languageModels, target, () => remoteLanguageModel(target, fetchFor(target)))
      if (target.internalName !== offlineModelName) throw new AppError('model.not_found')
      return offlineModel
    },
    embeddingModel(target) {
      if (target.provider !== 'built-in') return kept(embeddingModels, target, () => remoteEmbeddingModel(target, fetchFor(target)))
      if (target.internalName !== offlineEmbeddingName) throw new AppError('model.not_found')
      return offlineEmbedding.model
    },
    listModels: (target, signal) => listModels(options.egress, target, signal),
    findOllama: (baseUrl = 'http://127.0.0.1:11434') => findOllama(options.egress, baseUrl),
    catalogueEntry: (provider, internalName, baseUrl = null) => findCatalogueEntry(provider, internalName, baseUrl, now()),
    toAppError,
    finishError,
    estimateTokens,
    async prepare(provider) {
      if (provider !== 'built-in') await providerPackages[provider]()
    },
    async close() {
      languageModels.clear()
      embeddingModels.clear()
      await offlineEmbedding.close()
    },
  }
}

/** A model is kept under everything that goes into it, the key above all: one person's model is never another's. */
function kept<Model>(models: Map<string, Model>, target: ModelTarget, make: () => Model): Model {
  const headers = Object.entries(target.headers).map(([name, value]) => [name, value.reveal()])
  const parts = [
    target.provider,
    target.internalName,
    target.connectionId,
    target.baseUrl,
    target.apiKey?.reveal() ?? null,
    headers,
    target.allowsPrivateAddress,
  ]
  const key = createHash('sha256').update(JSON.stringify(parts)).digest('base64')
  let model = models.get(key)
  if (!model) {
    const oldest = models.keys().next()
    if (models.size >= keptModels && !oldest.done) models.delete(oldest.value)
    model = make()
    models.set(key, model)
  }
  return model
}

/** A wrong address, a proxy or a hotel's network answers with a web page and status 200, which read as a stream is an empty answer. */
function refusingPages(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (!response.ok || !/^text\/html\b/i.test(response.headers.get('content-type') ?? '')) return response
    await response.body?.cancel()
    throw new AppError('provider.invalid_response', {
      detail: 'A web page came instead of an answer. Is the address of the connection complete?',
    })
  }
}

async function findOllama(egress: Egress, baseUrl: string): Promise<string | null> {
  try {
    const limits = {
      allowsPrivateAddress: true,
      firstByteTimeoutMs: 1_000,
      totalTimeoutMs: 1_500,
      maxRedirects: 0,
      maxBytes: 16 * 1024 * 1024,
    }
    const response = await egress.fetch(new URL('/api/tags', baseUrl), {}, limits)
    const body: unknown = await response.json()
    return response.ok && typeof body === 'object' && body !== null && 'models' in body ? baseUrl : null
  } catch {
    return null
  }
}
