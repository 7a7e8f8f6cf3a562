import { promises } from 'node:fs'
import { join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import git, { type HttpClient } from 'isomorphic-git'
import { checkPack, type PackLimits } from './bounded-pack.ts'
import { GitFailure, type GitFailureKind } from './git-failure.ts'

export interface GitJob {
  url: string
  revision: string | null
  subPath: string
  /** Empty, and this job's own. */
  dir: string
  limits: PackLimits
}

export interface GitFile {
  path: string
  bytes: Uint8Array
  isExecutable: boolean
}

export interface GitAnswer {
  url: string
  statusCode: number
  statusMessage: string
  headers: Record<string, string>
  body: Uint8Array
}

export type FromWorker =
  | { kind: 'request'; id: number; url: string; method: string; headers: Record<string, string>; body: Uint8Array }
  | { kind: 'done'; commit: string; files: GitFile[] }
  | { kind: 'failed'; failure: GitFailureKind; message: string }
export type ToWorker = { id: number; answer: GitAnswer } | { id: number; failure: string }

const port = parentPort!
const job = workerData as GitJob
const asked = new Map<number, PromiseWithResolvers<GitAnswer>>()
let requests = 0
port.on('message', (message: ToWorker) => {
  const waiting = asked.get(message.id)
  asked.delete(message.id)
  if ('answer' in message) waiting?.resolve(message.answer)
  else waiting?.reject(new GitFailure('unreachable', message.failure))
})

const http: HttpClient = {
  async request({ url, method = 'GET', headers = {}, body }) {
    const chunks: Uint8Array[] = []
    for await (const chunk of body ?? []) chunks.push(chunk)
    const id = ++requests
    const waiting = Promise.withResolvers<GitAnswer>()
    asked.set(id, waiting)
    port.postMessage({ kind: 'request', id, url, method, headers, body: Buffer.concat(chunks) } satisfies FromWorker)
    const answer = await waiting.promise
    return { ...answer, method, body: [answer.body] as unknown as AsyncIterableIterator<Uint8Array> }
  },
}

/** What arrives is looked at before it is read. */
const fs = {
  promises: {
    ...promises,
    async writeFile(path: string, content: Uint8Array | string, options?: Parameters<typeof promises.writeFile>[2]) {
      if (path.endsWith('.pack')) checkPack(Buffer.from(content as Uint8Array), job.limits)
      await promises.writeFile(path, content, options)
    },
  },
}
const repository = { fs, dir: job.dir, gitdir: join(job.dir, '.git'), cache: {} }

async function read(): Promise<{ commit: string; files: GitFile[] }> {
  await git.init(repository)
  await git.addRemote({ ...repository, remote: 'origin', url: job.url })
  const { fetchHead } = await git.fetch({
    ...repository,
    http,
    url: job.url,
    ...(job.revision !== null && { ref: job.revision, remoteRef: job.revision }),
    depth: 1,
    singleBranch: true,
    tags: false,
  })
  if (!fetchHead) throw new GitFailure('not-found', 'The repository is empty.')
  const { oid: commit } = await git.readCommit({ ...repository, oid: fetchHead })
  const files: GitFile[] = []
  await walk(commit, job.subPath, '', files)
  return { commit, files }
}

/** One object may stand under many names, so what they come to is counted again. */
const left = { ...job.limits }

async function walk(oid: string, filepath: string, prefix: string, files: GitFile[]): Promise<void> {
  const { tree } = await git.readTree({ ...repository, oid, ...(filepath && { filepath }) })
  for (const entry of tree) {
    const path = `${prefix}${entry.path}`
    if (--left.objects < 0 || path.length > 1_000) throw new GitFailure('too-large', 'The repository is larger than permitted.')
    if (entry.type === 'tree') await walk(entry.oid, '', `${path}/`, files)
    else if (entry.type !== 'blob' || (!/^0?1006/.test(entry.mode) && !/^0?1007/.test(entry.mode))) {
      throw new GitFailure('unsafe', `“${path.slice(0, 100)}” is a link, or another repository.`)
    } else {
      const { blob } = await git.readBlob({ ...repository, oid: entry.oid })
      left.bytes -= blob.length
      if (left.bytes < 0) throw new GitFailure('too-large', 'The repository is larger than permitted.')
      files.push({ path, bytes: blob, isExecutable: entry.mode.endsWith('755') })
    }
  }
}

try {
  port.postMessage({ kind: 'done', ...(await read()) } satisfies FromWorker)
} catch (error) {
  const { kind, message } = toFailure(error)
  port.postMessage({ kind: 'failed', failure: kind, message } satisfies FromWorker)
}
port.close()

function toFailure(error: unknown): GitFailure {
  for (let current = error; current instanceof Error; current = current.cause) if (current instanceof GitFailure) return current
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'NotFoundError') return new GitFailure('not-found', 'There is no such branch, tag, commit or folder.')
  if (code === 'HttpError')
    return new GitFailure(
      'unreachable',
      `It answered with ${(error as { data?: { statusCode?: number } }).data?.statusCode ?? 'an error'}.`,
    )
  return new GitFailure('unreachable', 'It does not answer as a git repository does.')
}
