import { check, type Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { presentWorkspace } from './present.ts'
import * as store from './store.ts'
import type { WorkspacesDeps } from './workspaces-deps.ts'

export async function renameWorkspace(deps: Pick<WorkspacesDeps, 'db'>, actor: Actor, workspaceId: string, name: string) {
  check(actor, 'workspace', 'update', { workspaceId })
  const row = await store.rename(deps.db, workspaceId, name)
  if (!row) throw new AppError('workspace.not_found')
  return presentWorkspace(row)
}
