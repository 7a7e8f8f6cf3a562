import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { checkConnection } from './access.ts'
import type { ConnectionsDeps } from './connections-deps.ts'
import * as store from './store.ts'

export async function deleteConnection(
  deps: Pick<ConnectionsDeps, 'db' | 'onConnectionsChanged'>,
  actor: Actor,
  id: string,
): Promise<void> {
  const row = await store.findVisible(deps.db, actor, id)
  if (!row) throw new AppError('connection.not_found')
  checkConnection(actor, 'delete', row)
  if (row.managed_by !== null) throw new AppError('connection.managed')
  await store.deleteConnection(deps.db, id)
  deps.onConnectionsChanged({ ownerId: row.owner_id, workspaceId: row.workspace_id })
}
