import { check, type Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { presentWorkspace } from './present.ts'
import * as store from './store.ts'
import type { WorkspacesDeps } from './workspaces-deps.ts'

export async function renameWorkspace(
  deps: Pick<WorkspacesDeps, 'db' | 'tell' | 'listMemberIds'>,
  actor: Actor,
  workspaceId: string,
  name: string,
) {
  check(actor, 'workspace', 'update', { workspaceId })
  const { row, announce } = await deps.db.transaction().execute(async (tx) => {
    const renamed = await store.rename(tx, workspaceId, name)
    if (!renamed) throw new AppError('workspace.not_found')
    return { row: renamed, announce: await deps.tell(tx, await deps.listMemberIds(tx, workspaceId), { type: 'settings-changed' }) }
  })
  announce()
  return presentWorkspace(row)
}
