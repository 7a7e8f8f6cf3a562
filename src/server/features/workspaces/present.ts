import type { z } from 'zod'
import type { Workspace, WorkspaceSettings } from '../../../contract/workspaces.ts'
import type { SettingsRow, WorkspaceRow } from './store.ts'

export function presentWorkspace(row: WorkspaceRow): z.input<typeof Workspace> {
  return { id: row.id, name: row.name, kind: row.kind, createdAt: row.created_at.toISOString() }
}

export function presentSettings(row: SettingsRow): z.input<typeof WorkspaceSettings> {
  return {
    defaultModelId: row.default_model_id,
    systemPrompt: row.system_prompt,
    thinking: row.thinking,
    temperature: row.temperature,
    maxTokens: row.max_tokens,
    topP: row.top_p,
    frequencyPenalty: row.frequency_penalty,
    presencePenalty: row.presence_penalty,
    trashAfterDays: row.trash_after_days,
    purgeAfterDays: row.purge_after_days,
  }
}
