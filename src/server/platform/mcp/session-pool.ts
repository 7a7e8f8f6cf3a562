import { leavesConnection, McpFailure } from './mcp-failure.ts'
import type { McpSession, SessionHooks } from './session.ts'

export interface PoolLimits {
  /** Programs on this machine at the same time. */
  maxProcesses: number
  /** Connections at the same time, programs included. */
  maxSessions: number
  /** Calls on one connection at the same time; more wait. */
  maxCalls: number
  /** A connection that nobody uses for so long is closed. */
  idleMs: number
}

export const poolLimits: PoolLimits = { maxProcesses: 32, maxSessions: 256, maxCalls: 16, idleMs: 5 * 60_000 }

export interface Opening {
  /** Connections are shared under it. */
  key: string
  isProcess: boolean
  /** Of programs: which of them end together, by `dropProcesses`. */
  group?: string
  open(hooks: Pick<SessionHooks, 'onClosed'>, signal: AbortSignal): Promise<McpSession>
  /** The connection is there, or gone; `undefined`: closed because nobody used it. */
  onState?(state: { isOpen: true; session: McpSession } | { isOpen: false; failure: McpFailure | undefined }): void
}

interface Entry {
  isProcess: boolean
  group: string | undefined
  session: Promise<McpSession>
  users: number
  lastUsedAt: number
  idle: NodeJS.Timeout | undefined
  waiting: (() => void)[]
  abort: AbortController
}

interface Rest {
  failure: McpFailure
  failures: number
  until: number
}

const firstRestMs = 1_000
const longestRestMs = 60_000

/** Connections that are opened at first use, shared, bounded, and closed when nobody uses them. What failed rests for a while, so that a dead server costs nobody time. */
export class SessionPool {
  readonly #limits: PoolLimits
  readonly #entries = new Map<string, Entry>()
  readonly #resting = new Map<string, Rest>()
  #isClosed = false

  constructor(limits: Partial<PoolLimits> = {}) {
    this.#limits = { ...poolLimits, ...limits }
  }

  get size(): number {
    return this.#entries.size
  }

  /** Errors: `McpFailure`, or the signal's reason. */
  async use<T>(opening: Opening, signal: AbortSignal, run: (session: McpSession) => Promise<T>): Promise<T> {
    signal.throwIfAborted()
    const entry = this.#entries.get(opening.key) ?? this.#open(opening)
    await this.#enter(entry, signal)
    try {
      const session = await orAborted(entry.session, signal)
      try {
        return await run(session)
      } catch (error) {
        if (error instanceof McpFailure && !leavesConnection(error)) this.#drop(opening, entry, error)
        throw error
      }
    } finally {
      this.#leave(opening.key, entry)
    }
  }

