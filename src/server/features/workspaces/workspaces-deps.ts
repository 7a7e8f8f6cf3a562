import type { Deps } from '../../deps.ts'
import type { Actor } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Tell } from '../events/index.ts'

/** What this feature needs of others comes as functions, so that it imports none of them. */
export interface WorkspacesDeps extends Pick<Deps, 'db' | 'door'> {
  tell: Tell
  listMemberIds(tx: Tx, workspaceId: string): Promise<string[]>
  /** Makes a person the one who runs a new workspace. */
  grantSuperUser(tx: Tx, principalId: string, workspaceId: string): Promise<void>
  /** Error: `model.not_found`. */
  assertModelUsable(actor: Actor, modelId: string, workspaceId: string): Promise<void>
  /** The defaults of a workspace changed, so what was resolved with them no longer holds. */
  onSettingsChanged(workspaceId: string): void
}
