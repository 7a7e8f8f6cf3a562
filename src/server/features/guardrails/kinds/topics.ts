import type { EmbeddingModelV4 } from '@ai-sdk/provider'
import type { GuardrailConfiguration } from '../../../../contract/guardrails.ts'

type Topics = Extract<GuardrailConfiguration, { kind: 'topics' }>

/** A passage of a few sentences says what it is about; a long text is about nothing in particular. */
const pieceLength = 600
/** However long the text, it is read whole, in longer pieces. */
const maxPieces = 240

const examples = new WeakMap<Topics['topics'], Promise<{ name: string; vector: number[] }[]>>()

/** The topic that a passage of the text is nearest to, where it is near enough. */
export async function findTopic(
  model: EmbeddingModelV4,
  text: string,
  { topics, threshold }: Topics,
  abortSignal: AbortSignal,
): Promise<{ name: string; nearness: number } | undefined> {
  let known = examples.get(topics)
  if (!known) {
    known = embedExamples(model, topics)
    examples.set(topics, known)
    known.catch(() => examples.delete(topics))
  }
  const pieces = piecesOf(text)
  if (pieces.length === 0) return undefined
  const { embeddings } = await model.doEmbed({ values: pieces, abortSignal })
  let best: { name: string; nearness: number } | undefined
  for (const { name, vector } of await known) {
    for (const piece of embeddings) {
      const nearness = vector.reduce((sum, value, index) => sum + value * piece[index]!, 0)
      if (nearness >= threshold && nearness > (best?.nearness ?? 0)) best = { name, nearness }
    }
  }
  return best
}

async function embedExamples(model: EmbeddingModelV4, topics: Topics['topics']) {
  const all = topics.flatMap(({ name, examples: texts }) => texts.map((text) => ({ name, text })))
  const vectors: { name: string; vector: number[] }[] = []
  for (let start = 0; start < all.length; start += 200) {
    const batch = all.slice(start, start + 200)
    const { embeddings } = await model.doEmbed({ values: batch.map(({ text }) => text) })
    batch.forEach(({ name }, index) => vectors.push({ name, vector: embeddings[index]! }))
  }
  return vectors
}

function piecesOf(text: string): string[] {
  const length = Math.max(pieceLength, Math.ceil(text.length / maxPieces))
  const pieces: string[] = []
  for (let start = 0; start < text.length; ) {
    let end = Math.min(text.length, start + length)
    // Where a sentence ends, if one does in the last third.
    const lastThird = start + Math.floor((length * 2) / 3)
    const cut = end < text.length ? Math.max(...['. ', '! ', '? ', '\n'].map((stop) => text.lastIndexOf(stop, end - 1))) : -1
    if (cut >= lastThird) end = cut + 1
    const piece = text.slice(start, end).trim()
    if (piece !== '') pieces.push(piece)
    start = end
  }
  return pieces
}
