import type { Tx } from '../../platform/db/index.ts'
import type { ConnectionsDeps } from './connections-deps.ts'
import { ownershipOf } from './present.ts'
import type { ConnectionRow } from './store.ts'

/** Inside the transaction, as its last statement: whoever may use the connection hears of its change. The result is called after the commit. */
export async function tellConcerned(
  deps: Pick<ConnectionsDeps, 'tell' | 'listMemberIds' | 'listRecentUserIds'>,
  tx: Tx,
  row: Pick<ConnectionRow, 'owner_id' | 'workspace_id'>,
): Promise<() => void> {
  return deps.tell(tx, await concerned(), { type: 'connections-changed' })

  async function concerned(): Promise<string[]> {
    if (row.owner_id !== null) return [row.owner_id]
    return ownershipOf(row) === 'house' ? deps.listRecentUserIds(tx) : deps.listMemberIds(tx, row.workspace_id)
  }
}
