import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { checkConnection } from './access.ts'
import type { ConnectionsDeps } from './connections-deps.ts'
import * as store from './store.ts'
import { tellConcerned } from './tell-concerned.ts'

export async function deleteConnection(deps: ConnectionsDeps, actor: Actor, id: string): Promise<void> {
  const row = await store.findVisible(deps.db, actor, id)
  if (!row) throw new AppError('connection.not_found')
  checkConnection(actor, 'delete', row)
  if (row.managed_by !== null) throw new AppError('connection.managed')
  const announce = await deps.db.transaction().execute(async (tx) => {
    await store.deleteConnection(tx, id)
    return tellConcerned(deps, tx, row)
  })
  announce()
  deps.onConnectionsChanged()
}
