import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { openConnection } from '../models/index.ts'
import { checkConnection } from './access.ts'
import type { ConnectionsDeps } from './connections-deps.ts'
import { presentConnection, toSealed } from './present.ts'
import { probe } from './probe.ts'
import { saveListing, saveFailure } from './save-listing.ts'
import * as store from './store.ts'

/** Asks the provider again. A failure is an answer too: the connection then says why. */
export async function testConnection(deps: ConnectionsDeps, actor: Actor, id: string) {
  const row = await store.findVisible(deps.db, actor, id)
  if (!row) throw new AppError('connection.not_found')
  checkConnection(actor, 'test', row)
  try {
    await saveListing(deps, row, await probe(deps, openConnection(deps.vault, toSealed(row))))
  } catch (error) {
    if (!(error instanceof AppError && error.code.startsWith('connection.'))) throw error
    await saveFailure(deps, row, error)
  }
  return presentConnection(await store.getCounted(deps.db, id))
}
