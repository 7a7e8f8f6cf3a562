import type { Logger } from '../telemetry/index.ts'

export interface Poller {
  /** There may be something to do: looks at once. */
  wake(): void
  start(): void
  /** Waits for what is being done. */
  close(): Promise<void>
}

/**
 * Works on rows that any process may claim: looks when it is woken and, since a process may die before it wakes anybody, every so often. `work` claims
 * some and answers whether there may be more.
 */
export function createPoller(work: () => Promise<boolean>, { everyMs, log, name }: { everyMs: number; log: Logger; name: string }): Poller {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let isWoken = false
  let isOpen = false

  async function run() {
    do {
      isWoken = false
      try {
        while (isOpen && (await work()));
      } catch (error) {
        log.warn({ err: error, name }, 'a poller failed and tries again')
        break
      }
    } while (isWoken && isOpen)
  }

  function look() {
    clearTimeout(timer)
    if (!isOpen) return
    if (running) {
      isWoken = true
      return
    }
    running = run().finally(() => {
      running = undefined
      if (!isOpen) return
      if (isWoken) look()
      else timer = setTimeout(look, everyMs).unref()
    })
  }

  return {
    wake: look,
    start() {
      isOpen = true
      look()
    },
    async close() {
      isOpen = false
      clearTimeout(timer)
      await running
    },
  }
}