  /** Closes the connections whose key begins so and does not end with `kept`, and lets what rested be tried again. */
  async drop(prefix: string, kept?: string): Promise<void> {
    for (const key of this.#resting.keys()) if (key.startsWith(prefix)) this.#resting.delete(key)
    const dropped = [...this.#entries].filter(([key]) => key.startsWith(prefix) && (kept === undefined || !key.endsWith(kept)))
    await Promise.all(dropped.map(([key, entry]) => this.#forget(key, entry)))
  }

  /** Ends the programs of a group on this machine; connections to elsewhere go on. */
  async dropProcesses(group: string): Promise<void> {
    const dropped = [...this.#entries].filter(([, entry]) => entry.isProcess && entry.group === group)
    await Promise.all(dropped.map(([key, entry]) => this.#forget(key, entry)))
  }

  /** Whether one is open under a key that begins so. */
  has(prefix: string): boolean {
    return [...this.#entries.keys()].some((key) => key.startsWith(prefix))
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.drop('')
  }

  #open(opening: Opening): Entry {
    if (this.#isClosed) throw new McpFailure('stopped', 'This server is shutting down.')
    const resting = this.#resting.get(opening.key)
    if (resting && resting.until > Date.now()) throw resting.failure
    this.#makeRoom(opening.isProcess)
    const abort = new AbortController()
    const entry: Entry = {
      isProcess: opening.isProcess,
      group: opening.group,
      session: Promise.resolve().then(() => opening.open({ onClosed: (failure) => this.#onClosed(opening, entry, failure) }, abort.signal)),
      users: 0,
      lastUsedAt: Date.now(),
      idle: undefined,
      waiting: [],
      abort,
    }
    this.#entries.set(opening.key, entry)
    entry.session.then(
      (session) => {
        this.#resting.delete(opening.key)
        opening.onState?.({ isOpen: true, session })
      },
      (error: unknown) => {
        if (this.#entries.get(opening.key) === entry) this.#entries.delete(opening.key)
        if (abort.signal.aborted) return
        const failure = error instanceof McpFailure ? error : new McpFailure('protocol', 'The server could not be connected to.', error)
        const failures = (resting?.failures ?? 0) + 1
        const until = Date.now() + Math.min(firstRestMs * 2 ** (failures - 1), longestRestMs)
        // That nobody was asked says nothing of whether they answer, and is over when the part is switched on again.
        if (failure.kind !== 'stopped') this.#resting.set(opening.key, { failure, failures, until })
        opening.onState?.({ isOpen: false, failure })
      },
    )
    return entry
  }

  #onClosed(opening: Opening, entry: Entry, failure: McpFailure | undefined): void {
    if (this.#entries.get(opening.key) !== entry) return
    this.#entries.delete(opening.key)
    clearTimeout(entry.idle)
    opening.onState?.({ isOpen: false, failure })
  }

  #drop(opening: Opening, entry: Entry, failure: McpFailure): void {
    if (this.#entries.get(opening.key) !== entry) return
    void this.#forget(opening.key, entry)
    opening.onState?.({ isOpen: false, failure })
  }

  /** The one that was not used for longest gives way; those in use never do. */
  #makeRoom(isProcess: boolean): void {
    for (;;) {
      const of = [...this.#entries].filter(([, entry]) => !isProcess || entry.isProcess)
      const isFull = this.#entries.size >= this.#limits.maxSessions || (isProcess && of.length >= this.#limits.maxProcesses)
      if (!isFull) return
      const oldest = of.filter(([, entry]) => entry.users === 0).sort(([, a], [, b]) => a.lastUsedAt - b.lastUsedAt)[0]
      if (!oldest) throw new McpFailure('busy', 'Too many tool servers are in use on this machine right now.')
      void this.#forget(...oldest)
    }
  }

  async #enter(entry: Entry, signal: AbortSignal): Promise<void> {
    clearTimeout(entry.idle)
    if (entry.users >= this.#limits.maxCalls) {
      const turn = Promise.withResolvers<void>()
      entry.waiting.push(turn.resolve)
      try {
        await orAborted(turn.promise, signal)
      } catch (error) {
        const index = entry.waiting.indexOf(turn.resolve)
        // Called in the same moment: the place goes on to the next.
        if (index === -1) entry.waiting.shift()?.()
        else entry.waiting.splice(index, 1)
        throw error
      }
    }
    entry.users++
  }

  #leave(key: string, entry: Entry): void {
    entry.users--
    entry.lastUsedAt = Date.now()
    entry.waiting.shift()?.()
    if (entry.users > 0 || this.#entries.get(key) !== entry) return
    entry.idle = setTimeout(() => void this.#forget(key, entry), this.#limits.idleMs).unref()
  }

  async #forget(key: string, entry: Entry): Promise<void> {
    if (this.#entries.get(key) === entry) this.#entries.delete(key)
    clearTimeout(entry.idle)
    entry.abort.abort(new McpFailure('stopped', 'The connection was closed.'))
    const session = await entry.session.catch(() => undefined)
    await session?.close()
  }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error)
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
