import { Worker } from 'node:worker_threads'
import type { EmbeddingModelV4, EmbeddingModelV4Result } from '@ai-sdk/provider'
import { AppError } from '../../errors/index.ts'
import type { EmbeddingReply, EmbeddingRequest, EmbeddingWithdrawal } from './embedding-worker.ts'
import { offlineEmbeddingName } from './models.ts'

interface Waiting {
  resolve: (result: EmbeddingModelV4Result) => void
  reject: (reason: unknown) => void
}

/** After this long without a call the worker ends and gives its memory (some 200 MB) back. */
const idleMs = 5 * 60_000

/**
 * The Universal Sentence Encoder (lite, English, 512 dimensions, vectors of length 1), computed in a worker thread that starts with the first call:
 * it neither blocks the event loop nor costs anything before.
 */
export function createOfflineEmbedding(): { model: EmbeddingModelV4; close(): Promise<void> } {
  let worker: Worker | undefined
  let idleTimer: NodeJS.Timeout | undefined
  let nextId = 1
  const waiting = new Map<number, Waiting>()

  function start(): Worker {
    const started = new Worker(new URL('./embedding-worker.ts', import.meta.url))
    started.unref()
    started.on('message', (reply: EmbeddingReply) => {
      const caller = waiting.get(reply.id)
      waiting.delete(reply.id)
      if (waiting.size === 0) rest()
      if ('error' in reply) caller?.reject(new AppError('provider.unavailable', { cause: new Error(reply.error) }))
      else caller?.resolve({ embeddings: reply.embeddings, usage: { tokens: reply.tokens }, warnings: [] })
    })
    started.on('error', (cause) => lost(started, cause))
    started.on('exit', () => lost(started))
    return started
  }

  function lost(which: Worker, cause?: unknown) {
    if (worker !== which) return
    worker = undefined
    for (const { reject } of waiting.values()) reject(new AppError('provider.unavailable', { cause }))
    waiting.clear()
  }

  /** Nobody waits: the worker no longer keeps the process alive, and ends itself after a while. */
  function rest() {
    worker?.unref()
    clearTimeout(idleTimer)
    idleTimer = setTimeout(() => void stop(), idleMs).unref()
  }

  async function stop() {
    clearTimeout(idleTimer)
    const stopping = worker
    if (!stopping) return
    lost(stopping)
    await stopping.terminate()
  }

  return {
    model: {
      specificationVersion: 'v4',
      provider: 'built-in',
      modelId: offlineEmbeddingName,
      maxEmbeddingsPerCall: 256,
      supportsParallelCalls: true,
      doEmbed({ values, abortSignal }) {
        return new Promise((resolve, reject) => {
          abortSignal?.throwIfAborted()
          clearTimeout(idleTimer)
          worker ??= start()
          worker.ref()
          const id = nextId++
          const onAbort = () => {
            if (!waiting.delete(id)) return
            worker?.postMessage({ withdrawnId: id } satisfies EmbeddingWithdrawal)
            if (waiting.size === 0) rest()
            reject(abortSignal?.reason)
          }
          abortSignal?.addEventListener('abort', onAbort, { once: true })
          waiting.set(id, { resolve, reject })
          worker.postMessage({ id, texts: values } satisfies EmbeddingRequest)
        })
      },
    },
    close: stop,
  }
}
