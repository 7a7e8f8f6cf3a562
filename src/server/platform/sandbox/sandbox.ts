import { type ChildProcess, spawn } from 'node:child_process'
import { readFile, realpath } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { setPriority } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { AppError } from '../errors/index.ts'
import { createLane } from '../jobs/lane.ts'
import type { CodeJob, CodeReply, Language } from './protocol.ts'

export interface SandboxOptions {
  /** Of one run, the interpreter's start included. */
  timeoutMs?: number
  /** How many run at the same time. */
  concurrency?: number
  /** How long a process stands ready for the next run of its language. 0: none does. */
  spareMs?: number
}

export type CodeOutcome = (CodeReply & { durationMs: number }) | { failure: 'timeout' | 'memory' | 'ended' | 'stopped' | 'busy' }

export interface Sandbox {
  /** Never throws for what the code does. Owners are served in turn. */
  run(owner: string, language: Language, job: CodeJob, signal: AbortSignal): Promise<CodeOutcome>
  /** Where it does not any more, what runs in this language is stopped. */
  allow(language: Language, isAllowed: boolean): void
  close(): Promise<void>
}

const maxReplyBytes = 1024 * 1024
const maxResidentBytes = 768 * 1024 * 1024
const heapMegabytes = 128
const watchEveryMs = 100
/** Of one owner. */
const maxUnfinished = 20

/**
 * Runs code that nobody has read, each piece in a process of its own that ends with it. Walls, from the inside: an interpreter in WebAssembly that is given nothing; a process that cannot make code from text, whose ways to the
 * network are closed, with no environment and Node's permission model (no file but the interpreter's, no other process, no thread, no addon); where the system allows it, a network namespace without a network; limits of time and memory.
 */
export function createSandbox({ timeoutMs = 30_000, concurrency = 2, spareMs = 120_000 }: SandboxOptions = {}): Sandbox {
  const spares = new Map<Language, { child: ChildProcess; timer: NodeJS.Timeout }>()
  const living = new Map<ChildProcess, Language>()
  const refused = new Set<Language>()
  const lane = createLane(concurrency)
  /** Of each owner. */
  const unfinished = new Map<string, number>()
  let isClosed = false

  async function start(language: Language): Promise<ChildProcess> {
    const { command, args } = await commandFor(language, Math.ceil(timeoutMs / 1000) + 1)
    const child = spawn(command, args, { cwd: '/', env: {}, stdio: ['pipe', 'pipe', 'ignore'] })
    child.on('error', () => {})
    child.stdin!.on('error', () => {}) // it may end before it has read anything
    living.set(child, language)
    child.once('close', () => living.delete(child))
    // The server's own work goes first.
    if (child.pid) setPriority(child.pid, 3)
    return child
  }

  function takeSpare(language: Language): ChildProcess | undefined {
    const spare = spares.get(language)
    if (!spare) return undefined
    spares.delete(language)
    clearTimeout(spare.timer)
    spare.child.ref()
    return spare.child.exitCode === null && spare.child.signalCode === null ? spare.child : undefined
  }

  async function keepSpare(language: Language): Promise<void> {
    if (spareMs === 0 || isClosed || spares.has(language) || refused.has(language)) return
    const child = await start(language)
    if (isClosed || spares.has(language) || refused.has(language)) return void child.kill('SIGKILL')
    const timer = setTimeout(() => {
      spares.delete(language)
      child.kill('SIGKILL')
    }, spareMs).unref()
    spares.set(language, { child, timer })
    child.unref()
  }

  async function runIn(language: Language, child: ChildProcess, job: CodeJob, signal: AbortSignal): Promise<CodeOutcome> {
    const startedAt = performance.now()
    const { promise, resolve } = Promise.withResolvers<CodeOutcome>()
    const chunks: Buffer[] = []
    let size = 0
    child.stdout!.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > maxReplyBytes) resolve({ failure: 'memory' })
      else chunks.push(chunk)
    })
    child.once('error', () => resolve({ failure: 'ended' }))
    child.once('close', (_code, killedBy) => {
      if (refused.has(language)) return resolve({ failure: 'stopped' })
      const reply = readReply(Buffer.concat(chunks))
      resolve(reply ? { ...reply, durationMs: Math.round(performance.now() - startedAt) } : { failure: killedBy ? 'memory' : 'ended' })
    })
    const timer = setTimeout(() => resolve({ failure: 'timeout' }), timeoutMs)
    const watch = setInterval(() => void isTooLarge(child).then((tooLarge) => tooLarge && resolve({ failure: 'memory' })), watchEveryMs)
    const stop = () => resolve({ failure: 'stopped' })
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    child.stdin!.end(JSON.stringify(job))
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      clearInterval(watch)
      signal.removeEventListener('abort', stop)
      child.kill('SIGKILL')
    }
  }

  async function runNext(language: Language, job: CodeJob, signal: AbortSignal): Promise<CodeOutcome> {
    if (signal.aborted || isClosed || refused.has(language)) return { failure: 'stopped' }
    try {
      return await runIn(language, takeSpare(language) ?? (await start(language)), job, signal)
    } finally {
      // Whoever computes once computes again: the next run need not wait for the interpreter.
      keepSpare(language).catch(() => {})
    }
  }

  return {
    async run(owner, language, job, signal) {
      if (isClosed) throw new AppError('server.stopping')
      const count = unfinished.get(owner) ?? 0
      if (count >= maxUnfinished) return { failure: 'busy' }
      unfinished.set(owner, count + 1)
      try {
        return await lane(owner, () => runNext(language, job, signal), signal)
      } catch (error) {
        if (signal.aborted) return { failure: 'stopped' }
        throw error
      } finally {
        const left = unfinished.get(owner)! - 1
        if (left > 0) unfinished.set(owner, left)
        else unfinished.delete(owner)
      }
    },
    allow(language, isAllowed) {
      if (isAllowed) return void refused.delete(language)
      refused.add(language)
      clearTimeout(spares.get(language)?.timer)
      spares.delete(language)
      for (const [child, of] of living) if (of === language) child.kill('SIGKILL')
    },
    async close() {
      isClosed = true
      for (const { timer } of spares.values()) clearTimeout(timer)
      spares.clear()
      const ended = [...living.keys()].map((child) => new Promise((resolve) => child.once('close', resolve)))
      for (const child of living.keys()) {
        child.ref()
        child.kill('SIGKILL')
      }
      await Promise.all(ended)
    },
  }
}

