import type { usage as contract } from '../../../contract/usage.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check, may } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { OutputOf } from '../../platform/http/index.ts'
import * as store from './store.ts'

/** Who runs the workspace sees everybody's rows, others their own. */
export async function listUsage(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: { workspaceId: string; cursor?: string | undefined; limit: number },
): Promise<OutputOf<(typeof contract)['list']>> {
  const { workspaceId, limit } = input
  check(actor, 'usage', 'read', { workspaceId })
  const filter = { workspaceId, principalId: may(actor, 'budget', 'update', { workspaceId }) ? null : actor.principalId }
  const [rows, total] = await Promise.all([
    store.listUsage(deps.db, filter, { before: input.cursor ? readCursor(input.cursor) : null, limit: limit + 1 }),
    store.totalUsage(deps.db, filter),
  ])
  const page = rows.slice(0, limit)
  const last = page.at(-1)
  return {
    rows: page.map((row) => ({
      id: row.id,
      type: row.type,
      purpose: row.purpose,
      userName: row.user_name,
      modelName: row.model_name,
      provider: row.provider,
      keyOrigin: row.key_origin,
      tokens: {
        input: row.input_tokens,
        output: row.output_tokens,
        reasoning: row.reasoning_tokens,
        cacheRead: row.cache_read_tokens,
        cacheWrite: row.cache_write_tokens,
      },
      costNanoUsd: row.cost_nano_usd === null ? null : String(row.cost_nano_usd),
      isEstimated: row.is_estimated,
      latencyMs: row.latency_ms,
      createdAt: row.created_at.toISOString(),
    })),
    nextCursor: rows.length > limit && last ? `${last.created_at.getTime()}.${last.id}` : null,
    total: { calls: total.calls, tokens: total.tokens, costNanoUsd: String(total.cost), unknownCostCalls: total.unknown },
  }
}

function readCursor(cursor: string): { at: Date; id: string } {
  const match = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(cursor)
  if (!match) throw new AppError('request.invalid', { issues: [{ path: ['cursor'], message: 'is not a cursor of this list' }] })
  return { at: new Date(Number(match[1])), id: match[2]! }
}
