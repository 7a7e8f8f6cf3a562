import type { AgentRole, agentRoles as contract } from '../../../contract/agents.ts'
import { agentLimits } from '../../../contract/agent-choices.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { type AgentDeps, readerOf } from './agent-deps.ts'
import { lock, tellConcerned } from './change-agents.ts'
import { presentAgentRole } from './present.ts'
import * as roles from './role-store.ts'
import * as store from './store.ts'

export async function listAgentRoles(deps: Pick<AgentDeps, 'db'>, actor: Actor, id: string): Promise<AgentRole[]> {
  check(actor, 'agent', 'share', 'own')
  const row = await store.find(deps.db, readerOf(actor), id)
  if (!row?.may_edit) throw new AppError('agent.not_found')
  return (await roles.listRoles(deps.db, id)).map(presentAgentRole)
}

/** Errors: `user.not_found` where no member of its workspace has that e-mail, `agent.too_many_roles`. */
export async function grantAgentRole(
  deps: AgentDeps,
  actor: Actor,
  { id, email, role }: InputOf<typeof contract.grant>,
): Promise<AgentRole> {
  check(actor, 'agent', 'share', 'own')
  const { row, announce } = await deps.db.transaction().execute(async (tx) => {
    const agent = await lock(tx, actor, id)
    const userId = await deps.findUserIdByEmail(tx, email)
    if (userId === undefined || !(await roles.isMember(tx, agent.workspace_id, userId)))
      throw new AppError('user.not_found', { detail: 'No member of this workspace has this e-mail.' })
    await roles.setRole(tx, agent, userId, role)
    const all = await roles.listRoles(tx, id)
    if (all.length > agentLimits.roles) throw new AppError('agent.too_many_roles')
    return { row: all.find((one) => one.user_id === userId)!, announce: await tellConcerned(deps, tx, actor, agent) }
  })
  deps.door.invalidate(row.user_id) // an actor carries its grants
  announce()
  return presentAgentRole(row)
}

export async function revokeAgentRole(deps: AgentDeps, actor: Actor, { id, userId }: InputOf<typeof contract.revoke>) {
  check(actor, 'agent', 'share', 'own')
  const announce = await deps.db.transaction().execute(async (tx) => {
    const agent = await lock(tx, actor, id)
    if (!(await roles.deleteRole(tx, id, userId))) throw new AppError('user.not_found')
    return tellConcerned(deps, tx, actor, agent, [userId])
  })
  deps.door.invalidate(userId)
  announce()
  return { ok: true as const }
}
