import type { JSONSchema7 } from '@ai-sdk/provider'
import { isNode, listOf, type Node, nodeOf, plainWords, resolve } from './document.ts'

const maxDepth = 12
const maxWords = 400
const maxEnum = 100

/** How much one operation may say of its arguments: every call of a model carries it. */
export interface Budget {
  nodes: number
}

const kept = [
  'format',
  'multipleOf',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
] as const
const types = new Set(['string', 'number', 'integer', 'boolean', 'object', 'array', 'null'])

/**
 * A schema of OpenAPI 3.0 or 3.1 as models take one: references written out, since not every provider follows them, cycles and what lies too deep left open,
 * and no keyword that only documentation has. Reading is for the API: what this says too loosely, it refuses in its own words.
 */
export function toModelSchema(document: Node, value: unknown, budget: Budget, inside: readonly unknown[] = []): JSONSchema7 {
  const schema = resolve(document, value)
  budget.nodes--
  if (!isNode(schema) || budget.nodes < 0 || inside.length >= maxDepth || inside.includes(schema)) return {}
  const path = [...inside, schema]
  const inner = (part: unknown) => toModelSchema(document, part, budget, path)
  const made: Record<string, unknown> = {}

  const type = typeOf(schema)
  if (type) made.type = type
  const description = plainWords(schema.description ?? schema.title, maxWords)
  if (description !== '') made.description = description
  if (Array.isArray(schema.enum) && schema.enum.length <= maxEnum) made.enum = schema.enum
  if ('const' in schema) made.const = schema.const
  if ('default' in schema && JSON.stringify(schema.default)?.length <= maxWords) made.default = schema.default
  for (const keyword of kept) if (['string', 'number', 'boolean'].includes(typeof schema[keyword])) made[keyword] = schema[keyword]
  bound(schema, 'minimum', 'exclusiveMinimum', made)
  bound(schema, 'maximum', 'exclusiveMaximum', made)

  const properties = Object.entries(nodeOf(schema.properties)).filter(([, part]) => nodeOf(resolve(document, part)).readOnly !== true)
  if (properties.length > 0) {
    made.properties = Object.fromEntries(properties.map(([name, part]) => [name, inner(part)]))
    const names = new Set(properties.map(([name]) => name))
    const required = listOf(schema.required).filter((name) => names.has(name as string))
    if (required.length > 0) made.required = required
  }
  if (schema.items !== undefined) made.items = inner(schema.items)
  else if (type === 'array') made.items = {}
  if (typeof schema.additionalProperties === 'boolean') made.additionalProperties = schema.additionalProperties
  else if (isNode(schema.additionalProperties)) made.additionalProperties = inner(schema.additionalProperties)
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    const parts = listOf(schema[keyword])
    if (parts.length > 0) made[keyword] = parts.slice(0, 20).map(inner)
  }
  return made as JSONSchema7
}

function typeOf({ type, nullable }: Node): string | string[] | undefined {
  const named = (Array.isArray(type) ? type : [type]).filter((one): one is string => types.has(one as string))
  const all = nullable === true && named.length > 0 && !named.includes('null') ? [...named, 'null'] : named
  return all.length > 1 ? all : all[0]
}

/** In 3.0 the exclusive bounds are flags beside the others, in 3.1 numbers of their own. */
function bound(schema: Node, inclusive: string, exclusive: string, made: Record<string, unknown>): void {
  if (typeof schema[exclusive] === 'number') made[exclusive] = schema[exclusive]
  if (typeof schema[inclusive] === 'number') made[schema[exclusive] === true ? exclusive : inclusive] = schema[inclusive]
}
