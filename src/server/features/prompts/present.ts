import type { Prompt, PromptSummary } from '../../../contract/prompts.ts'
import { beginningOf } from '../../platform/db/index.ts'
import type { PromptRow } from './store.ts'

/** What a list shows of the text. */
const previewLength = 200

export function presentPromptSummary(row: PromptRow, principalId: string): PromptSummary {
  return {
    id: row.id as PromptSummary['id'],
    workspaceId: row.workspace_id as PromptSummary['workspaceId'],
    name: row.name,
    visibility: row.visibility,
    isMine: row.owner_id === principalId,
    version: row.version,
    versionId: row.version_id as PromptSummary['versionId'],
    preview: beginningOf(row.content.trim().replaceAll(/\s+/g, ' '), previewLength),
    variables: row.variables,
    usedAt: row.used_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}

export const presentPrompt = (row: PromptRow, principalId: string): Prompt => ({
  ...presentPromptSummary(row, principalId),
  content: row.content,
  isVersionUsed: row.version_used_at !== null,
})
