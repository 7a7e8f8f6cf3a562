import type { VisitorMessage, VisitUpdate } from '../../contract/visits.ts'
import { Refusal } from './admission.ts'

/** `refused`: asking again would be answered the same; the next act of the visitor tries anew. */
export type ConnectionState = { state: 'idle' | 'connecting' | 'open' } | { state: 'waiting' } | { state: 'refused'; words: string }

interface ConnectionOptions {
  /** Announces the visitor and opens a socket. */
  open: (isAdmitted: boolean) => Promise<WebSocket>
  onUpdate: (update: VisitUpdate) => void
  onState: (state: ConnectionState) => void
}

const minDelayMs = 500
const maxDelayMs = 20_000
/** So long nothing may be heard before we ask; and so long the answer, or the first word, may take. */
const quietMs = 25_000
const answerMs = 8_000
/** Longer than this nobody is kept waiting without being told. */
const maxPatienceSeconds = 30

/** A connection that comes back by itself, with ever longer waits. It is open with the server's first word. */
export class Connection {
  readonly #options: ConnectionOptions
  #socket: WebSocket | undefined
  #isWanted = false
  #isOpen = false
  #isAdmitted = false
  #failures = 0
  /** Grows with every attempt, so that one that was given up cannot come true later. */
  #attempt = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  start(): void {
    if (this.#isWanted) return
    this.#isWanted = true
    void this.#connect()
  }

  stop(): void {
    this.#isWanted = false
    this.#leave()
    this.#options.onState({ state: 'idle' })
  }

  /** The network came back, or the page is looked at again. */
  wake(): void {
    if (!this.#isWanted) return
    if (this.#isOpen) return this.#check()
    void this.#connect()
  }

  send(message: VisitorMessage): boolean {
    if (!this.#isOpen || this.#socket?.readyState !== WebSocket.OPEN) return false
    this.#socket.send(JSON.stringify(message))
    return true
  }

  async #connect(): Promise<void> {
    this.#leave()
    this.#attempt += 1
    const attempt = this.#attempt
    this.#options.onState({ state: 'connecting' })
    try {
      const socket = await this.#options.open(this.#isAdmitted)
      if (attempt !== this.#attempt) return socket.close()
      this.#socket = socket
      socket.onmessage = ({ data }) => this.#receive(data)
      socket.onclose = () => this.#lose()
      this.#expect(answerMs, () => this.#lose())
    } catch (error) {
      if (attempt === this.#attempt) this.#fail(error)
    }
  }

  #receive(data: unknown): void {
    const update = parse(data)
    if (!update) return
    this.#expect(quietMs, () => this.#check())
    if (!this.#isOpen) {
      this.#isOpen = true
      this.#isAdmitted = true
      this.#failures = 0
      // What the server knows comes first, so that nothing is sent again that it has already.
      this.#options.onUpdate(update)
      return this.#options.onState({ state: 'open' })
    }
    this.#options.onUpdate(update)
  }

  #check(): void {
    this.send({ type: 'ping', ref: 'ping' })
    this.#expect(answerMs, () => this.#lose())
  }

  #expect(ms: number, otherwise: () => void): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(otherwise, ms)
  }

  /** Closed before the first word: the server may not know the visitor any more. */
  #lose(): void {
    if (!this.#isOpen) this.#isAdmitted = false
    this.#leave()
    if (this.#isWanted) this.#again(0)
  }

  #fail(error: unknown): void {
    this.#isAdmitted = false
    const seconds = error instanceof Refusal ? (error.retryAfterSeconds ?? Infinity) : 0
    if (error instanceof Refusal && seconds > maxPatienceSeconds) {
      this.#isWanted = false
      this.#leave()
      return this.#options.onState({ state: 'refused', words: error.message })
    }
    this.#again(seconds * 1000)
  }

  #again(atLeastMs: number): void {
    this.#failures += 1
    const ceiling = Math.min(maxDelayMs, minDelayMs * 2 ** this.#failures)
    this.#options.onState({ state: 'waiting' })
    // With jitter, so that a restart of the server does not meet everybody at once.
    this.#expect(Math.max(atLeastMs, ceiling / 2 + (Math.random() * ceiling) / 2), () => void this.#connect())
  }

  #leave(): void {
    clearTimeout(this.#timer)
    this.#isOpen = false
    const socket = this.#socket
    this.#socket = undefined
    if (!socket) return
    socket.onmessage = null
    socket.onclose = null
    socket.close()
  }
}

function parse(data: unknown): VisitUpdate | undefined {
  try {
    const update: unknown = typeof data === 'string' ? JSON.parse(data) : undefined
    return typeof update === 'object' && update !== null && 'type' in update ? (update as VisitUpdate) : undefined
  } catch {
    return undefined
  }
}
