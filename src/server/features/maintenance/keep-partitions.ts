import type { Deps } from '../../deps.ts'
import * as store from './store.ts'

/** Enough for a process that a suspended machine wakes up after a weekend. */
const daysAhead = 3
/** Who comes back later gets the answers themselves instead of their events. */
const eventDaysKept = 7

/**
 * Partitions for today and the next days, before rows for them come. A failure is no reason not to start: rows without a partition are kept in the default
 * one until there is theirs.
 */
export async function makePartitions({ database, log }: Pick<Deps, 'database' | 'log'>): Promise<void> {
  try {
    const made = await store.makePartitions(database.background, daysAhead)
    if (made > 0) log.debug({ made }, 'partitions made')
  } catch (error) {
    log.warn({ err: error }, 'partitions could not be made; tried again within the hour')
  }
}

/** Errors of the database are left to the job's retries. */
export async function keepPartitions({ database, log }: Pick<Deps, 'database' | 'log'>): Promise<void> {
  const made = await store.makePartitions(database.background, daysAhead)
  const dropped = await store.dropOldEvents(database.background, eventDaysKept)
  if (made + dropped > 0) log.debug({ made, dropped }, 'partitions made and dropped')
}
