import type { Provider } from '../../../contract/models.ts'
import type { EffectiveModel } from './effective-model.ts'

/** A model as programs know it. */
export interface NamedModel {
  id: string
  /** `gpt-4o`, or `openai/gpt-4o` where another provider's model of that name comes first. */
  name: string
  kind: EffectiveModel['kind']
  provider: Provider
  createdAt: Date
}

export interface NamedModels {
  /** Each under the one name that it is listed by. */
  list: NamedModel[]
  /** `gpt-4o` and `openai/gpt-4o` both find it. */
  find(name: string): NamedModel | undefined
}

/** Rows in the order of preference: of several models with one name the first has it. */
export function nameModels(
  rows: readonly { model_id: string; internal_name: string; provider: Provider; kind: EffectiveModel['kind']; created_at: Date }[],
): NamedModels {
  const list: NamedModel[] = []
  const byName = new Map<string, NamedModel>()
  for (const row of rows) {
    const full = `${row.provider}/${row.internal_name}`
    const name = byName.has(row.internal_name) ? full : row.internal_name
    if (byName.has(name)) continue // the same name twice at one provider: no name could tell them apart
    const model = { id: row.model_id, name, kind: row.kind, provider: row.provider, createdAt: row.created_at }
    list.push(model)
    byName.set(name, model)
    if (!byName.has(full)) byName.set(full, model)
  }
  return { list, find: (name) => byName.get(name) }
}
