import type { OfferedTool } from '../../../contract/agents.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, may, workspaceIdsOf } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { Tell } from '../events/index.ts'
import type { Reader } from './store.ts'

export interface AgentDeps extends Pick<Deps, 'db' | 'door'> {
  tell: Tell
  listMemberIds(tx: Tx, workspaceId: string): Promise<string[]>
  /** Who may have a screen open now. */
  listRecentUserIds(tx: Tx): Promise<string[]>
  findUserIdByEmail(db: Tx, email: string): Promise<string | undefined>
  /** Throws `model.not_found` or `connection.not_found` where the actor may not use it in that workspace. */
  requireUsable(actor: Actor, workspaceId: string, choice: { modelId?: string | null; connectionId?: string | null }): Promise<void>
  /** Throws `guardrail.not_found` where one is not of that workspace. */
  requireGuardrails(workspaceId: string, ids: readonly string[]): Promise<void>
  /** What their agents can be given there. */
  listTools(actor: Actor, workspaceId: string): Promise<OfferedTool[]>
}

export function readerOf(actor: Actor): Reader {
  const workspaceIds = workspaceIdsOf(actor)
  return {
    principalId: actor.principalId,
    workspaceIds,
    isAdmin: may(actor, 'system', 'update', 'system'),
    managedIds: workspaceIds.filter((workspaceId) => may(actor, 'workspace', 'update', { workspaceId })),
  }
}
