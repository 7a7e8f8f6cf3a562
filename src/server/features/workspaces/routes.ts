import { workspaces } from '../../../contract/workspaces.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { createWorkspace } from './create-workspace.ts'
import { getSettings } from './get-settings.ts'
import { listWorkspaces } from './list-workspaces.ts'
import { renameWorkspace } from './rename-workspace.ts'
import { updateSettings } from './update-settings.ts'
import type { WorkspacesDeps } from './workspaces-deps.ts'

/** The budget's endpoints are served by the ledger. */
export const workspaceRoutes = (deps: WorkspacesDeps): Omit<Routes<typeof workspaces>, 'getBudget' | 'setBudget'> => ({
  list: handle(workspaces.list, (actor) => listWorkspaces(deps, actor)),
  create: handle(workspaces.create, (actor, { name }) => createWorkspace(deps, actor, name)),
  rename: handle(workspaces.rename, (actor, { workspaceId, name }) => renameWorkspace(deps, actor, workspaceId, name)),
  getSettings: handle(workspaces.getSettings, (actor, { workspaceId }) => getSettings(deps, actor, workspaceId)),
  updateSettings: handle(workspaces.updateSettings, (actor, input) => updateSettings(deps, actor, input)),
})
