import { Worker } from 'node:worker_threads'
import { AppError } from '../errors/index.ts'
import type { PdfReply, PdfRequest } from './pdf-worker.ts'

export interface PdfReaderOptions {
  timeoutMs?: number
  /** By how much the process may grow meanwhile. What a PDF unpacks lies outside of the heap that a worker can be limited to. */
  maxGrowthBytes?: number
}

export type PdfRead = { pageCount: number; text: string | null } | { refused: 'damaged' | 'encrypted' | 'too_complex' }

const heapMegabytes = 512
const watchEveryMs = 25

/** Reads PDFs one after the other, each in a worker thread of its own that ends with it: a hostile one takes its time and memory along. */
export function createPdfReader({ timeoutMs = 20_000, maxGrowthBytes = 512 * 1024 * 1024 }: PdfReaderOptions = {}): {
  read(bytes: Buffer): Promise<PdfRead>
  close(): Promise<void>
} {
  let queue: Promise<unknown> = Promise.resolve()
  let running: Worker | undefined
  let isClosed = false

  async function readOne(bytes: Buffer): Promise<PdfRead> {
    const before = process.memoryUsage.rss()
    const worker = new Worker(new URL('./pdf-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
      stdout: true,
      stderr: true,
    })
    running = worker
    const { promise, resolve, reject } = Promise.withResolvers<PdfRead>()
    const timer = setTimeout(() => resolve({ refused: 'too_complex' }), timeoutMs)
    const watch = setInterval(() => {
      if (process.memoryUsage.rss() - before > maxGrowthBytes) resolve({ refused: 'too_complex' })
    }, watchEveryMs)
    worker.on('message', (reply: PdfReply) => resolve(reply))
    worker.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ refused: error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'too_complex' : 'damaged' }),
    )
    // What was not read to its end is no verdict: whoever goes on after a restart reads it again.
    worker.on('exit', () => (isClosed ? reject(new AppError('server.stopping')) : resolve({ refused: 'damaged' })))
    // A copy: what is handed over is gone here, and the bytes are still to be looked at.
    const data = Uint8Array.from(bytes)
    worker.postMessage({ data } satisfies PdfRequest, [data.buffer])
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      clearInterval(watch)
      running = undefined
      await worker.terminate()
    }
  }

  return {
    read(bytes) {
      const next = queue.then(() => readOne(bytes))
      queue = next.catch(() => undefined)
      return next
    },
    async close() {
      isClosed = true
      await running?.terminate()
    },
  }
}
