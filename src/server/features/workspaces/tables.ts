import type { ColumnType } from 'kysely'
import type { ThinkingLevel } from '../../../contract/models.ts'

type CreatedAt = ColumnType<Date, Date | undefined, never>
type UpdatedAt = ColumnType<Date, Date | undefined, Date>

export interface WorkspaceTable {
  id: string
  name: string
  /** `system` is the one fixed row that owns what belongs to the server itself. */
  kind: 'system' | 'personal' | 'team'
  created_at: CreatedAt
  updated_at: UpdatedAt
}

/** Null: nobody set it here, so the next level decides and nothing is sent to the provider. */
export interface WorkspaceSettingsTable {
  workspace_id: string
  default_model_id: string | null
  system_prompt: string | null
  thinking: ThinkingLevel | null
  temperature: number | null
  max_tokens: number | null
  top_p: number | null
  frequency_penalty: number | null
  presence_penalty: number | null
  trash_after_days: number | null
  purge_after_days: number | null
  updated_at: UpdatedAt
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    workspace: WorkspaceTable
    workspace_settings: WorkspaceSettingsTable
  }
}
