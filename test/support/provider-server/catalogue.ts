/** The models that the server offers, as each provider lists them. Names of real models, so that prices and limits are found; others for behaviour. */
export const chatModels = {
  openai: ['gpt-4o', 'gpt-4o-mini', 'gpt-5', 'test-40x25', 'test-10x0', 'test-40x25-reason', 'test-tools'],
  anthropic: ['claude-sonnet-4-5', 'claude-opus-4-5', 'claude-3-5-haiku-20241022'],
  google: ['gemini-2.5-pro', 'gemini-2.5-flash', 'gemini-2.0-flash'],
  xai: ['grok-4', 'grok-3-mini'],
  compatible: ['deepseek-chat', 'test-40x25', 'test-40x25-reason', 'test-tools'],
  ollama: ['llama3.2:3b', 'qwen3:8b'],
} as const

export type Served = keyof typeof chatModels

const created = 1_760_000_000

/** OpenAI API reference, "Models > List"; xAI and compatible servers answer in the same form. */
export function listOpenAiStyle(served: 'openai' | 'xai' | 'compatible') {
  const others = served === 'openai' ? ['text-embedding-3-small', 'gpt-image-1', 'whisper-1', 'tts-1', 'omni-moderation-latest'] : []
  const extra = served === 'compatible' ? ['nomic-embed-text', 'bge-reranker-v2-m3'] : []
  const data = [...chatModels[served], ...others, ...extra].map((id) => ({ id, object: 'model', created, owned_by: served }))
  return { object: 'list', data }
}

/** Anthropic API reference, "Models > List models", in pages. */
export function listAnthropic(afterId: string | null, limit: number) {
  const all = chatModels.anthropic.map((id) => ({ type: 'model', id, display_name: displayName(id), created_at: '2025-10-01T00:00:00Z' }))
  const start = afterId === null ? 0 : all.findIndex((model) => model.id === afterId) + 1
  const data = all.slice(start, start + limit)
  return { data, has_more: start + limit < all.length, first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null }
}

/** Gemini API reference, "Models > models.list", in pages. */
export function listGoogle(pageToken: string | null, pageSize: number) {
  const chat = chatModels.google.map((id) => ({
    name: `models/${id}`,
    version: '001',
    displayName: displayName(id),
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ['generateContent', 'countTokens'],
  }))
  const embedding = {
    name: 'models/gemini-embedding-001',
    version: '001',
    displayName: 'Gemini Embedding 001',
    inputTokenLimit: 2048,
    outputTokenLimit: 1,
    supportedGenerationMethods: ['embedContent', 'countTextTokens'],
  }
  const all = [...chat, embedding]
  const start = Number(pageToken ?? 0)
  const next = start + pageSize
  return { models: all.slice(start, next), ...(next < all.length && { nextPageToken: String(next) }) }
}

/** Ollama API documentation, "List local models" and "Show model information". */
export function listOllama() {
  return {
    models: [...chatModels.ollama, 'nomic-embed-text:latest'].map((name) => ({
      name,
      model: name,
      modified_at: '2025-10-01T00:00:00Z',
      size: 2_000_000_000,
      digest: 'a80c4f17acd5',
      details: {
        format: 'gguf',
        family: name.startsWith('nomic') ? 'nomic-bert' : 'llama',
        parameter_size: '3B',
        quantization_level: 'Q4_K_M',
      },
    })),
  }
}

export function showOllama(name: string) {
  const isEmbedding = name.startsWith('nomic')
  return {
    details: { format: 'gguf', family: isEmbedding ? 'nomic-bert' : 'llama' },
    capabilities: isEmbedding ? ['embedding'] : ['completion', 'tools'],
    model_info: isEmbedding ? { 'nomic-bert.context_length': 2048 } : { 'llama.context_length': 131_072 },
  }
}

function displayName(id: string): string {
  return id
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')
}
