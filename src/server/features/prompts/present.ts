import type { Prompt, PromptSummary, PromptVersion, PromptVersionSummary } from '../../../contract/prompts.ts'
import { beginningOf } from '../../platform/db/index.ts'
import type { PromptRow } from './store.ts'
import type { VersionRow } from './version-store.ts'

/** What a list shows of the text. */
const previewLength = 200

const previewOf = (content: string) => beginningOf(content.trim().replaceAll(/\s+/g, ' '), previewLength)

export function presentPromptSummary(row: PromptRow, principalId: string): PromptSummary {
  return {
    id: row.id as PromptSummary['id'],
    workspaceId: row.workspace_id as PromptSummary['workspaceId'],
    name: row.name,
    visibility: row.visibility,
    isMine: row.owner_id === principalId,
    version: row.version,
    versionId: row.version_id as PromptSummary['versionId'],
    preview: previewOf(row.content),
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

export const presentVersionSummary = (row: VersionRow): PromptVersionSummary => ({
  id: row.id as PromptVersionSummary['id'],
  promptId: row.prompt_id as PromptVersionSummary['promptId'],
  number: row.number,
  preview: previewOf(row.content),
  usedAt: row.used_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
})

export const presentVersion = (row: VersionRow): PromptVersion => ({
  ...presentVersionSummary(row),
  content: row.content,
  variables: row.variables,
})
