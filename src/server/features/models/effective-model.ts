import type { ModelInput, Provider } from '../../../contract/models.ts'
import { inputsOf } from '../../platform/llm/index.ts'
import type { ModelRow } from './query-store.ts'

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
  /** What it takes as it is, beside text. */
  inputs: ModelInput[]
}

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
    inputs: row.overrides.inputs ?? inputsOf(row.provider, row.internal_name),
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

/** Who pays, from the order in which keys are asked; see `reach`. */
export function keyOriginOf(keyOrder: number): 'conversation' | 'user' | 'workspace' | 'house' {
  if (keyOrder < 10) return 'conversation'
  if (keyOrder < 20) return 'user'
  return keyOrder < 30 ? 'workspace' : 'house'
}
