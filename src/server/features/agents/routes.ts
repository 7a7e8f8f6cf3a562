import { agentRoles as rolesContract, agents as contract } from '../../../contract/agents.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import type { AgentDeps } from './agent-deps.ts'
import { grantAgentRole, listAgentRoles, revokeAgentRole } from './agent-roles.ts'
import { createAgent, deleteAgent, duplicateAgent, restoreAgent, restoreVersion, updateAgent } from './change-agents.ts'
import { getAgent, getAgentUsage, listAgents, listTools, listVersions } from './read-agents.ts'

export const agentRoutes = (deps: AgentDeps): { agents: Routes<typeof contract>; agentRoles: Routes<typeof rolesContract> } => ({
  agents: {
    list: handle(contract.list, (actor, input) => listAgents(deps, actor, input)),
    create: handle(contract.create, (actor, input) => createAgent(deps, actor, input)),
    listTools: handle(contract.listTools, (actor, { workspaceId }) => listTools(deps, actor, workspaceId)),
    get: handle(contract.get, (actor, { id }) => getAgent(deps, actor, id)),
    update: handle(contract.update, (actor, input) => updateAgent(deps, actor, input)),
    versions: handle(contract.versions, (actor, input) => listVersions(deps, actor, input)),
    restoreVersion: handle(contract.restoreVersion, (actor, input) => restoreVersion(deps, actor, input)),
    duplicate: handle(contract.duplicate, (actor, input) => duplicateAgent(deps, actor, input)),
    delete: handle(contract.delete, (actor, { id }) => deleteAgent(deps, actor, id)),
    restore: handle(contract.restore, (actor, { id }) => restoreAgent(deps, actor, id)),
    usage: handle(contract.usage, (actor, input) => getAgentUsage(deps, actor, input)),
  },
  agentRoles: {
    list: handle(rolesContract.list, (actor, { id }) => listAgentRoles(deps, actor, id)),
    grant: handle(rolesContract.grant, (actor, input) => grantAgentRole(deps, actor, input)),
    revoke: handle(rolesContract.revoke, (actor, input) => revokeAgentRole(deps, actor, input)),
  },
})
