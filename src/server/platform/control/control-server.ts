import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { callControl } from './control-client.ts'
import type { ControlRequest } from './index.ts'
import { readLine } from './read-line.ts'

/** What becomes the answer: a result as JSON, or a sentence for the person at the command line. `signal` aborts when they leave. */
export type ControlHandler = (request: ControlRequest, signal: AbortSignal) => Promise<{ result: unknown } | { refusal: string }>

export interface ControlServer {
  close(): Promise<void>
}

/** Passwords and addresses of files, never more. */
const maxRequestBytes = 64 * 1024

/**
 * Listens on a socket with mode 0600 at `path`. Undefined where another living server has it already: on a shared data directory one is enough. Throws
 * when the socket cannot be made (the path is longer than some 100 bytes, the file system has no sockets).
 */
export async function openControlServer(path: string, handle: ControlHandler): Promise<ControlServer | undefined> {
  if (await callControl(path, 'ping', null).catch(() => undefined)) return undefined
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    void answer(socket, handle)
  })

  // Made where nobody else looks and moved when its mode is right; that also replaces what a killed server left.
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const folder = await mkdtemp(join(dirname(path), '.c-'))
  try {
    const made = join(folder, 's')
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(made, resolve)
    })
    await chmod(made, 0o600)
    await rename(made, path)
  } catch (error) {
    server.close()
    throw new Error(`The socket ${basename(path)} could not be made in ${dirname(path)}.`, { cause: error })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }

  return {
    async close() {
      await rm(path, { force: true })
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

async function answer(socket: Socket, handle: ControlHandler): Promise<void> {
  const gone = new AbortController()
  socket.on('close', () => gone.abort())
  socket.on('end', () => gone.abort())
  const request = parse(await readLine(socket, maxRequestBytes).catch(() => undefined))
  if (!request) return void socket.destroy()
  socket.resume() // an end is seen only by who reads
  const outcome = request.command === 'ping' ? { result: 'pong' } : await handle(request, gone.signal)
  socket.end(`${JSON.stringify(outcome)}\n`)
}

function parse(line: string | undefined): ControlRequest | undefined {
  try {
    const value: unknown = JSON.parse(line ?? '')
    if (typeof value !== 'object' || value === null || !('command' in value) || typeof value.command !== 'string') return undefined
    return { command: value.command, input: 'input' in value ? value.input : undefined }
  } catch {
    return undefined
  }
}
