import { z } from 'zod'
import { endpoint, maxPageSize } from './endpoint.ts'
import { errors } from './errors.ts'
import { Instant, PromptId, PromptVersionId, WorkspaceId } from './ids.ts'
import { maxPromptLength, maxPromptNameLength } from './prompt-text.ts'

/** Derived from the text; see prompt-text.ts. */
export const PromptVariable = z.object({
  name: z.string(),
  type: z.enum(['text', 'choice']),
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

const byId = z.strictObject({ id: PromptId })
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

  /** For 30 days after it was deleted. */
  restore: endpoint
    .route({ method: 'POST', path: '/prompts/{id}/restore' })
    .meta({ access: { resource: 'prompt', action: 'update', whose: 'owner' } })
    .input(byId)
    .output(Prompt)
    .errors(errors('prompt.not_found', 'prompt.too_many')),
}