function readReply(bytes: Buffer): CodeReply | undefined {
  try {
    const { stdout, isCut, value, error } = JSON.parse(bytes.toString('utf8')) as Record<keyof CodeReply, unknown>
    if (typeof stdout !== 'string') return undefined
    return {
      stdout,
      isCut: isCut === true,
      value: typeof value === 'string' ? value : null,
      error: typeof error === 'string' ? error : null,
    }
  } catch {
    return undefined
  }
}

/** Where the system tells. */
async function isTooLarge({ pid }: ChildProcess): Promise<boolean> {
  const pages = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '')
  return Number(pages.split(' ')[1] ?? 0) * 4096 > maxResidentBytes
}

/** Where each interpreter begins, by a path that its package gives, and the packages whose files it reads. */
const packages: Record<Language, { resolve: string; entry: string; read: string[] }> = {
  python: { resolve: 'pyodide/package.json', entry: 'pyodide.mjs', read: ['pyodide'] },
  javascript: {
    resolve: 'quickjs-emscripten/package.json',
    entry: 'dist/index.mjs',
    read: ['quickjs-emscripten', 'quickjs-emscripten-core', '@jitl'],
  },
}

async function commandFor(language: Language, cpuSeconds: number): Promise<{ command: string; args: string[] }> {
  const { resolve, entry, read } = packages[language]
  const worker = await realpath(fileURLToPath(new URL('./code-worker.ts', import.meta.url)))
  const home = dirname(await realpath(createRequire(import.meta.url).resolve(resolve)))
  const folders = [dirname(worker), ...read.map((name) => join(dirname(home), name))]
  const args = [
    '--permission',
    ...folders.map((folder) => `--allow-fs-read=${folder}`),
    '--disallow-code-generation-from-strings',
    `--max-old-space-size=${heapMegabytes}`,
    '--no-warnings',
    worker,
    language,
    pathToFileURL(join(home, entry)).href,
  ]
  const program = (await hasNetworkNamespaces())
    ? ['/usr/bin/unshare', '--user', '--map-current-user', '--net', '--', process.execPath, ...args]
    : [process.execPath, ...args]
  if (process.platform === 'win32') return { command: program[0]!, args: program.slice(1) }
  // The system's own limit: nobody watches the run any more when this process is killed in the middle of it.
  return { command: '/bin/sh', args: ['-c', `ulimit -t ${cpuSeconds} && exec "$@"`, 'sh', ...program] }
}

let namespaces: Promise<boolean> | undefined
/** Asked once. */
function hasNetworkNamespaces(): Promise<boolean> {
  namespaces ??= new Promise((resolve) => {
    if (process.platform !== 'linux') return resolve(false)
    const probe = spawn('/usr/bin/unshare', ['--user', '--map-current-user', '--net', '--', process.execPath, '--version'], {
      env: {},
      stdio: 'ignore',
    })
    probe.once('error', () => resolve(false))
    probe.once('close', (code) => resolve(code === 0))
  })
  return namespaces
}
