import { sql } from 'kysely'
import type { AgentRoleName } from '../../../contract/agent-choices.ts'
import type { Db, Tx } from '../../platform/db/index.ts'

export interface AgentRoleRow {
  user_id: string
  name: string
  email: string
  role: AgentRoleName
  created_at: Date
}

/** As the migration made them, in the system workspace. */
export const roleIds: Record<AgentRoleName, string> = {
  'agent admin': '00000000-0000-7000-8000-000000000017',
  'agent user': '00000000-0000-7000-8000-000000000018',
}

export async function listRoles(db: Db | Tx, agentId: string): Promise<AgentRoleRow[]> {
  const { rows } = await sql<AgentRoleRow>`
    select g.principal_id as user_id, u.name, u.email, role.name as role, g.created_at
    from role_grant g join role on role.id = g.role_id join user_account u on u.id = g.principal_id
    where g.scope = 'agent' and g.scope_id = ${agentId} order by u.name, u.id`.execute(db)
  return rows
}

export async function setRole(tx: Tx, agent: { id: string; workspace_id: string }, userId: string, role: AgentRoleName): Promise<void> {
  await tx
    .insertInto('role_grant')
    .values({ workspace_id: agent.workspace_id, principal_id: userId, scope: 'agent', scope_id: agent.id, role_id: roleIds[role] })
    .onConflict((conflict) => conflict.columns(['principal_id', 'scope', 'scope_id']).doUpdateSet({ role_id: roleIds[role] }))
    .execute()
}

export async function deleteRole(tx: Tx, agentId: string, userId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('role_grant')
    .where('scope', '=', 'agent')
    .where('scope_id', '=', agentId)
    .where('principal_id', '=', userId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function isMember(tx: Tx, workspaceId: string, userId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('role_grant')
    .select('principal_id')
    .where('scope', '=', 'workspace')
    .where('scope_id', '=', workspaceId)
    .where('principal_id', '=', userId)
    .executeTakeFirst()
  return row !== undefined
}
