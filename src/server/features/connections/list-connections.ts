import { check, type Actor } from '../../platform/auth/index.ts'
import type { ConnectionsDeps } from './connections-deps.ts'
import { presentConnection } from './present.ts'
import * as store from './store.ts'

export async function listConnections(deps: Pick<ConnectionsDeps, 'db'>, actor: Actor, workspaceId: string) {
  check(actor, 'connection', 'read', { workspaceId })
  return (await store.listConnections(deps.db, actor.principalId, workspaceId)).map(presentConnection)
}
