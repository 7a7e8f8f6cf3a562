import type { Agent, AgentRole, AgentSummary, AgentVersion } from '../../../contract/agents.ts'
import type { AgentRoleRow } from './role-store.ts'
import type { AgentRow, VersionRow } from './store.ts'

function common(row: AgentRow, principalId: string): Omit<AgentSummary, 'modelId' | 'starters'> {
  return {
    id: row.id as AgentSummary['id'],
    workspaceId: row.workspace_id as AgentSummary['workspaceId'],
    name: row.name,
    description: row.description,
    icon: row.icon,
    color: row.color,
    pictureUrl: row.picture_id === null ? null : `/api/agents/${row.id}/picture?v=${row.picture_id}`,
    visibility: row.visibility,
    ownerName: row.owner_name,
    isMine: row.owner_id === principalId,
    mayEdit: row.may_edit,
    version: row.version,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

export const presentAgentSummary = (row: AgentRow, principalId: string): AgentSummary => ({
  ...common(row, principalId),
  modelId: row.model_id as AgentSummary['modelId'],
  starters: row.starters,
})

export const presentAgent = (row: AgentRow, principalId: string): Agent => ({ ...common(row, principalId), current: presentVersion(row) })

export function presentVersion(row: VersionRow): AgentVersion {
  return {
    number: row.number,
    instructions: row.instructions,
    prompt:
      row.prompt_id !== null && row.prompt_name !== null && row.prompt_number !== null
        ? { id: row.prompt_id as never, name: row.prompt_name, number: row.prompt_number }
        : null,
    values: row.variable_values,
    modelId: row.model_id as AgentVersion['modelId'],
    connectionId: row.connection_id as AgentVersion['connectionId'],
    parameters: row.parameters,
    tools: row.tools,
    starters: row.starters,
    maxSteps: row.max_steps,
    guardrails: row.guardrails as AgentVersion['guardrails'],
    note: row.note,
    createdByName: row.created_by_name,
    createdAt: row.version_created_at.toISOString(),
  }
}

export const presentAgentRole = (row: AgentRoleRow): AgentRole => ({
  userId: row.user_id as AgentRole['userId'],
  name: row.name,
  email: row.email,
  role: row.role,
  createdAt: row.created_at.toISOString(),
})
