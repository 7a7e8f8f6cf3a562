import { type ChildProcess, spawn } from 'node:child_process'
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client'
import type { Secret } from '../vault/index.ts'
import { BoundedLines } from './bounded-lines.ts'
import { createHider, type Hider } from '../vault/index.ts'
import { McpFailure } from './mcp-failure.ts'
import { plainWords } from './plain-words.ts'
import { watchOver } from './watchdog.ts'

export interface StdioTarget {
  transport: 'stdio'
  command: string
  args: readonly string[]
  /** All that the program is given to know: nothing of this process's own environment. */
  env: Readonly<Record<string, Secret>>
  cwd: string
}

/** Of one message. A longer one is thrown away while it comes in. */
const maxMessageBytes = 8 * 1024 * 1024
const keptErrorBytes = 4_096
/** A server that writes what is no message is let talk for a while: some print a greeting. */
const maxNoise = 200
const graceMs = 2_000
/** The code that JSON-RPC leaves to implementations; our own requests are failed with it. */
export const tooLargeCode = -32_099
export const unsoundCode = -32_097

/**
 * A program on this machine, by its standard input and output. Not the SDK's own transport: that one hands its own environment on, ends the connection at a
 * message that is too long, and does not know the program's children. The program leads a process group, so that what it has started ends with it, and
 * with this process too, however that ends (`watchOver`).
 */
export class StdioTransport implements Transport {
  onclose?: () => void
  onerror?: (error: Error) => void
  onmessage?: Transport['onmessage']
  readonly #target: StdioTarget
  readonly #lines: BoundedLines
  readonly #hider: Hider
  #child: ChildProcess | undefined
  #errors = ''
  #noise = 0
  #ended: string | undefined

  constructor(target: StdioTarget) {
    this.#target = target
    this.#hider = createHider(target.env)
    this.#lines = new BoundedLines(maxMessageBytes, {
      onLine: (line) => this.#onLine(line),
      onOverlong: (ends) => this.#failRequest(ends),
    })
  }

  /** With `pid` the mark by which the SDK knows that silence means an older server here, not one that is down. */
  get stderr(): null {
    return null
  }

  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** How it ended, with the last that it wrote to its error output; undefined while it runs. */
  get ended(): string | undefined {
    return this.#ended
  }

  start(): Promise<void> {
    const { command, args, env, cwd } = this.#target
    const revealed = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value.reveal()]))
    return new Promise((resolve, reject) => {
      const child = spawn(command, [...args], { cwd, env: revealed, stdio: ['pipe', 'pipe', 'pipe'], detached: true, windowsHide: true })
      this.#child = child
      if (child.pid !== undefined) {
        const unwatch = watchOver(child.pid)
        child.once('close', unwatch)
      }
      child.once('spawn', resolve)
      child.once('error', (error: NodeJS.ErrnoException) => {
        this.#end(
          error.code === 'ENOENT' ? `There is no program “${command}”.` : `The program could not be started (${error.code ?? 'unknown'}).`,
        )
        reject(new McpFailure('unreachable', this.#ended!, error))
      })
      child.once('close', (code, signal) => this.#end(`The program ended ${signal ? `by ${signal}` : `with code ${code}`}.`))
      child.stdin!.on('error', (error) => this.onerror?.(error))
      child.stdout!.on('data', (chunk: Buffer) => this.#lines.append(chunk))
      child.stderr!.setEncoding('utf8').on('data', (text: string) => {
        this.#errors = this.#hider.words(this.#errors + text).slice(-keptErrorBytes)
      })
    })
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const input = this.#child?.stdin
    if (!input?.writable || this.#ended) throw new McpFailure('exited', this.#ended ?? 'The program has ended.')
    // Whoever does not read fills the pipe; requests have time limits of their own, so nothing waits for it here.
    if (input.writableLength > maxMessageBytes) throw new McpFailure('busy', 'The program does not read what it is sent.')
    input.write(`${JSON.stringify(message)}\n`)
  }

  async close(): Promise<void> {
    const child = this.#child
    if (!child || this.#ended) return
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
    child.stdin?.end()
    if (await within(ended, graceMs)) return
    signalGroup(child, 'SIGTERM')
    if (await within(ended, graceMs)) return
    signalGroup(child, 'SIGKILL')
    // What a child of the program holds open may stay so.
    child.stdout?.destroy()
    child.stderr?.destroy()
    await within(ended, graceMs)
  }

  #onLine(line: string): void {
    let message: unknown
    try {
      message = JSON.parse(line)
    } catch {
      return this.#onNoise()
    }
    if (typeof message !== 'object' || message === null || !('jsonrpc' in message)) return this.#onNoise()
    this.onmessage?.(
      isAnswer(message) && !isSound(message)
        ? errorFor(message.id, unsoundCode, 'The answer is not one of the protocol.')
        : (message as JSONRPCMessage),
    )
  }

  #onNoise(): void {
    if (++this.#noise !== maxNoise || !this.#child) return
    // It may write faster than it can be asked to end.
    this.#child.stdout?.destroy()
    signalGroup(this.#child, 'SIGKILL')
    this.#end('The program writes what is not the protocol.')
  }

  /** The one request whose answer was too long fails, and nothing else on this connection. */
  #failRequest({ head, tail }: { head: string; tail: string }): void {
    // Members come in any order, so the id is at one of the ends.
    const id = /"id"\s*:\s*(\d+)\s*[,}]/.exec(tail.slice(-64))?.[1] ?? /^\s*\{[^[{]*?"id"\s*:\s*(\d+)\s*,/.exec(head)?.[1]
    if (id === undefined) {
      this.onerror?.(new McpFailure('too-large', 'A message was too long.'))
      return
    }
    this.onmessage?.(errorFor(Number(id), tooLargeCode, 'The answer is larger than permitted.'))
  }

  #end(how: string): void {
    if (this.#ended) return
    const said = plainWords(this.#errors, 500)
    this.#ended = said ? `${how} It said: ${said}` : how
    // Whatever it has started ends with it.
    if (this.#child?.pid) signalGroup(this.#child, 'SIGKILL')
    this.onclose?.()
  }
}

interface Answer {
  id: string | number
  result?: unknown
  error?: unknown
}

function isAnswer(message: object): message is Answer {
  return 'id' in message && !('method' in message) && (typeof message.id === 'number' || typeof message.id === 'string')
}

/** The SDK passes over what is neither a result nor an error, and its request would wait until the time limit. */
function isSound({ result, error }: Answer): boolean {
  return isObject(result) !== isObject(error)
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function errorFor(id: string | number, code: number, message: string): JSONRPCMessage {
  return { jsonrpc: '2.0', id, error: { code, message } }
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // Nobody of the group is left.
  }
}

async function within(ended: Promise<void>, ms: number): Promise<boolean> {
  const timer = Promise.withResolvers<false>()
  const handle = setTimeout(() => timer.resolve(false), ms)
  try {
    return await Promise.race([ended.then(() => true as const), timer.promise])
  } finally {
    clearTimeout(handle)
  }
}
