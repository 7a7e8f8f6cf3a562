import type { Db } from '../../platform/db/index.ts'
import { forgetRaw } from './event-store.ts'

/** What a platform sent is kept so long, for whoever has to find out what went wrong. */
const daysKept = 30
/** On the embedded database everybody waits for one statement: little at a time. */
const events = 100

/** Forgets the bytes of old events; that they came stays known, so that none is taken twice. */
export async function forgetEvents(db: Db, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await forgetRaw(db, daysKept, events)) > 0) continue
}
