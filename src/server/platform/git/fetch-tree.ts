import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { type Egress, EgressError } from '../egress/index.ts'
import { AppError } from '../errors/index.ts'
import type { PackLimits } from './bounded-pack.ts'
import { GitFailure } from './git-failure.ts'
import type { FromWorker, GitFile, GitJob, ToWorker } from './git-worker.ts'

export interface TreeRequest {
  url: string
  /** A branch, a tag or a whole commit id; null: the repository's own choice. */
  revision: string | null
  /** Empty: all of it. */
  subPath: string
  /** Of each answer of the server. */
  maxBytes: number
  limits: PackLimits
  timeoutMs: number
  /** Whether a redirect may lead there. */
  isPermitted(url: URL): boolean
}

/** Room for the bookkeeping of the largest repository that the limits let through; its bytes are not counted in it. */
const heapMb = 256

/**
 * The files of one revision, without its history. A thread of its own reads what comes, and is ended when time is up; requests go through egress.
 * Errors: `GitFailure`, `connection.address_forbidden`.
 */
export async function fetchGitTree(egress: Egress, request: TreeRequest): Promise<{ commit: string; files: GitFile[] }> {
  const dir = await mkdtemp(join(tmpdir(), 'parley-git-'))
  const ending = new AbortController()
  const workerData: GitJob = { url: request.url, revision: request.revision, subPath: request.subPath, dir, limits: request.limits }
  const worker = new Worker(new URL('./git-worker.ts', import.meta.url), {
    workerData,
    name: 'git',
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  })
  const outcome = Promise.withResolvers<{ commit: string; files: GitFile[] }>()
  const timer = setTimeout(() => outcome.reject(new GitFailure('timeout', 'It did not answer in time.')), request.timeoutMs)
  worker.on('error', (error) => outcome.reject(new GitFailure('too-large', 'The repository could not be read.', error)))
  worker.on('exit', () => outcome.reject(new GitFailure('unreachable', 'The repository could not be read.')))
  worker.on('message', (message: FromWorker) => {
    if (message.kind === 'done') outcome.resolve(message)
    else if (message.kind === 'failed') outcome.reject(new GitFailure(message.failure, message.message))
    else {
      void answer(message).then(
        (reply) => worker.postMessage(reply),
        // Says more than the thread could.
        (error: unknown) => outcome.reject(error as Error),
      )
    }
  })

  async function answer({ id, url, method, headers, body }: Extract<FromWorker, { kind: 'request' }>): Promise<ToWorker> {
    try {
      const response = await egress.fetch(
        url,
        { method, headers, signal: ending.signal, ...(method === 'POST' && { body: new Uint8Array(body) }) },
        { maxBytes: request.maxBytes, firstByteTimeoutMs: request.timeoutMs, idleTimeoutMs: request.timeoutMs, maxRedirects: 3 },
      )
      if (!request.isPermitted(new URL(response.url))) throw new GitFailure('unreachable', 'It leads to an address that is not permitted.')
      const bytes = new Uint8Array(await response.arrayBuffer())
      return {
        id,
        answer: {
          url: response.url,
          statusCode: response.status,
          statusMessage: response.statusText,
          headers: Object.fromEntries(response.headers),
          body: bytes,
        },
      }
    } catch (error) {
      if (error instanceof AppError || error instanceof GitFailure) throw error
      return { id, failure: error instanceof EgressError ? error.message : 'It could not be reached.' }
    }
  }

  try {
    return await outcome.promise
  } finally {
    clearTimeout(timer)
    ending.abort()
    worker.removeAllListeners('exit')
    await worker.terminate()
    await rm(dir, { recursive: true, force: true })
  }
}
