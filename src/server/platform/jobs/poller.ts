import type { Logger } from '../telemetry/index.ts'

export interface Poller {
  /** There may be something to do: looks at once. */
  wake(): void
  start(): void
  /** Waits for what is being done. */
  close(): Promise<void>
}

export interface PollerWork<Item> {
  /** Takes up to so many for this process. */
  claim(limit: number): Promise<Item[]>
  /** Works on one of them; what goes wrong is its own affair. */
  work(item: Item): Promise<void>
}

/**
 * Works on rows that any process may claim, on several at once, so that a slow one holds up nobody. Looks when it is woken, when one is done (another may
 * have waited for it) and, since a process may die before it wakes anybody, every so often.
 */
export function createPoller<Item>(
  { claim, work }: PollerWork<Item>,
  { everyMs, maxAtOnce, log, name }: { everyMs: number; maxAtOnce: number; log: Logger; name: string },
): Poller {
  const working = new Set<Promise<void>>()
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<void> | undefined
  let isWoken = false
  let isOpen = false

  async function look() {
    do {
      isWoken = false
      try {
        for (const item of await claim(maxAtOnce - working.size)) begin(item)
      } catch (error) {
        log.warn({ err: error, name }, 'a poller failed and tries again')
      }
    } while (isWoken && isOpen && working.size < maxAtOnce)
  }

  function begin(item: Item) {
    const done = work(item)
      .catch((error: unknown) => log.error({ err: error, name }, 'what a poller claimed could not be worked on'))
      .finally(() => {
        working.delete(done)
        wake()
      })
    working.add(done)
  }

  function wake() {
    clearTimeout(timer)
    if (!isOpen) return
    isWoken = true
    if (looking || working.size >= maxAtOnce) return
    looking = look().finally(() => {
      looking = undefined
      if (isOpen) timer = setTimeout(wake, everyMs).unref()
    })
  }

  return {
    wake,
    start() {
      isOpen = true
      wake()
    },
    async close() {
      isOpen = false
      clearTimeout(timer)
      await looking
      await Promise.all(working)
    },
  }
}
