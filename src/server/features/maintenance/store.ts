import { sql } from 'kysely'
import type { Db } from '../../platform/db/index.ts'

/** How many partitions were made. */
export async function makePartitions(db: Db, daysAhead: number): Promise<number> {
  const { rows } = await sql<{ made: number }>`select make_partitions(${daysAhead}) as made`.execute(db)
  return rows[0]!.made
}

/** How many partitions went. */
export async function dropOldEvents(db: Db, daysKept: number): Promise<number> {
  const { rows } = await sql<{ dropped: number }>`select drop_old_events(${daysKept}) as dropped`.execute(db)
  return rows[0]!.dropped
}
