import type { A2uiMessage } from '../../../contract/messages.ts'

/** One component named by another; `template` where it is repeated for each item below a path. */
export interface Reference {
  id: string
  template: string | null
}

type Finder = (value: unknown) => Reference[]
type Schema = { $ref?: string; properties?: Record<string, Schema>; allOf?: Schema[]; items?: Schema }

const one: Finder = (value) => (typeof value === 'string' ? [{ id: value, template: null }] : [])
const list: Finder = (value) => {
  if (Array.isArray(value)) return value.flatMap(one)
  const { componentId, path } = (value ?? {}) as { componentId?: unknown; path?: unknown }
  return typeof componentId === 'string' ? [{ id: componentId, template: String(path) }] : []
}

/** Which properties of each component of a catalogue name other components, read from its schema. */
export function referenceFinder(catalogue: { components?: Record<string, Schema> }): (component: A2uiMessage) => Reference[] {
  const finders = new Map(
    Object.entries(catalogue.components ?? {}).map(([name, schema]) => [name, findersOf(propertiesOf(schema))] as const),
  )
  return (component) =>
    (finders.get(typeof component.component === 'string' ? component.component : '') ?? []).flatMap(([property, find]) =>
      find(component[property]),
    )
}

function propertiesOf(schema: Schema): Record<string, Schema> {
  return Object.assign({}, schema.properties, ...(schema.allOf ?? []).map(propertiesOf)) as Record<string, Schema>
}

function findersOf(properties: Record<string, Schema>): [property: string, find: Finder][] {
  return Object.entries(properties).flatMap(([property, schema]): [string, Finder][] => {
    if (schema.$ref?.endsWith('/ComponentId')) return [[property, one]]
    if (schema.$ref?.endsWith('/ChildList')) return [[property, list]]
    const inItems = schema.items?.properties && findersOf(schema.items.properties)
    if (!inItems?.length) return []
    return [
      [property, (value) => (Array.isArray(value) ? value.flatMap((item) => inItems.flatMap(([key, find]) => find(item?.[key]))) : [])],
    ]
  })
}
