import { sql } from 'kysely'
import type { KeyOrigin, Provider } from '../../../contract/models.ts'
import type { Db, Tx } from '../../platform/db/index.ts'

export interface UsageListRow {
  id: string
  type: 'user' | 'agent' | 'guardrail'
  purpose: 'answer' | 'embedding' | 'title' | 'summary' | 'guardrail' | 'rerank' | 'tool'
  user_name: string | null
  model_name: string
  provider: Provider
  key_origin: KeyOrigin
  input_tokens: number
  output_tokens: number
  reasoning_tokens: number
  cache_read_tokens: number
  cache_write_tokens: number
  cost_nano_usd: bigint | null
  is_estimated: boolean
  latency_ms: number
  created_at: Date
}

/** `principalId` null: everybody's rows of the workspace. */
export interface UsageFilter {
  workspaceId: string
  principalId: string | null
}

export async function listUsage(
  db: Db,
  filter: UsageFilter,
  page: { before: { at: Date; id: string } | null; limit: number },
): Promise<UsageListRow[]> {
  let query = db
    .selectFrom('usage')
    .leftJoin('user_account', 'user_account.id', 'usage.principal_id')
    .leftJoin('contact', 'contact.id', 'usage.principal_id')
    .select((row) => row.fn.coalesce('user_account.name', 'contact.name').as('user_name'))
    .select([
      'usage.id',
      'usage.type',
      'usage.purpose',
      'usage.model_name',
      'usage.provider',
      'usage.key_origin',
      'usage.input_tokens',
      'usage.output_tokens',
      'usage.reasoning_tokens',
      'usage.cache_read_tokens',
      'usage.cache_write_tokens',
      'usage.cost_nano_usd',
      'usage.is_estimated',
      'usage.latency_ms',
      'usage.created_at',
    ])
    .where('usage.workspace_id', '=', filter.workspaceId)
  if (filter.principalId) query = query.where('usage.principal_id', '=', filter.principalId)
  const { before } = page
  if (before) query = query.where(sql<boolean>`(usage.created_at, usage.id) < (${before.at}, ${before.id})`)
  return query.orderBy('usage.created_at', 'desc').orderBy('usage.id', 'desc').limit(page.limit).execute()
}

export async function totalUsage(db: Db, filter: UsageFilter): Promise<{ calls: number; tokens: number; cost: bigint; unknown: number }> {
  const { rows } = await sql<{ calls: number; tokens: number; cost: bigint; unknown: number }>`
    select count(*)::int as calls, coalesce(sum(input_tokens::bigint + output_tokens), 0)::float8 as tokens, coalesce(sum(cost_nano_usd), 0)::bigint as cost,
      count(*) filter (where cost_nano_usd is null)::int as unknown
    from usage where workspace_id = ${filter.workspaceId} ${filter.principalId ? sql`and principal_id = ${filter.principalId}` : sql``}
  `.execute(db)
  return rows[0]!
}

export interface BudgetRow {
  limit_nano_usd: bigint
  spent_nano_usd: bigint
  reserved_nano_usd: bigint
  period: 'day' | 'week' | 'month'
  starts_at: Date
  ends_at: Date
}

/** The workspace's budget in its current period, which may not have begun to be used. */
export async function findBudget(db: Db | Tx, workspaceId: string): Promise<BudgetRow | undefined> {
  const { rows } = await sql<BudgetRow>`
    select b.limit_nano_usd, coalesce(p.spent_nano_usd, 0)::bigint as spent_nano_usd, coalesce(p.reserved_nano_usd, 0)::bigint as reserved_nano_usd, b.period,
      period_start(b.period, now()) as starts_at, period_end(b.period, period_start(b.period, now())) as ends_at
    from budget b left join budget_period p on p.budget_id = b.id and p.starts_at = period_start(b.period, now())
    where b.workspace_id = ${workspaceId} and b.scope = 'workspace' and b.scope_id = ${workspaceId}
  `.execute(db)
  return rows[0]
}

export async function saveBudget(
  tx: Tx,
  budget: { id: string; workspaceId: string; limitNanoUsd: bigint; period: 'day' | 'week' | 'month' },
): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    insert into budget (id, workspace_id, scope, scope_id, limit_nano_usd, period)
    values (${budget.id}, ${budget.workspaceId}, 'workspace', ${budget.workspaceId}, ${budget.limitNanoUsd}, ${budget.period})
    on conflict (workspace_id, scope, scope_id) do update set limit_nano_usd = excluded.limit_nano_usd, period = excluded.period, updated_at = now()
    returning id
  `.execute(tx)
  // The new limit holds at once, for the period that runs too.
  await tx
    .updateTable('budget_period')
    .set({ limit_nano_usd: budget.limitNanoUsd })
    .where('budget_id', '=', rows[0]!.id)
    .where('ends_at', '>', sql<Date>`now()`)
    .execute()
}

/** Its periods go with it. Reservations that running tasks hold on them settle into nothing, which is right: nothing is limited any more. */
export async function deleteBudget(tx: Tx, workspaceId: string): Promise<void> {
  await tx
    .deleteFrom('budget')
    .where('workspace_id', '=', workspaceId)
    .where('scope', '=', 'workspace')
    .where('scope_id', '=', workspaceId)
    .execute()
}

/** What all calls for a conversation cost, as the ledger has it. `isAtLeast`: the price of some was unknown. */
export async function costOfConversation(db: Db | Tx, conversationId: string): Promise<{ costNanoUsd: bigint; isAtLeast: boolean }> {
  const { cost, unknown } = await db
    .selectFrom('usage')
    .select([
      sql<bigint>`coalesce(sum(cost_nano_usd), 0)::bigint`.as('cost'),
      sql<number>`count(*) filter (where cost_nano_usd is null)::int`.as('unknown'),
    ])
    .where('conversation_id', '=', conversationId)
    .executeTakeFirstOrThrow()
  return { costNanoUsd: cost, isAtLeast: unknown > 0 }
}
