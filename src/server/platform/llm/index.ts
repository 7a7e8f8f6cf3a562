import type { EmbeddingModelV4, LanguageModelV4, LanguageModelV4FinishReason } from '@ai-sdk/provider'
import type { Provider } from '../../../contract/models.ts'
import type { AppError } from '../errors/index.ts'
import type { Secret } from '../vault/secret.ts'

export { createLlm, type LlmOptions } from './create-llm.ts'
export { offlineEmbeddingName } from './built-in/models.ts'
export { imageTokens, pdfTokens } from './file-tokens.ts'
export { inputsOf } from './model-inputs.ts'
export {
  maxProviderSearches,
  type ProviderSearch,
  providerSearch,
  providerSearchName,
  type SearchLocation,
  searchOptions,
} from './provider-search.ts'
export { thinkingLevels } from './thinking.ts'

/** Where and with which key a model is called. */
export interface ModelTarget {
  provider: Provider
  internalName: string
  connectionId: string
  /** Null: the provider's own address. */
  baseUrl: string | null
  apiKey: Secret | null
  headers: Record<string, Secret>
  /** The base URL came from the environment or is a found local Ollama, so a private address is permitted. */
  allowsPrivateAddress: boolean
}

export type ConnectionTarget = Omit<ModelTarget, 'internalName'>

/** A model as a provider lists it. What it does not say is null. */
export interface ListedModel {
  internalName: string
  name: string | null
  kind: 'chat' | 'embedding' | 'reranking' | 'image'
  maxContext: number | null
  maxOutput: number | null
}

/** What is known of a model beside what its provider says. Prices in nano-dollars per 1,000 tokens; null is unknown. */
export interface CatalogueEntry {
  /** Null where only the provider has one. */
  name: string | null
  description: string | null
  maxContext: number | null
  maxOutput: number | null
  /** `free`: it runs on this machine (built-in, Ollama), so every price is zero. `catalogue`: from the maintained price package. */
  origin: 'catalogue' | 'free'
  price: {
    inputPer1k: bigint | null
    outputPer1k: bigint | null
    /** Reasoning is billed as output by every provider of the catalogue, so it is the price of output. */
    reasoningPer1k: bigint | null
    cacheReadPer1k: bigint | null
    cacheWritePer1k: bigint | null
  } | null
  /** Of a thousand searches of the web by the provider itself; null is unknown. */
  searchesPer1k: bigint | null
}

/** The one door to models. The engine calls the returned models' `doStream` itself. */
export interface Llm {
  /**
   * The model behind its provider's package, which is loaded at the first call. Visible reasoning is asked for where the model has it, and OpenAI and xAI
   * are told not to store; `providerOptions` of a call win.
   */
  languageModel(target: ModelTarget): LanguageModelV4
  embeddingModel(target: ModelTarget): EmbeddingModelV4
  /**
   * Asks the provider for its models, which proves the key as well. A 429 counts as a good key, with an empty list.
   * Errors: `connection.rejected`, `connection.unreachable`, `connection.address_forbidden`.
   */
  listModels(target: ConnectionTarget, signal: AbortSignal): Promise<ListedModel[]>
  /** The base URL under which an Ollama answers, or null. By default the local one is asked. */
  findOllama(baseUrl?: string): Promise<string | null>
  /** Undefined: nothing is known of it. `baseUrl` tells which company stands behind an OpenAI-compatible connection. */
  catalogueEntry(provider: Provider, internalName: string, baseUrl?: string | null): Promise<CatalogueEntry | undefined>
  /** Any error of a model call, thrown or a part of its stream, as an `AppError` of the `provider.*` codes (or `connection.address_forbidden`). */
  toAppError(error: unknown): AppError
  /** The error that a finish reason stands for, or null: a withheld answer and one that broke off end a stream without an error part. */
  finishError(reason: LanguageModelV4FinishReason): AppError | null
  /** Tokens of a text, estimated locally: for reservations and for calls whose provider reported nothing. */
  estimateTokens(text: string): number
  /** Loads a provider's package ahead of its first call. */
  prepare(provider: Provider): Promise<void>
  close(): Promise<void>
}
