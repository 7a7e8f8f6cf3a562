import type { Generated, JSONColumnType } from 'kysely'
import type { AgentColor } from '../../../contract/agent-choices.ts'
import type { AgentParameters } from '../../../contract/agents.ts'

/** Who answers in place of the workspace's model. Its id is a principal's. */
export interface AgentTable {
  id: string
  workspace_id: string
  owner_id: string
  name: string
  description: string
  icon: string
  color: AgentColor
  visibility: 'own' | 'workspace' | 'server'
  /** The number of the version that answers. */
  version: Generated<number>
  deleted_at: Generated<Date | null>
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

/** What it was made of at one time. Never changed. */
export interface AgentVersionTable {
  id: string
  workspace_id: string
  agent_id: string
  number: number
  instructions: string
  prompt_version_id: string | null
  variable_values: JSONColumnType<Record<string, string>>
  model_id: string | null
  connection_id: string | null
  parameters: JSONColumnType<AgentParameters>
  tools: JSONColumnType<string[]> | null
  starters: JSONColumnType<string[]>
  max_steps: number | null
  guardrails: JSONColumnType<string[], string | undefined>
  note: string | null
  created_by: string
  created_at: Generated<Date>
}

/** Shown in place of its emoji. */
export interface AgentPictureTable {
  id: string
  workspace_id: string
  agent_id: string
  mime: 'image/png' | 'image/jpeg' | 'image/webp'
  bytes: Uint8Array
  created_at: Generated<Date>
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    agent: AgentTable
    agent_version: AgentVersionTable
    agent_picture: AgentPictureTable
  }
}
