import { z } from 'zod'
import { endpoint, maxPageSize } from './endpoint.ts'
import { errors } from './errors.ts'
import { Instant, NanoUsd, WorkspaceId } from './ids.ts'
import { KeyOrigin, Provider } from './models.ts'
import { TokenCounts } from './messages.ts'

/** One row for every model call, however it ended. */
export const UsageRow = z.object({
  id: z.uuid(),
  type: z.enum(['user', 'agent', 'guardrail']),
  purpose: z.enum(['answer', 'embedding', 'title', 'summary', 'guardrail', 'rerank', 'tool']),
  userName: z.string().nullable(),
  modelName: z.string(),
  provider: Provider,
  keyOrigin: KeyOrigin,
  tokens: TokenCounts,
  /** Null: the price of this model is unknown. */
  costNanoUsd: NanoUsd.nullable(),
  /** The provider did not report counts (the call was cut off); they were estimated. */
  isEstimated: z.boolean(),
  latencyMs: z.number().int(),
  createdAt: Instant,
})
export type UsageRow = z.infer<typeof UsageRow>

export const usage = {
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/usage' })
    .meta({ access: { resource: 'usage', action: 'read', whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        cursor: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
      }),
    )
    .output(
      z.object({
        rows: z.array(UsageRow),
        nextCursor: z.string().nullable(),
        total: z.object({ calls: z.number().int(), tokens: z.number().int(), costNanoUsd: NanoUsd, unknownCostCalls: z.number().int() }),
      }),
    )
    .errors(errors('workspace.not_found')),
}
