import type { ListedModel } from '../index.ts'

export const offlineModelName = 'parley-offline'
export const offlineEmbeddingName = 'parley-embed-en'

/** What the server itself brings: an assistant that works by rules, and a small embedding model for English. */
export const builtInModels: ListedModel[] = [
  { internalName: offlineModelName, name: 'Parley offline', kind: 'chat', maxContext: 1_000_000, maxOutput: 8_192 },
  { internalName: offlineEmbeddingName, name: 'Parley embeddings (English)', kind: 'embedding', maxContext: 2_048, maxOutput: null },
]

export const builtInDescriptions: Record<string, string> = {
  [offlineModelName]:
    'Built in, works without a key and without the internet. It follows rules and is not a language model: help about Parley, arithmetic, dates, and what was said in the conversation.',
  [offlineEmbeddingName]: 'Built in, works without the internet: sentence embeddings with 512 dimensions, for English text.',
}
