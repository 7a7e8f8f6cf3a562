import { z } from 'zod'
import { endpoint, maxPageSize } from './endpoint.ts'
import { errors } from './errors.ts'
import { Instant, PromptId, PromptVersionId, WorkspaceId } from './ids.ts'
import { maxPromptFileLength, maxPromptLength, maxPromptNameLength, variableTypes } from './prompt-text.ts'

/** Derived from the text; see prompt-text.ts. */
export const PromptVariable = z.object({
  name: z.string(),
  type: z.enum(variableTypes),
  description: z.string().nullable(),
  /** Null: has to be filled in. */
  default: z.string().nullable(),
  options: z.array(z.string()),
})

export const PromptVisibility = z.enum(['own', 'workspace'])

export const PromptSummary = z.object({
  id: PromptId,
  workspaceId: WorkspaceId,
  name: z.string(),
  /** `workspace`: its members may use it. Only its owner changes it. */
  visibility: PromptVisibility,
  isMine: z.boolean(),
  /** Of the newest version, as all that follows. */
  version: z.number().int(),
  versionId: PromptVersionId,
  /** The beginning of the text. */
  preview: z.string(),
  variables: z.array(PromptVariable),
  usedAt: Instant.nullable(),
  createdAt: Instant,
  updatedAt: Instant,
})
export type PromptSummary = z.infer<typeof PromptSummary>

export const Prompt = PromptSummary.extend({
  content: z.string(),
  /** Then another text becomes another version. */
  isVersionUsed: z.boolean(),
})
export type Prompt = z.infer<typeof Prompt>

export const PromptVersionSummary = z.object({
  id: PromptVersionId,
  promptId: PromptId,
  number: z.number().int(),
  /** The beginning of the text. */
  preview: z.string(),
  /** From then on it stays as it is. */
  usedAt: Instant.nullable(),
  createdAt: Instant,
})
export type PromptVersionSummary = z.infer<typeof PromptVersionSummary>

export const PromptVersion = PromptVersionSummary.extend({ content: z.string(), variables: z.array(PromptVariable) })
export type PromptVersion = z.infer<typeof PromptVersion>

export const ImportedPrompt = z.object({
  /** As far as it has one. */
  name: z.string(),
  /** `known`: there is one that is called the same and says the same. */
  outcome: z.enum(['added', 'known', 'refused']),
  reason: z.enum(['name', 'content', 'too_many']).nullable(),
})
export type ImportedPrompt = z.infer<typeof ImportedPrompt>

const byId = z.strictObject({ id: PromptId })
const byVersion = z.strictObject({ versionId: PromptVersionId })
const name = z.string().trim().min(1).max(maxPromptNameLength)
const content = z.string().min(1).max(maxPromptLength).regex(/\S/)
const done = z.object({ ok: z.literal(true) })

