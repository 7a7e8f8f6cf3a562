import { check, type Actor } from '../../platform/auth/index.ts'
import { presentWorkspace } from './present.ts'
import * as store from './store.ts'
import type { WorkspacesDeps } from './workspaces-deps.ts'

export async function listWorkspaces(deps: Pick<WorkspacesDeps, 'db'>, actor: Actor) {
  check(actor, 'workspace', 'read', 'own')
  return (await store.listWorkspaces(deps.db, actor)).map(presentWorkspace)
}
