import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

export interface ServerProcess extends AsyncDisposable {
  readonly url: string
  readonly child: ChildProcess
  /** The last lines of its stderr and stdout, for the message of a failing test. */
  output(): string
  /** Resolves when it has ended. */
  kill(signal: NodeJS.Signals): Promise<void>
}

/** Starts a script under this Node as a process of its own, with no other variables than these, and waits until `probe` answers. */
export async function startProcess(args: string[], env: Record<string, string>, url: string, probe: string): Promise<ServerProcess> {
  const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let tail = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (tail = (tail + chunk.toString()).slice(-8_000)))
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const self: ServerProcess = {
    url,
    child,
    output: () => tail,
    async kill(signal) {
      child.kill(signal)
      await ended
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGCONT')
        await self.kill('SIGKILL')
      }
    },
  }
  const until = Date.now() + 60_000
  while (Date.now() < until) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`${args.join(' ')} ended with ${child.exitCode ?? child.signalCode}:\n${tail}`)
    const answer = await fetch(url + probe, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
    if (answer && answer.status < 500) return self
    await pause(25)
  }
  await self[Symbol.asyncDispose]()
  throw new Error(`${args.join(' ')} did not answer:\n${tail}`)
}

export function startProviderProcess(port: number): Promise<ServerProcess> {
  return startProcess(['test/support/provider-server/main.ts', '--port', String(port)], {}, `http://127.0.0.1:${port}`, '/openai/v1/models')
}

/** The `cookie` and `origin` headers of a signed-in browser. */
export async function signIn(url: string, email: string, password: string): Promise<Record<string, string>> {
  const answer = await fetch(`${url}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  if (!answer.ok) throw new Error(`sign-in: ${answer.status} ${await answer.text()}`)
  return {
    cookie: answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';', 1)[0])
      .join('; '),
    origin: url,
  }
}

/** Calls of the API as somebody with a password. An answer that is not one of success throws. */
export async function askAs(url: string, { email, password }: { email: string; password: string }) {
  const headers = { ...(await signIn(url, email, password)), 'content-type': 'application/json' }
  return async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }
}
