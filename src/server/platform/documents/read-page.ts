import { Worker } from 'node:worker_threads'
import { AppError } from '../errors/index.ts'
import type { PageReply, PageRequest } from './page-worker.ts'

export type { Page } from './page-worker.ts'

export interface PageReader {
  /** Error: `server.stopping`. */
  read(html: string, url: string, signal: AbortSignal): Promise<PageReply>
  close(): Promise<void>
}

const heapMegabytes = 384
/** Side by side; more of them wait. */
const maxRunning = 2

/** Reads pages of the web, each in a thread of its own that ends with it: what is built to exhaust a reader takes that thread along and nothing else. */
export function createPageReader({ timeoutMs = 10_000 }: { timeoutMs?: number } = {}): PageReader {
  const running = new Set<Worker>()
  const waiting: (() => void)[] = []
  let isClosed = false

  async function readOne(request: PageRequest, signal: AbortSignal): Promise<PageReply> {
    if (isClosed) throw new AppError('server.stopping')
    const worker = new Worker(new URL('./page-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes },
      stdout: true,
      stderr: true,
    })
    running.add(worker)
    const { promise, resolve, reject } = Promise.withResolvers<PageReply>()
    const timer = setTimeout(() => resolve({ refused: 'too_complex' }), timeoutMs)
    const stop = () => reject(signal.reason as Error)
    signal.addEventListener('abort', stop, { once: true })
    worker.on('message', (reply: PageReply) => resolve(reply))
    worker.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ refused: error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'too_complex' : 'damaged' }),
    )
    worker.on('exit', () => (isClosed ? reject(new AppError('server.stopping')) : resolve({ refused: 'damaged' })))
    worker.postMessage(request)
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', stop)
      await worker.terminate()
      running.delete(worker)
      waiting.shift()?.()
    }
  }

  return {
    async read(html, url, signal) {
      while (running.size >= maxRunning) await new Promise<void>((resolve) => waiting.push(resolve))
      signal.throwIfAborted()
      return readOne({ html, url }, signal)
    },
    async close() {
      isClosed = true
      await Promise.all([...running].map((worker) => worker.terminate()))
      for (const next of waiting.splice(0)) next()
    },
  }
}
