import type { AppError } from '../../platform/errors/index.ts'
import { saveListedModels, type DescribedModel } from '../models/index.ts'
import type { ConnectionsDeps } from './connections-deps.ts'
import * as store from './store.ts'

export async function saveListing(
  deps: Pick<ConnectionsDeps, 'db' | 'onConnectionsChanged'>,
  row: store.ConnectionRow,
  models: readonly DescribedModel[],
): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    // A provider that only said "too many requests" proved the key and listed nothing: what it listed before stays.
    if (models.length > 0)
      await saveListedModels(tx, { id: row.id, workspaceId: row.workspace_id, provider: row.provider, baseUrl: row.base_url }, models)
    if (row.status !== 'ready') await store.updateConnection(tx, row.id, { status: 'ready', status_reason: null })
  })
  deps.onConnectionsChanged({ ownerId: row.owner_id, workspaceId: row.workspace_id })
}

/** The models it listed before stay, since the provider may be back before anybody asks. */
export async function saveFailure(
  deps: Pick<ConnectionsDeps, 'db' | 'onConnectionsChanged'>,
  row: store.ConnectionRow,
  error: AppError,
): Promise<void> {
  await store.updateConnection(deps.db, row.id, { status: 'error', status_reason: [error.message, error.detail].filter(Boolean).join(' ') })
  deps.onConnectionsChanged({ ownerId: row.owner_id, workspaceId: row.workspace_id })
}
