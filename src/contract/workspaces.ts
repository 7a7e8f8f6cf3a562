import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { errors } from './errors.ts'
import { ModelId, NanoUsd, WorkspaceId, Instant } from './ids.ts'
import { ThinkingLevel } from './models.ts'

export const Workspace = z.object({ id: WorkspaceId, name: z.string(), kind: z.enum(['personal', 'team']), createdAt: Instant })
export type Workspace = z.infer<typeof Workspace>

/** Sampling parameters. A parameter that nobody set is null and is not sent to the provider. */
export const ModelParameters = z.object({
  temperature: z.number().min(0).max(2).nullable(),
  maxTokens: z.number().int().min(1).max(1_000_000).nullable(),
  topP: z.number().min(0).max(1).nullable(),
  frequencyPenalty: z.number().min(-2).max(2).nullable(),
  presencePenalty: z.number().min(-2).max(2).nullable(),
})
export type ModelParameters = z.infer<typeof ModelParameters>

export const WorkspaceSettings = ModelParameters.extend({
  defaultModelId: ModelId.nullable(),
  systemPrompt: z.string().max(100_000).nullable(),
  /** For models that can be told. */
  thinking: ThinkingLevel.nullable(),
  /** Days after which an untouched conversation goes to the trash. Null: never. */
  trashAfterDays: z.number().int().min(1).max(3650).nullable(),
  /** Days that the trash is kept. Null: 30. */
  purgeAfterDays: z.number().int().min(1).max(3650).nullable(),
})
export type WorkspaceSettings = z.infer<typeof WorkspaceSettings>

/** The budget of a workspace for the current period. Amounts in nano-dollars. */
export const Budget = z.object({
  limitNanoUsd: NanoUsd,
  spentNanoUsd: NanoUsd,
  reservedNanoUsd: NanoUsd,
  period: z.enum(['day', 'week', 'month']),
  startsAt: Instant,
  endsAt: Instant,
})
export type Budget = z.infer<typeof Budget>

const byId = z.strictObject({ workspaceId: WorkspaceId })

export const workspaces = {
  list: endpoint
    .route({ method: 'GET', path: '/workspaces' })
    .meta({ access: { resource: 'workspace', action: 'read', whose: 'self' } })
    .output(z.array(Workspace)),

  create: endpoint
    .route({ method: 'POST', path: '/workspaces', successStatus: 201 })
    .meta({ access: { resource: 'workspace', action: 'create', whose: 'system' } })
    .input(z.strictObject({ name: z.string().trim().min(1).max(100) }))
    .output(Workspace),

  rename: endpoint
    .route({ method: 'PATCH', path: '/workspaces/{workspaceId}' })
    .meta({ access: { resource: 'workspace', action: 'update', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId, name: z.string().trim().min(1).max(100) }))
    .output(Workspace)
    .errors(errors('workspace.not_found')),

  getSettings: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/settings' })
    .meta({ access: { resource: 'workspace', action: 'read', whose: 'workspace' } })
    .input(byId)
    .output(WorkspaceSettings)
    .errors(errors('workspace.not_found')),

  updateSettings: endpoint
    .route({ method: 'PATCH', path: '/workspaces/{workspaceId}/settings' })
    .meta({ access: { resource: 'workspace', action: 'update', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId, ...WorkspaceSettings.partial().shape }))
    .output(WorkspaceSettings)
    .errors(errors('workspace.not_found', 'model.not_found')),

  getBudget: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/budget' })
    .meta({ access: { resource: 'budget', action: 'read', whose: 'workspace' } })
    .input(byId)
    .output(z.object({ budget: Budget.nullable() }))
    .errors(errors('workspace.not_found')),

  /** `limitNanoUsd: null` removes the limit. A change applies to the current period at once. */
  setBudget: endpoint
    .route({ method: 'PUT', path: '/workspaces/{workspaceId}/budget' })
    .meta({ access: { resource: 'budget', action: 'update', whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        limitNanoUsd: NanoUsd.nullable(),
        period: z.enum(['day', 'week', 'month']).default('month'),
      }),
    )
    .output(z.object({ budget: Budget.nullable() }))
    .errors(errors('workspace.not_found')),
}
