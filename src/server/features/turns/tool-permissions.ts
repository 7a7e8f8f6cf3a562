import type { ToolPermission } from '../../../contract/tool-permissions.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check, workspaceIdsOf } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { requireConversation } from '../conversations/index.ts'
import * as store from './permission-store.ts'

export async function listToolPermissions(deps: Pick<Deps, 'db'>, actor: Actor, conversationId: string): Promise<ToolPermission[]> {
  check(actor, 'turn', 'read', 'own')
  const { id, workspace_id: workspaceId } = await requireConversation(deps.db, actor, conversationId)
  const rows = await store.listPermissions(deps.db, { id, workspaceId }, actor.principalId)
  return rows.map((row) => ({
    id: row.id as ToolPermission['id'],
    toolName: row.tool_name,
    decision: row.decision,
    scope: row.agent_id === null ? 'conversation' : 'agent',
    decidedBy: row.decided_by_name ?? '',
    decidedAt: row.created_at.toISOString(),
  }))
}

export async function revokeToolPermission(deps: Pick<Deps, 'db'>, actor: Actor, id: string): Promise<{ ok: true }> {
  check(actor, 'turn', 'decide', 'own')
  const viewer = { principalId: actor.principalId, workspaceIds: workspaceIdsOf(actor) }
  if (!(await store.deletePermission(deps.db, id, viewer))) throw new AppError('tool-permission.not_found')
  return { ok: true }
}
