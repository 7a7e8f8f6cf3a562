import type { models } from '../../../contract/models.ts'
import { check, type Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf, OutputOf } from '../../platform/http/index.ts'
import { toEffectiveModel, type Price } from './effective-model.ts'
import type { ModelsDeps } from './models-deps.ts'
import { presentPrice } from './present.ts'
import * as store from './store.ts'
import type { ModelOverrides } from './tables.ts'

type Input = InputOf<(typeof models)['override']>

const unknown: Price = {
  inputPer1k: null,
  outputPer1k: null,
  reasoningPer1k: null,
  cacheReadPer1k: null,
  cacheWritePer1k: null,
  origin: 'unknown',
}

/** Null takes a correction back, so that the catalogue's value shows again. */
export async function overrideModel(
  deps: ModelsDeps,
  actor: Actor,
  { id, price, ...fields }: Input,
): Promise<OutputOf<(typeof models)['override']>> {
  check(actor, 'model', 'update', 'system')
  const row = await deps.db.transaction().execute(async (tx) => {
    const found = await store.findForUpdate(tx, id)
    if (!found) throw new AppError('model.not_found')
    if (Object.keys(fields).length > 0) await store.setOverrides(tx, id, merge(found.overrides, fields))
    if (price) await store.insertPrice(tx, id, toAdminPrice(price))
    if (price === null) await store.insertPrice(tx, id, (await store.findPriceBeforeAdmin(tx, id)) ?? unknown)
    return store.getModel(tx, id)
  })
  deps.resolver.invalidate()
  return { id, name: toEffectiveModel(row).name, price: presentPrice(row) }
}

function merge(before: ModelOverrides, fields: Omit<Input, 'id' | 'price'>): ModelOverrides {
  const merged = Object.entries({ ...before, ...fields }).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(merged) as ModelOverrides
}

function toAdminPrice(price: NonNullable<Input['price']>): Price {
  const amount = (digits: string | null) => (digits === null ? null : BigInt(digits))
  return {
    inputPer1k: amount(price.inputPer1k),
    outputPer1k: amount(price.outputPer1k),
    reasoningPer1k: amount(price.reasoningPer1k),
    cacheReadPer1k: amount(price.cacheReadPer1k),
    cacheWritePer1k: amount(price.cacheWritePer1k),
    origin: 'admin',
  }
}
