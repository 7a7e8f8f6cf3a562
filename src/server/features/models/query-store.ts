import type { Provider } from '../../../contract/models.ts'
import { systemWorkspaceId } from '../../platform/auth/index.ts'
import type { EffectiveModel, Price } from './effective-model.ts'
import type { ModelOverrides } from './tables.ts'

// The pieces that the statements of this feature share.

/**
 * The connections that a person may use in a workspace, as a CTE `reach` with `key_order`: lower pays first. A person's own keys follow them into
 * every workspace and pay for nobody else. Parameters: $1 the person, $2 the workspace.
 *
 * 10 own default · 11 own others · 20 and 21 the workspace's · 30 and 31 the house's
 */
export const reach = `reach as (
  select connection.*,
    case when owner_id is not null then 10 when workspace_id = '${systemWorkspaceId}' then 30 else 20 end
      + case when is_default then 0 else 1 end as key_order
  from connection
  where owner_id = $1 or (owner_id is null and workspace_id in ($2, '${systemWorkspaceId}')))`

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

export const latestPrice =
  'left join lateral (select * from model_price where model_price.model_id = model.id order by valid_from desc limit 1) price on true'
