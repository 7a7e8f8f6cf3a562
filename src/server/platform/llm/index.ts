import type { EmbeddingModelV4, LanguageModelV4 } from '@ai-sdk/provider'
import type { Provider } from '../../../contract/models.ts'
import type { AppError } from '../errors/index.ts'
import type { Secret } from '../vault/secret.ts'

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

/** What the maintained catalogue knows of a model. Prices in nano-dollars per 1,000 tokens; null is unknown. */
export interface CatalogueEntry {
  name: string
  description: string | null
  maxContext: number | null
  maxOutput: number | null
  price: {
    inputPer1k: bigint | null
    outputPer1k: bigint | null
    reasoningPer1k: bigint | null
    cacheReadPer1k: bigint | null
    cacheWritePer1k: bigint | null
  } | null
}

/** The one door to models. The engine calls the returned models' `doStream` itself. */
export interface Llm {
  languageModel(target: ModelTarget): LanguageModelV4
  embeddingModel(target: ModelTarget): EmbeddingModelV4
  /**
   * Asks the provider for its models, which proves the key as well. A 429 counts as a good key.
   * Errors: `connection.rejected`, `connection.unreachable`, `connection.address_forbidden`.
   */
  listModels(target: ConnectionTarget, signal: AbortSignal): Promise<ListedModel[]>
  catalogueEntry(provider: Provider, internalName: string): CatalogueEntry | undefined
  /** Any error of a model call as an `AppError` of the `provider.*` codes (or `connection.address_forbidden`). */
  toAppError(error: unknown): AppError
  /** Tokens of a text, estimated locally: for reservations and for calls whose provider reported nothing. */
  estimateTokens(text: string): number
  close(): Promise<void>
}
