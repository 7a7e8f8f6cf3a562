import { check, type Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { presentSettings } from './present.ts'
import * as store from './store.ts'
import type { WorkspacesDeps } from './workspaces-deps.ts'

export async function getSettings(deps: Pick<WorkspacesDeps, 'db'>, actor: Actor, workspaceId: string) {
  check(actor, 'workspace', 'read', { workspaceId })
  const row = await store.findSettings(deps.db, workspaceId)
  if (!row) throw new AppError('workspace.not_found')
  return presentSettings(row)
}
