import { sql } from 'kysely'
import type { Db } from '../../platform/db/index.ts'

/** How many partitions were made. */
export async function makePartitions(db: Db, daysAhead: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    // Who holds the table for long (a backup) is not queued behind: everybody who writes would stand behind this.
    await sql`set local lock_timeout = '3s'`.execute(tx)
    const { rows } = await sql<{ made: number }>`select make_partitions(${daysAhead}) as made`.execute(tx)
    return rows[0]!.made
  })
}

/** How many partitions went. */
export async function dropOldEvents(db: Db, daysKept: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await sql`set local lock_timeout = '3s'`.execute(tx)
    const { rows } = await sql<{ dropped: number }>`select drop_old_events(${daysKept}) as dropped`.execute(tx)
    return rows[0]!.dropped
  })
}
