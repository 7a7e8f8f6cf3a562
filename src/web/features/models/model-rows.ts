import type { Model } from '../../../contract/models.ts'
import type { Sort } from '../../ui/table.tsx'

/** Every word somewhere in the names, the provider or the connection. */
export function filterModels(models: readonly Model[], search: string): Model[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  return models.filter((model) => {
    const text = `${model.name} ${model.internalName} ${model.provider} ${model.connectionName}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}

const keys: Record<string, (model: Model) => string | number | null> = {
  name: (model) => model.name.toLowerCase(),
  provider: (model) => `${model.provider} ${model.name.toLowerCase()}`,
  context: (model) => model.maxContext,
  output: (model) => model.maxOutput,
  price: (model) => (model.price.inputPer1k === null ? null : Number(model.price.inputPer1k)),
}

/** Model 9 before Model 10. */
const names = new Intl.Collator('en', { numeric: true })

/** What is unknown stands last, whichever way the others run. */
export function sortModels(models: readonly Model[], { by, descending }: Sort): Model[] {
  const key = keys[by] ?? keys.name
  if (!key) return [...models]
  return models.toSorted((a, b) => {
    const [x, y] = [key(a), key(b)]
    if (x === null || y === null) return Number(x === null) - Number(y === null)
    const order = typeof x === 'string' ? names.compare(x, String(y)) : x - Number(y)
    return descending ? -order : order
  })
}
