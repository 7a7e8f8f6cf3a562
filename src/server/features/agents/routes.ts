import { agentRoles as rolesContract, agents as contract } from '../../../contract/agents.ts'
import { handle, handleRaw, type Routes } from '../../platform/http/index.ts'
import type { AgentDeps } from './agent-deps.ts'
import { getAgentPicture, removeAgentPicture, setAgentPicture } from './agent-pictures.ts'
import { grantAgentRole, listAgentRoles, revokeAgentRole } from './agent-roles.ts'
import { createAgent, deleteAgent, duplicateAgent, restoreAgent, restoreVersion, updateAgent } from './change-agents.ts'
import { getAgent, getAgentUsage, listAgents, listTools, listVersions } from './read-agents.ts'
import { sendPicture } from './send-picture.ts'

/** Room for what is a little too large to be told so. */
const maxPictureBodyBytes = 2 * 1024 * 1024

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
    setPicture: handle(contract.setPicture, (actor, input) => setAgentPicture(deps, actor, input), { maxBodyBytes: maxPictureBodyBytes }),
    removePicture: handle(contract.removePicture, (actor, { id }) => removeAgentPicture(deps, actor, id)),
    picture: handleRaw(contract.picture, async (c, actor, { id }) => sendPicture(c, await getAgentPicture(deps, actor, id))),
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
