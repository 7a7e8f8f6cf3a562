import type { ColumnType, Generated } from 'kysely'
import type { ModelInput, Provider } from '../../../contract/models.ts'

type CreatedAt = ColumnType<Date, Date | undefined, never>
type UpdatedAt = ColumnType<Date, Date | undefined, Date>

/** What an administrator corrected, by field. */
export interface ModelOverrides {
  name?: string
  description?: string
  maxContext?: number
  maxOutput?: number
  maxReasoning?: number
  summarizeThreshold?: number
  defaultParameters?: Record<string, unknown>
  inputs?: ModelInput[]
}

export interface ModelTable {
  id: string
  workspace_id: string
  provider: Provider
  /** The connection whose own endpoint serves it; null for the models that are the same for everybody. */
  endpoint_connection_id: string | null
  internal_name: string
  name: string
  description: string | null
  kind: Generated<'chat' | 'embedding' | 'reranking' | 'image'>
  max_context: number | null
  max_output: number | null
  max_reasoning: number | null
  summarize_threshold: number | null
  default_parameters: ColumnType<Record<string, unknown>, string | undefined, string>
  default_rank: number | null
  overrides: ColumnType<ModelOverrides, string | undefined, string>
  created_at: CreatedAt
  updated_at: UpdatedAt
}

export interface ConnectionModelTable {
  connection_id: string
  model_id: string
}

/** Nano-dollars per 1,000 tokens; null is unknown. */
export interface ModelPriceTable {
  model_id: string
  valid_from: ColumnType<Date, Date | undefined, never>
  origin: 'catalogue' | 'admin' | 'free' | 'unknown'
  input_per_1k: bigint | null
  output_per_1k: bigint | null
  reasoning_per_1k: bigint | null
  cache_read_per_1k: bigint | null
  cache_write_per_1k: bigint | null
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    model: ModelTable
    connection_model: ConnectionModelTable
    model_price: ModelPriceTable
  }
}
