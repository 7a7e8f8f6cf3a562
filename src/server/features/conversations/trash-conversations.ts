import type { Tx } from '../../platform/db/index.ts'
import { forgetConversations } from '../search/index.ts'
import * as store from './organise-store.ts'

/** Puts locked conversations into the trash, with their children, and tells their owners' devices. Answers all that went; what runs in them is to be stopped. */
export async function trashConversations(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const deleted = await store.markDeleted(tx, ids)
  const deletedIds = deleted.map(({ id }) => id)
  await forgetConversations(tx, deletedIds)
  await store.tellDeleted(tx, deleted)
  return deletedIds
}
