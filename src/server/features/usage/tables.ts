import type { Generated, JSONColumnType } from 'kysely'
import type { KeyOrigin, Provider } from '../../../contract/models.ts'

/** Only budgets with a limit have a row. */
export interface BudgetTable {
  id: string
  workspace_id: string
  scope: 'system' | 'workspace' | 'group' | 'user' | 'api-key' | 'agent'
  scope_id: string
  limit_nano_usd: bigint
  period: 'day' | 'week' | 'month'
  /** Whether calls paid by a person's own key count. */
  covers_own_keys: Generated<boolean>
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

/** Inserted at its first use; a reservation settles into the period it was taken from. */
export interface BudgetPeriodTable {
  budget_id: string
  starts_at: Date
  ends_at: Date
  limit_nano_usd: bigint
  spent_nano_usd: Generated<bigint>
  reserved_nano_usd: Generated<bigint>
}

/** One row for every model call, however it ended. */
export interface UsageTable {
  id: string
  workspace_id: string
  principal_id: string
  type: 'user' | 'agent' | 'guardrail'
  purpose: 'answer' | 'embedding' | 'title' | 'summary' | 'guardrail' | 'rerank' | 'tool'
  conversation_id: string | null
  message_id: string | null
  turn_id: string | null
  task_id: string | null
  api_key_id: string | null
  provider: Provider
  model_id: string
  model_name: string
  connection_id: string
  key_origin: KeyOrigin
  input_tokens: number
  output_tokens: number
  reasoning_tokens: number
  cache_read_tokens: number
  cache_write_tokens: number
  /** Null: the price was unknown. */
  cost_nano_usd: bigint | null
  price: JSONColumnType<object>
  is_estimated: boolean
  latency_ms: number
  provider_request_id: string | null
  created_at: Generated<Date>
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    budget: BudgetTable
    budget_period: BudgetPeriodTable
    usage: UsageTable
  }
}
