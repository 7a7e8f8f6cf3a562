import type { AppError } from '../../platform/errors/index.ts'
import { saveListedModels, type DescribedModel } from '../models/index.ts'
import type { ConnectionsDeps } from './connections-deps.ts'
import * as store from './store.ts'
import { tellConcerned } from './tell-concerned.ts'

export async function saveListing(deps: ConnectionsDeps, row: store.ConnectionRow, models: readonly DescribedModel[]): Promise<void> {
  const announce = await deps.db.transaction().execute(async (tx) => {
    // A provider that only said "too many requests" proved the key and listed nothing: what it listed before stays.
    if (models.length > 0) {
      await saveListedModels(tx, { id: row.id, workspaceId: row.workspace_id, provider: row.provider, baseUrl: row.base_url }, models)
    }
    if (row.status === 'ready') return undefined // looked at again and found as it was: nothing to tell
    await store.updateConnection(tx, row.id, { status: 'ready', status_reason: null })
    return tellConcerned(deps, tx, row)
  })
  announce?.()
  deps.onConnectionsChanged()
}

/** The models it listed before stay, since the provider may be back before anybody asks. */
export async function saveFailure(deps: ConnectionsDeps, row: store.ConnectionRow, error: AppError): Promise<void> {
  const reason = [error.message, error.detail].filter(Boolean).join(' ')
  if (row.status === 'error' && row.status_reason === reason) return
  const announce = await deps.db.transaction().execute(async (tx) => {
    await store.updateConnection(tx, row.id, { status: 'error', status_reason: reason })
    return tellConcerned(deps, tx, row)
  })
  announce()
  deps.onConnectionsChanged()
}
