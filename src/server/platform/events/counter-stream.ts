import type { Notifier } from '../db/index.ts'

export interface CounterStreamLog<E> {
  /** Entries after `after`, in order; `isGap` where some in between are no longer kept. */
  read(streamId: string, after: bigint, limit: number): Promise<{ entries: { seq: bigint; event: E }[]; isGap: boolean }>
  lastSeq(streamId: string): Promise<bigint>
  lastSeqs(streamIds: string[]): Promise<Map<string, bigint>>
}

export type CounterStreamBatch<E> = { items: { id: string; event: E }[] } | 'reset'

const pageSize = 200
const pollMs = 1000

/**
 * Streams that are written inside business transactions, positions from a counter row: those of people. Followers read the log when a notification
 * wakes them; one query a second for all of them together catches notifications that were lost.
 */
export class CounterStreams<E> {
  readonly #log: CounterStreamLog<E>
  readonly #notifier: Notifier
  readonly #channel: string
  readonly #followers = new Map<string, Set<{ seen: bigint; wake: () => void }>>()
  #stopListening: (() => Promise<void>) | undefined
  #poll: NodeJS.Timeout | undefined

  constructor(log: CounterStreamLog<E>, notifier: Notifier, channel: string) {
    this.#log = log
    this.#notifier = notifier
    this.#channel = channel
  }

  async listen(): Promise<void> {
    const wake = (streamId: string) => {
      for (const follower of this.#followers.get(streamId) ?? []) follower.wake()
    }
    this.#stopListening = await this.#notifier.listen(
      this.#channel,
      (payload) => payload.split(',').forEach(wake),
      () => [...this.#followers.keys()].forEach(wake),
    )
    const poll = async () => {
      if (this.#followers.size > 0) {
        const last = await this.#log.lastSeqs([...this.#followers.keys()]).catch(() => new Map<string, bigint>())
        for (const [streamId, seq] of last) {
          for (const follower of this.#followers.get(streamId) ?? []) if (follower.seen < seq) follower.wake()
        }
      }
      this.#poll = setTimeout(() => void poll(), pollMs)
      this.#poll.unref()
    }
    await poll()
  }

  async close(): Promise<void> {
    clearTimeout(this.#poll)
    await this.#stopListening?.()
  }

  /** After the writing transaction has committed. */
  announce(streamIds: readonly string[]): void {
    const ids = [...new Set(streamIds)]
    for (let from = 0; from < ids.length; from += 200) this.#notifier.notify(this.#channel, ids.slice(from, from + 200).join(','))
  }

  lastPosition(streamId: string): Promise<bigint> {
    return this.#log.lastSeq(streamId)
  }

  async *follow(streamId: string, after: bigint, signal: AbortSignal): AsyncGenerator<CounterStreamBatch<E>> {
    let isWoken = true
    let resume: (() => void) | undefined
    const follower = {
      seen: 0n,
      wake: () => {
        isWoken = true
        resume?.()
      },
    }
    const followers = this.#followers.get(streamId) ?? new Set()
    this.#followers.set(streamId, followers.add(follower))
    const onAbort = () => resume?.()
    signal.addEventListener('abort', onAbort)
    try {
      follower.seen = after
      while (!signal.aborted) {
        if (!isWoken) {
          await new Promise<void>((resolve) => (resume = resolve))
          resume = undefined
          continue
        }
        isWoken = false
        const { entries, isGap } = await this.#log.read(streamId, follower.seen, pageSize)
        if (isGap) {
          follower.seen = await this.#log.lastSeq(streamId)
          yield 'reset'
          continue
        }
        const last = entries.at(-1)
        if (!last) continue
        follower.seen = last.seq
        // An entry of the log can be several events.
        if (entries.length >= pageSize) isWoken = true
        yield { items: entries.map((entry) => ({ id: String(entry.seq), event: entry.event })) }
      }
    } finally {
      signal.removeEventListener('abort', onAbort)
      followers.delete(follower)
      if (followers.size === 0) this.#followers.delete(streamId)
    }
  }
}
