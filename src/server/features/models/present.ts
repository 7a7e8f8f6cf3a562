import type { z } from 'zod'
import type { Model, ModelPrice } from '../../../contract/models.ts'
import { providerSearch } from '../../platform/llm/index.ts'
import { keyOriginOf, toEffectiveModel, toPrice } from './effective-model.ts'
import type { ModelRow } from './query-store.ts'
import type { UsableModelRow } from './store.ts'

export function presentPrice(row: ModelRow): z.input<typeof ModelPrice> {
  const price = toPrice(row)
  const digits = (amount: bigint | null) => amount?.toString() ?? null
  return {
    inputPer1k: digits(price.inputPer1k),
    outputPer1k: digits(price.outputPer1k),
    reasoningPer1k: digits(price.reasoningPer1k),
    cacheReadPer1k: digits(price.cacheReadPer1k),
    cacheWritePer1k: digits(price.cacheWritePer1k),
    origin: price.origin,
  }
}

export function presentModel(row: UsableModelRow): z.input<typeof Model> {
  const model = toEffectiveModel(row)
  return {
    ...model,
    hasSearch: providerSearch({ ...model, baseUrl: row.base_url }) !== null,
    defaultParameters: model.defaultParameters as z.input<typeof Model>['defaultParameters'],
    price: presentPrice(row),
    keyOrigin: keyOriginOf(row.key_order),
    connectionId: row.connection_id,
    connectionName: row.connection_name,
  }
}
