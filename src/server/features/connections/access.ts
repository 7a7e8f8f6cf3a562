import type { Action } from '../../../contract/endpoint.ts'
import { check, type Actor } from '../../platform/auth/index.ts'
import type { ConnectionRow } from './store.ts'
import { ownershipOf } from './present.ts'

/** Own keys are their owner's affair, a workspace's keys of who runs the workspace, the house's of an administrator. */
export function checkConnection(actor: Actor, action: Action, row: Pick<ConnectionRow, 'owner_id' | 'workspace_id'>): void {
  const ownership = ownershipOf(row)
  if (ownership === 'own') return check(actor, 'connection', action, 'own')
  if (ownership === 'workspace') {
    check(actor, 'connection', action, { workspaceId: row.workspace_id })
    // Members may add keys of their own; a key that pays for everybody is a change of the workspace.
    return check(actor, 'connection', 'update', { workspaceId: row.workspace_id })
  }
  check(actor, 'connection', action, 'system')
  check(actor, 'system', 'update', 'system')
}
