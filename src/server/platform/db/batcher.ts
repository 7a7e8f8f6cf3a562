import { AppError } from '../errors/index.ts'

/**
 * Gathers what is asked for while a write is under way into the next one: one round trip and one commit for many callers, no added wait for one alone.
 * `run` answers in the order of its items. If a whole batch fails for another reason than the database being away, each item is tried alone, so that one
 * bad item does not fail its neighbours.
 */
export function batcher<Item, Result>(run: (items: Item[]) => Promise<Result[]>, maxItems: number): (item: Item) => Promise<Result> {
  let waiting: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = []
  let isRunning = false

  async function drain() {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxItems)
      waiting = waiting.slice(maxItems)
      try {
        const results = await run(batch.map((entry) => entry.item))
        batch.forEach((entry, index) => entry.resolve(results[index]!))
      } catch (error) {
        if (batch.length === 1 || (error instanceof AppError && error.code === 'database.unavailable')) {
          for (const entry of batch) entry.reject(error)
          continue
        }
        for (const entry of batch) {
          await run([entry.item]).then(
            ([result]) => entry.resolve(result!),
            (reason: unknown) => entry.reject(reason),
          )
        }
      }
    }
    isRunning = false
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (isRunning) return
      isRunning = true
      // After this tick: whoever asks in the same tick shares the first batch.
      queueMicrotask(() => void drain())
    })
}
