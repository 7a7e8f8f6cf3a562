import type { Db } from '../../platform/db/index.ts'
import * as store from './store.ts'

/** What was deleted for long enough goes for good. */
export async function purgeAgents(db: Db): Promise<void> {
  await store.removeDeleted(db)
}
