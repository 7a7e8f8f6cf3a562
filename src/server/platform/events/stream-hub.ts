import type { Notifier } from '../db/index.ts'
import { type LiveStream, type LogEntry, type Position, formatPosition } from './live-stream.ts'

export interface StreamItem<E> {
  id: string
  event: E
}

/** The log behind the streams, in the database. */
export interface StreamLog<E> {
  /** Entries after the position, in order, at most `limit`. */
  read(streamId: string, after: Position, limit: number): Promise<(LogEntry<E> & { epoch: number })[]>
  /**
   * Where the log says nothing (more): the stream as a whole if it has ended, so that a follower of a pruned stream still gets everything;
   * undefined while it runs.
   */
  final(streamId: string): Promise<E[] | undefined>
  isEnd(event: E): boolean
}

const pageSize = 500
const pollMs = 1000

/**
 * Follows streams from any position, in the process that writes them and in any other, without a gap and without a duplicate: live events where the
 * writer is here, else the log, woken by notifications and, since those can be lost, once a second.
 */
export class StreamHub<E> {
  readonly #log: StreamLog<E>
  readonly #notifier: Notifier
  readonly #channel: string
  readonly #live = new Map<string, LiveStream<E>>()
  readonly #waiting = new Map<string, Set<() => void>>()
  #stopListening: (() => Promise<void>) | undefined
  #isClosed = false

  constructor(log: StreamLog<E>, notifier: Notifier, channel: string) {
    this.#log = log
    this.#notifier = notifier
    this.#channel = channel
  }

  async listen(): Promise<void> {
    const wakeAll = () => {
      for (const streamId of this.#waiting.keys()) this.#wake(streamId)
    }
    this.#stopListening = await this.#notifier.listen(
      this.#channel,
      (payload) => payload.split(',').forEach((id) => this.#wake(id)),
      wakeAll,
    )
  }

  /** Ends every follower; each may come back with its position, here or at another process. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#stopListening?.()
    this.#stopListening = undefined
    for (const live of this.#live.values()) live.close()
    for (const streamId of this.#waiting.keys()) this.#wake(streamId)
  }

  register(streamId: string, live: LiveStream<E>): void {
    this.#live.set(streamId, live)
    this.#wake(streamId)
  }

  /** The writer has left, because it ended or because somebody else has the stream now. */
  unregister(streamId: string, live: LiveStream<E>): void {
    if (this.#live.get(streamId) === live) this.#live.delete(streamId)
    live.close()
  }

  /** Tells all processes that these streams have new entries in the log. */
  announce(streamIds: readonly string[]): void {
    for (let from = 0; from < streamIds.length; from += 200) {
      this.#notifier.notify(this.#channel, streamIds.slice(from, from + 200).join(','))
    }
  }

  async *follow(streamId: string, after: Position | undefined, signal: AbortSignal): AsyncGenerator<StreamItem<E>[]> {
    let position: Position = after ?? { epoch: 0, seq: 0 }
    let hasEnded = false
    const fresh = (epoch: number, entries: readonly LogEntry<E>[]): StreamItem<E>[] => {
      const items: StreamItem<E>[] = []
      for (const entry of entries) {
        if (epoch < position.epoch || (epoch === position.epoch && entry.last <= position.seq)) continue
        position = { epoch, seq: entry.last }
        hasEnded ||= this.#log.isEnd(entry.event)
        items.push({ id: formatPosition(position), event: entry.event })
      }
      return items
    }

    while (!hasEnded && !signal.aborted && !this.#isClosed) {
      const live = this.#live.get(streamId)
      if (live) {
        const { follower, unlogged, committed } = live.follow()
        try {
          const isCaughtUp = live.isUnlogged || (position.epoch === live.epoch && position.seq >= committed)
          if (!isCaughtUp) yield* this.#readLog(streamId, () => position, fresh)
          const items = fresh(live.epoch, unlogged)
          if (items.length > 0) yield items
          while (!hasEnded) {
            const entries = await follower.next(signal)
            if (typeof entries === 'string') break
            const more = fresh(live.epoch, entries)
            if (more.length > 0) yield more
          }
        } finally {
          live.unfollow(follower)
        }
        // The writer left without an end, or this follower was too slow: go on from the log.
        if (!hasEnded && this.#live.get(streamId) === live && !signal.aborted) continue
      }
      if (hasEnded || signal.aborted || this.#isClosed) return

      const woken = this.#wait(streamId, signal)
      const before = position
      yield* this.#readLog(streamId, () => position, fresh)
      if (hasEnded) return
      if (position === before) {
        const final = await this.#log.final(streamId)
        if (final && position === before) {
          // Pruned, or ended by somebody who kept no log.
          const epoch = position.epoch + 1
          yield final.map((event, index) => ({ id: formatPosition({ epoch, seq: index + 1 }), event }))
          return
        }
      }
      if (!this.#live.has(streamId)) await woken
    }
  }

  async *#readLog(
    streamId: string,
    position: () => Position,
    fresh: (epoch: number, entries: readonly LogEntry<E>[]) => StreamItem<E>[],
  ): AsyncGenerator<StreamItem<E>[]> {
    for (;;) {
      const page = await this.#log.read(streamId, position(), pageSize)
      const items = page.flatMap((entry) => fresh(entry.epoch, [entry]))
      if (items.length > 0) yield items
      if (page.length < pageSize || items.length === 0) return
    }
  }

  #wait(streamId: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(streamId) ?? new Set()
      this.#waiting.set(streamId, waiting)
      const done = () => {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        waiting.delete(done)
        if (waiting.size === 0) this.#waiting.delete(streamId)
        resolve()
      }
      const timer = setTimeout(done, pollMs).unref()
      signal.addEventListener('abort', done, { once: true })
      waiting.add(done)
    })
  }

  #wake(streamId: string): void {
    for (const done of this.#waiting.get(streamId) ?? []) done()
  }
}