/** Texts that are used again, with `{{variables}}`. */
export const prompts = {
  /** The actor's own and those that others share, used or made last first. */
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/prompts' })
    .meta({ access: { resource: 'prompt', action: 'read', whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        search: z.string().trim().max(200).optional().describe('part of the name or of the text'),
        cursor: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
      }),
    )
    .output(z.object({ prompts: z.array(PromptSummary), nextCursor: z.string().nullable() }))
    .errors(errors('workspace.not_found')),

  create: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/prompts', successStatus: 201 })
    .meta({ access: { resource: 'prompt', action: 'create', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId, name, content, visibility: PromptVisibility.default('own') }))
    .output(Prompt)
    .errors(errors('workspace.not_found', 'prompt.too_many')),

  get: endpoint
    .route({ method: 'GET', path: '/prompts/{id}' })
    .meta({ access: { resource: 'prompt', action: 'read', whose: 'owner' } })
    .input(byId)
    .output(Prompt)
    .errors(errors('prompt.not_found')),

  /** Another text is a new version where the newest was used, and else takes its place. */
  update: endpoint
    .route({ method: 'PATCH', path: '/prompts/{id}' })
    .meta({ access: { resource: 'prompt', action: 'update', whose: 'owner' } })
    .input(z.strictObject({ id: PromptId, name: name.optional(), content: content.optional(), visibility: PromptVisibility.optional() }))
    .output(Prompt)
    .errors(errors('prompt.not_found')),

  /** Somebody used this version: it stays as it is from now on. */
  use: endpoint
    .route({ method: 'POST', path: '/prompts/{id}/uses' })
    .meta({ access: { resource: 'prompt', action: 'use', whose: 'owner' } })
    .input(z.strictObject({ id: PromptId, version: z.number().int().min(1).max(1_000_000) }))
    .output(done)
    .errors(errors('prompt.not_found')),

  delete: endpoint
    .route({ method: 'DELETE', path: '/prompts/{id}' })
    .meta({ access: { resource: 'prompt', action: 'delete', whose: 'owner' } })
    .input(byId)
    .output(done)
    .errors(errors('prompt.not_found')),

  /** The newest first. Of a prompt that others share, the versions that were shared. */
  listVersions: endpoint
    .route({ method: 'GET', path: '/prompts/{id}/versions' })
    .meta({ access: { resource: 'prompt', action: 'read', whose: 'owner' } })
    .input(
      z.strictObject({
        id: PromptId,
        cursor: z
          .string()
          .regex(/^\d{1,7}$/)
          .optional(),
        limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
      }),
    )
    .output(z.object({ versions: z.array(PromptVersionSummary), nextCursor: z.string().nullable() }))
    .errors(errors('prompt.not_found')),

  getVersion: endpoint
    .route({ method: 'GET', path: '/prompt-versions/{versionId}' })
    .meta({ access: { resource: 'prompt', action: 'read', whose: 'owner' } })
    .input(byVersion)
    .output(PromptVersion)
    .errors(errors('prompt-version.not_found')),

  /** Makes a new version that says what this one said; nothing, where the newest says it. */
  restoreVersion: endpoint
    .route({ method: 'POST', path: '/prompt-versions/{versionId}/restore' })
    .meta({ access: { resource: 'prompt', action: 'update', whose: 'owner' } })
    .input(byVersion)
    .output(Prompt)
    .errors(errors('prompt-version.not_found')),

  /** The actor's own, as they stand in a `PromptFile`, page by page. */
  export: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/prompts/export' })
    .meta({ access: { resource: 'prompt', action: 'read', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId, cursor: z.uuid().optional() }))
    .output(
      z.object({
        prompts: z.array(
          z.object({ name: z.string(), content: z.string(), variables: z.array(PromptVariable), createdAt: Instant, updatedAt: Instant }),
        ),
        nextCursor: z.uuid().nullable(),
      }),
    )
    .errors(errors('workspace.not_found')),

  /** One file: a `PromptFile`, a list of prompts as other programs write them, or Markdown with front matter. What is there already is not added again. */
  import: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/prompts/import' })
    .meta({ access: { resource: 'prompt', action: 'create', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId, fileName: z.string().max(255), text: z.string().max(maxPromptFileLength) }))
    .output(z.object({ prompts: z.array(ImportedPrompt) }))
    .errors(errors('workspace.not_found', 'prompt.file_unreadable')),

  /** What the server knows of the variables that are filled in by themselves; the device knows the rest. */
  readValues: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/prompt-values' })
    .meta({ access: { resource: 'prompt', action: 'use', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .output(z.object({ memory: z.string().describe('what is remembered of the actor, or nothing') }))
    .errors(errors('workspace.not_found')),

  /** For 30 days after it was deleted. */
  restore: endpoint
    .route({ method: 'POST', path: '/prompts/{id}/restore' })
    .meta({ access: { resource: 'prompt', action: 'update', whose: 'owner' } })
    .input(byId)
    .output(Prompt)
    .errors(errors('prompt.not_found', 'prompt.too_many')),
}
