import type { Provider } from '../../../contract/models.ts'
import type { ModelOverrides } from './tables.ts'

/** Nano-dollars per 1,000 tokens; null is unknown, never zero. */
export interface Price {
  inputPer1k: bigint | null
  outputPer1k: bigint | null
  reasoningPer1k: bigint | null
  cacheReadPer1k: bigint | null
  cacheWritePer1k: bigint | null
  origin: 'catalogue' | 'admin' | 'free' | 'unknown'
}

/** A model as it is used: the catalogue's fields under the administrator's corrections. */
export interface EffectiveModel {
  id: string
  provider: Provider
  internalName: string
  name: string
  description: string | null
  kind: 'chat' | 'embedding' | 'reranking' | 'image'
  maxContext: number | null
  maxOutput: number | null
  maxReasoning: number | null
  summarizeThreshold: number | null
  defaultParameters: Record<string, unknown>
}

/** The columns of `modelColumns`, as the database returns them. */
export interface ModelRow {
  model_id: string
  provider: Provider
  internal_name: string
  model_name: string
  description: string | null
  kind: EffectiveModel['kind']
  max_context: number | null
  max_output: number | null
  max_reasoning: number | null
  summarize_threshold: number | null
  default_parameters: Record<string, unknown>
  overrides: ModelOverrides
  price_origin: Price['origin'] | null
  input_per_1k: bigint | null
  output_per_1k: bigint | null
  reasoning_per_1k: bigint | null
  cache_read_per_1k: bigint | null
  cache_write_per_1k: bigint | null
}

/** For a statement that has `model` and `price` (from `latestPrice`) in its FROM. */
export const modelColumns = `model.id as model_id, model.provider, model.internal_name, model.name as model_name, model.description, model.kind,
  model.max_context, model.max_output, model.max_reasoning, model.summarize_threshold, model.default_parameters, model.overrides,
  price.origin as price_origin, price.input_per_1k, price.output_per_1k, price.reasoning_per_1k, price.cache_read_per_1k, price.cache_write_per_1k`

export const latestPrice = 'left join lateral (select * from model_price where model_price.model_id = model.id order by valid_from desc limit 1) price on true'

export function toEffectiveModel(row: ModelRow): EffectiveModel {
  return {
    id: row.model_id,
    provider: row.provider,
    internalName: row.internal_name,
    name: row.overrides.name ?? row.model_name,
    description: row.overrides.description ?? row.description,
    kind: row.kind,
    maxContext: row.overrides.maxContext ?? row.max_context,
    maxOutput: row.overrides.maxOutput ?? row.max_output,
    maxReasoning: row.overrides.maxReasoning ?? row.max_reasoning,
    summarizeThreshold: row.overrides.summarizeThreshold ?? row.summarize_threshold,
    defaultParameters: { ...row.default_parameters, ...row.overrides.defaultParameters },
  }
}

export function toPrice(row: ModelRow): Price {
  return {
    inputPer1k: row.input_per_1k,
    outputPer1k: row.output_per_1k,
    reasoningPer1k: row.reasoning_per_1k,
    cacheReadPer1k: row.cache_read_per_1k,
    cacheWritePer1k: row.cache_write_per_1k,
    origin: row.price_origin ?? 'unknown',
  }
}
