import type { Db } from '../../platform/db/index.ts'
import * as organise from './organise-store.ts'
import * as store from './store.ts'
import { trashConversations } from './trash-conversations.ts'

/** On the embedded database everybody waits for one statement: little at a time. */
const messages = 100
const conversations = 10

/** Takes what was in the trash for long enough away for good, with its messages and turns. What it cost stays in the ledger. */
export async function purgeConversations(db: Db, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await store.removeDeletedBranches(db, messages)) > 0) continue
  while (!signal.aborted && (await store.removeDeletedMessages(db, messages)) > 0) continue
  while (!signal.aborted && (await store.removeDeleted(db, conversations)) > 0) continue
}

/** Puts what nobody touched for long into the trash, where a workspace wants that. Devices find out as they do after a lost connection. */
export async function trashUntouched(db: Db, signal: AbortSignal): Promise<void> {
  for (let found = conversations; found === conversations && !signal.aborted; ) {
    found = await db.transaction().execute(async (tx) => {
      const rows = await organise.lockUntouched(tx, conversations)
      await trashConversations(
        tx,
        rows.map(({ id }) => id),
      )
      return rows.length
    })
  }
}
