import type { ClientMessage, ServerMessage } from '../../../../contract/socket.ts'
import type { Connection } from '../../../live.ts'

export interface LinkTimes {
  /** First wait after a loss; doubles up to `maxDelayMs`, each time with jitter, so that a restart does not meet everybody at once. */
  minDelayMs: number
  maxDelayMs: number
  /** So long nothing may be heard before we ask; and so long the answer may take. */
  quietMs: number
  answerMs: number
  connectMs: number
  /** A connection that lived this long was a good one: the next wait begins small again. */
  settledMs: number
}

export const linkTimes: LinkTimes = {
  minDelayMs: 250,
  maxDelayMs: 15_000,
  quietMs: 20_000,
  answerMs: 6000,
  connectMs: 10_000,
  settledMs: 5000,
}

interface LinkOptions {
  url: () => string
  /** Open and greeted: what was said on an earlier connection has to be said again. */
  onOpen: () => void
  onMessage: (message: ServerMessage) => void
  onState: (state: Connection) => void
  times?: Partial<LinkTimes>
}

/** One connection that comes back by itself. Knows nothing of what is said over it but the greeting and the ping. */
export class Link {
  readonly #options: LinkOptions
  readonly #times: LinkTimes
  #socket: WebSocket | undefined
  #isOpen = false
  #isWanted = false
  #failures = 0
  #openedAt = 0
  #retry: ReturnType<typeof setTimeout> | undefined
  #watch: ReturnType<typeof setTimeout> | undefined

  constructor(options: LinkOptions) {
    this.#options = options
    this.#times = { ...linkTimes, ...options.times }
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  start(): void {
    if (this.#isWanted) return
    this.#isWanted = true
    this.#connect()
  }

  stop(): void {
    this.#isWanted = false
    clearTimeout(this.#retry)
    this.#leave()
    this.#options.onState({ state: 'idle' })
  }

  /** The network came back, or the tab is looked at again: do not sit out the wait, and do not trust a silent connection. */
  wake(): void {
    if (!this.#isWanted) return
    if (this.#isOpen) return this.#ask()
    // An attempt that began without a network would be waited for until its time is over.
    clearTimeout(this.#retry)
    this.#leave()
    this.#connect()
  }

  /** False when there is no connection; nothing is kept here. */
  send(message: ClientMessage): boolean {
    if (!this.#isOpen || this.#socket?.readyState !== WebSocket.OPEN) return false
    this.#socket.send(JSON.stringify(message))
    return true
  }

  #connect(): void {
    this.#options.onState({ state: 'connecting' })
    const socket = new WebSocket(this.#options.url())
    this.#socket = socket
    socket.onmessage = (event) => this.#receive(event.data)
    socket.onclose = () => this.#lose()
    this.#expect(this.#times.connectMs, () => this.#lose())
  }

  #receive(data: unknown): void {
    const message = parse(data)
    if (message === undefined) return
    this.#expect(this.#times.quietMs, () => this.#ask())
    if (message.type === 'hello') {
      this.#isOpen = true
      this.#openedAt = Date.now()
      this.#options.onState({ state: 'open' })
      this.#options.onOpen()
    } else if (message.type !== 'pong') this.#options.onMessage(message)
  }

  #ask(): void {
    this.send({ type: 'ping', ref: 'ping' })
    this.#expect(this.#times.answerMs, () => this.#lose())
  }

  /** One watch at a time: whatever is heard next starts it anew. */
  #expect(ms: number, otherwise: () => void): void {
    clearTimeout(this.#watch)
    this.#watch = setTimeout(otherwise, ms)
  }

  #lose(): void {
    const hadSettled = this.#isOpen && Date.now() - this.#openedAt >= this.#times.settledMs
    this.#leave()
    if (!this.#isWanted) return
    this.#failures = hadSettled ? 0 : this.#failures + 1
    const ceiling = Math.min(this.#times.maxDelayMs, this.#times.minDelayMs * 2 ** this.#failures)
    const delayMs = ceiling / 2 + (Math.random() * ceiling) / 2
    this.#options.onState({ state: 'waiting', retryAt: Date.now() + delayMs })
    this.#retry = setTimeout(() => this.#connect(), delayMs)
  }

  /** A dead peer answers a close only after minutes, so the old socket is let go of first. */
  #leave(): void {
    clearTimeout(this.#watch)
    this.#isOpen = false
    const socket = this.#socket
    this.#socket = undefined
    if (!socket) return
    socket.onmessage = null
    socket.onclose = null
    socket.close()
  }
}

function parse(data: unknown): ServerMessage | undefined {
  if (typeof data !== 'string') return undefined
  try {
    const message: unknown = JSON.parse(data)
    return typeof message === 'object' && message !== null && 'type' in message ? (message as ServerMessage) : undefined
  } catch {
    return undefined
  }
}
