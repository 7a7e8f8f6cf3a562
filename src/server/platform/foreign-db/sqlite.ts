import { fork } from 'node:child_process'
import { realpath, stat } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'
import { ForeignDbError, type Limits, type Question, type Rows, tooSlow } from './rows.ts'
import type { SqliteReply, SqliteRequest } from './sqlite-worker.ts'

/** Each is a process of some 50 MB; the others wait. */
const maxAtOnce = 3
let running = 0
const waiting: (() => void)[] = []

/**
 * Reads a file below the folder, in a process that can be ended: SQLite works where it is called, knows no limit of time, and a thread that is inside of it
 * cannot be stopped.
 */
export async function readSqlite(
  folder: string | null,
  path: string,
  question: Question,
  limits: Limits,
  signal: AbortSignal,
): Promise<Rows> {
  const file = await findFile(folder, path)
  while (running >= maxAtOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  running++
  try {
    signal.throwIfAborted()
    const reply = await askProcess({ file, question, limits }, signal)
    if ('refused' in reply) throw new ForeignDbError(reply.refused)
    return reply
  } finally {
    running--
    waiting.shift()?.()
  }
}

async function askProcess(request: SqliteRequest, signal: AbortSignal): Promise<SqliteReply> {
  // Nothing of this process's environment goes along.
  const child = fork(new URL('./sqlite-worker.ts', import.meta.url), {
    execArgv: [],
    env: {},
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const { promise, resolve, reject } = Promise.withResolvers<SqliteReply>()
  const timer = setTimeout(() => reject(tooSlow(request.limits.timeoutMs)), request.limits.timeoutMs)
  const onAbort = () => reject(signal.reason as Error)
  signal.addEventListener('abort', onAbort, { once: true })
  child.on('message', (reply) => resolve(reply as SqliteReply))
  child.on('error', reject)
  child.on('exit', () => reject(new ForeignDbError('The file could not be read.')))
  child.send(request)
  try {
    return await promise
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    child.kill('SIGKILL')
  }
}

/** Links are followed first: where they lead decides. */
async function findFile(folder: string | null, path: string): Promise<string> {
  if (folder === null) throw new ForeignDbError('This server reads no SQLite files: SQLITE_DIR is not set.')
  const missing = new ForeignDbError('There is no such file in the folder for SQLite files.')
  try {
    const root = await realpath(folder)
    const file = await realpath(join(root, path))
    const inside = relative(root, file)
    if (inside === '' || inside.startsWith('..') || isAbsolute(inside) || !(await stat(file)).isFile()) throw missing
    return file
  } catch {
    throw missing
  }
}
