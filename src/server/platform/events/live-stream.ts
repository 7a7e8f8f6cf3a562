/** An event with the sequence numbers it covers: more than one after merging. */
export interface LogEntry<E> {
  readonly first: number
  readonly last: number
  readonly event: E
}

/** A place in a stream: after this event of this epoch. */
export interface Position {
  epoch: number
  seq: number
}

export function formatPosition({ epoch, seq }: Position): string {
  return `${epoch}.${seq}`
}

/** Undefined where the text is not a position, as a client may send anything. */
export function parsePosition(text: string | undefined): Position | undefined {
  const match = /^(\d{1,9})\.(\d{1,9})$/.exec(text ?? '')
  return match ? { epoch: Number(match[1]), seq: Number(match[2]) } : undefined
}

/** Past this a follower falls back to reading the log: the writer never waits for a reader. */
const maxFollowerBytes = 256 * 1024
/** Past this the writer must hold its source: with the database away, nothing else bounds what is kept. */
const maxUnflushedBytes = 4 * 1024 * 1024

export class Follower<E> {
  #queue: LogEntry<E>[] = []
  #queuedBytes = 0
  #wake: (() => void) | undefined
  #wakeIsDue = false
  #ended: 'closed' | 'lagged' | undefined

  push(entry: LogEntry<E>, bytes: number): void {
    if (this.#ended) return
    this.#queuedBytes += bytes
    if (this.#queuedBytes > maxFollowerBytes) {
      this.end('lagged')
      return
    }
    this.#queue.push(entry)
    if (!this.#wakeIsDue && this.#wake) {
      // What one read of the upstream brings is taken together: a write to the connection costs more than the event.
      this.#wakeIsDue = true
      process.nextTick(() => {
        this.#wakeIsDue = false
        this.#wake?.()
      })
    }
  }

  end(reason: 'closed' | 'lagged'): void {
    this.#ended ??= reason
    if (reason === 'lagged') this.#queue = []
    this.#wake?.()
  }

  /** What has arrived since the last call; waits for something. An end is told once everything before it was taken. */
  async next(signal: AbortSignal): Promise<LogEntry<E>[] | 'closed' | 'lagged' | 'aborted'> {
    for (;;) {
      if (signal.aborted) return 'aborted'
      if (this.#queue.length > 0) {
        const taken = this.#queue
        this.#queue = []
        this.#queuedBytes = 0
        return taken
      }
      if (this.#ended) return this.#ended
      await new Promise<void>((resolve) => {
        const done = () => {
          this.#wake = undefined
          signal.removeEventListener('abort', done)
          resolve()
        }
        this.#wake = done
        signal.addEventListener('abort', done, { once: true })
      })
    }
  }
}

export interface LiveStreamOptions<E> {
  epoch: number
  /** False: nothing of it is ever written; it lives in memory only. */
  isLogged: boolean
  /** Two events as one, or undefined where they stay apart. */
  merge(earlier: E, later: E): E | undefined
  sizeOf(event: E): number
}

/**
 * A stream while its writer runs in this process. Events reach followers at once; until they are written to the log they stay in the tail, merged
 * where `merge` can. At most one write of a stream is under way, so the log never shows a later event before an earlier one.
 */
export class LiveStream<E> {
  readonly epoch: number
  readonly #options: LiveStreamOptions<E>
  readonly #followers = new Set<Follower<E>>()
  #held: LogEntry<E>[] = []
  #nextSeq = 1
  #committed = 0
  #tail: LogEntry<E>[] = []
  #writing: LogEntry<E>[] = []
  #unflushedBytes = 0
  #isLocked = false
  #onUnlocked: (() => void)[] = []

  constructor(options: LiveStreamOptions<E>) {
    this.epoch = options.epoch
    this.#options = options
  }

  append(event: E): void {
    if (this.#held.length > 0) return this.appendHeld(event) // nobody may hear it before what came before it
    const seq = this.#nextSeq++
    const bytes = this.#options.sizeOf(event)
    const entry = { first: seq, last: seq, event }
    for (const follower of this.#followers) follower.push(entry, bytes)

    this.#unflushedBytes += bytes
    const previous = this.#tail.at(-1)
    const merged = previous && this.#options.merge(previous.event, event)
    if (merged) this.#tail[this.#tail.length - 1] = { first: previous.first, last: seq, event: merged }
    else this.#tail.push(entry)
  }

  /** For what must be true when somebody hears it: followers get it once the write that takes it along has been committed. */
  appendHeld(event: E): void {
    const seq = this.#nextSeq++
    const entry = { first: seq, last: seq, event }
    this.#unflushedBytes += this.#options.sizeOf(event)
    this.#tail.push(entry)
    this.#held.push(entry)
  }

  get hasUnwritten(): boolean {
    return this.#tail.length > 0
  }

  /** True while nothing of this stream is in the log. */
  get isUnlogged(): boolean {
    return this.epoch === 1 && this.#committed === 0
  }

  get isOverfull(): boolean {
    return this.#options.isLogged && this.#unflushedBytes > maxUnflushedBytes
  }

  /** Takes the tail for writing, if no other write is under way. Follow with `commit` or `rollback`. */
  tryTake(): LogEntry<E>[] | undefined {
    if (this.#isLocked) return undefined
    this.#isLocked = true
    this.#writing = this.#tail
    this.#tail = []
    return this.#writing
  }

  /** The same, after the write that is under way. */
  async take(): Promise<LogEntry<E>[]> {
    for (;;) {
      const taken = this.tryTake()
      if (taken) return taken
      await new Promise<void>((resolve) => this.#onUnlocked.push(resolve))
    }
  }

  commit(): void {
    this.#committed = this.#writing.at(-1)?.last ?? this.#committed
    this.#unflushedBytes = this.#tail.reduce((sum, entry) => sum + this.#options.sizeOf(entry.event), 0)
    const told = this.#held.filter((entry) => entry.last <= this.#committed)
    this.#held = this.#held.filter((entry) => entry.last > this.#committed)
    for (const entry of told) for (const follower of this.#followers) follower.push(entry, this.#options.sizeOf(entry.event))
    this.#endWriting([])
  }

  rollback(): void {
    this.#endWriting(this.#writing)
  }

  #endWriting(kept: LogEntry<E>[]): void {
    if (kept.length > 0) this.#tail = [...kept, ...this.#tail]
    this.#writing = []
    this.#isLocked = false
    const waiting = this.#onUnlocked
    this.#onUnlocked = []
    for (const resolve of waiting) resolve()
  }

  /** Registers a follower and copies what is not in the log yet, in one tick: between the two nothing can slip through. */
  follow(): { follower: Follower<E>; unlogged: LogEntry<E>[]; committed: number } {
    const follower = new Follower<E>()
    this.#followers.add(follower)
    const unlogged = [...this.#writing, ...this.#tail].filter((entry) => !this.#held.includes(entry))
    return { follower, unlogged, committed: this.#committed }
  }

  unfollow(follower: Follower<E>): void {
    this.#followers.delete(follower)
  }

  close(): void {
    for (const follower of this.#followers) follower.end('closed')
    this.#followers.clear()
  }
}
