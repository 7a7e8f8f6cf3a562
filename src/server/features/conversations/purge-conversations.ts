import type { Db } from '../../platform/db/index.ts'
import * as store from './store.ts'

/** So long a deletion can be taken back. */
const daysKept = 30
/** On the embedded database everybody waits for one statement: little at a time. */
const messages = 100
const conversations = 10

/** Takes what was deleted long ago away for good, with its messages and turns. What it cost stays in the ledger. */
export async function purgeConversations(db: Db, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await store.removeDeletedBranches(db, daysKept, messages)) > 0) continue
  while (!signal.aborted && (await store.removeDeletedMessages(db, daysKept, messages)) > 0) continue
  while (!signal.aborted && (await store.removeDeleted(db, daysKept, conversations)) > 0) continue
}
