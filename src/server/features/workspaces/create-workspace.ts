import { check, type Actor } from '../../platform/auth/index.ts'
import { newId } from '../../platform/ids.ts'
import { presentWorkspace } from './present.ts'
import * as store from './store.ts'
import type { WorkspacesDeps } from './workspaces-deps.ts'

export async function createWorkspace(deps: Pick<WorkspacesDeps, 'db' | 'door' | 'grantSuperUser'>, actor: Actor, name: string) {
  check(actor, 'workspace', 'create', 'system')
  const row = await deps.db.transaction().execute(async (tx) => {
    const workspace = await store.insertWorkspace(tx, newId(), name)
    await deps.grantSuperUser(tx, actor.principalId, workspace.id)
    return workspace
  })
  deps.door.invalidate(actor.principalId) // the actor carries its grants
  return presentWorkspace(row)
}
