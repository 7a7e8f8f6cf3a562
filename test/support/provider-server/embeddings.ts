import { asList, asRecord, asText } from './wire/wire.ts'

/** A direction that depends on the words only, so that equal texts are equal and texts with common words are near each other. */
function vector(text: string, dimensions: number): number[] {
  const sums = Array.from({ length: dimensions }, () => 0)
  for (const word of text.toLowerCase().match(/\p{L}+|\d+/gu) ?? ['']) {
    let hash = 2166136261
    for (let index = 0; index < word.length; index++) hash = Math.imul(hash ^ word.charCodeAt(index), 16777619)
    for (let index = 0; index < dimensions; index++) {
      hash = Math.imul(hash ^ (hash >>> 13), 1540483477)
      sums[index]! += ((hash >>> 0) / 0xffffffff) * 2 - 1
    }
  }
  const length = Math.hypot(...sums) || 1
  return sums.map((value) => value / length)
}

/** OpenAI API reference, "Embeddings": numbers, or base64 of 32-bit floats, which the official client asks for. */
export function embedOpenAi(body: Record<string, unknown>) {
  const inputs = Array.isArray(body.input) ? body.input.map(asText) : [asText(body.input)]
  const dimensions = typeof body.dimensions === 'number' ? body.dimensions : 64
  const tokens = inputs.reduce((sum, text) => sum + Math.ceil(text.length / 4), 0)
  return {
    object: 'list',
    model: asText(body.model),
    data: inputs.map((text, index) => {
      const values = vector(text, dimensions)
      const embedding = body.encoding_format === 'base64' ? Buffer.from(new Float32Array(values).buffer).toString('base64') : values
      return { object: 'embedding', index, embedding }
    }),
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  }
}

/** Gemini API reference, "Embeddings": embedContent and batchEmbedContents. */
export function embedGoogle(body: Record<string, unknown>, isBatch: boolean) {
  const values = (request: Record<string, unknown>) => {
    const text = asList(asRecord(request.content).parts)
      .map((part) => asText(part.text))
      .join('')
    const wanted = request.outputDimensionality
    return { values: vector(text, typeof wanted === 'number' ? wanted : 64) }
  }
  return isBatch ? { embeddings: asList(body.requests).map(values) } : { embedding: values(body) }
}
