import type { QuestionField } from '../../../contract/tool-questions.ts'
import { plainWords } from '../../platform/mcp/index.ts'

interface Property {
  type?: unknown
  title?: unknown
  description?: unknown
  default?: unknown
  format?: unknown
  minLength?: unknown
  maxLength?: unknown
  minimum?: unknown
  maximum?: unknown
  minItems?: unknown
  maxItems?: unknown
  enum?: unknown
  enumNames?: unknown
  oneOf?: unknown
  items?: { enum?: unknown; anyOf?: unknown; oneOf?: unknown }
}

const maxFields = 50
const maxOptions = 200
const maxNameLength = 200
const maxWordLength = 500
/** Of what is written into a field, whatever the server would take. */
const maxTextLength = 10_000

/** What a form asks for, as far as the protocol lets a server ask: flat values. Undefined: something else is asked for, and nobody is shown it. */
export function fieldsOf(schema: { properties?: unknown; required?: unknown }): QuestionField[] | undefined {
  const properties = Object.entries((schema.properties ?? {}) as Record<string, Property>)
  if (properties.length > maxFields) return undefined
  const required = new Set(Array.isArray(schema.required) ? schema.required : [])
  const fields = properties.map(([name, property]) => fieldOf(name, property, required.has(name)))
  return fields.every((field) => field !== undefined) ? fields : undefined
}

function fieldOf(name: string, property: Property, isRequired: boolean): QuestionField | undefined {
  if (name.length > maxNameLength || typeof property !== 'object' || property === null) return undefined
  const named = {
    name,
    title: wordsOf(property.title) ?? plainWords(name, maxWordLength),
    description: wordsOf(property.description),
    isRequired,
  }
  const { default: given } = property
  switch (property.type) {
    case 'string': {
      const options = optionsOf(property)
      if (options === null) return undefined
      if (options)
        return { type: 'choice', ...named, options, default: options.some(({ value }) => value === given) ? (given as string) : null }
      return {
        type: 'text',
        ...named,
        format: formatOf(property.format),
        minLength: numberOf(property.minLength),
        maxLength: Math.min(numberOf(property.maxLength) ?? maxTextLength, maxTextLength),
        default: typeof given === 'string' ? given.slice(0, maxTextLength) : null,
      }
    }
    case 'number':
    case 'integer':
      return {
        type: 'number',
        ...named,
        isWhole: property.type === 'integer',
        minimum: numberOf(property.minimum),
        maximum: numberOf(property.maximum),
        default: numberOf(given),
      }
    case 'boolean':
      return { type: 'boolean', ...named, default: typeof given === 'boolean' ? given : null }
    case 'array': {
      const options = optionsOf({ enum: property.items?.enum, oneOf: property.items?.anyOf ?? property.items?.oneOf })
      if (!options) return undefined
      const chosen = Array.isArray(given) ? given.filter((one) => options.some(({ value }) => value === one)) : null
      return {
        type: 'choices',
        ...named,
        options,
        minItems: numberOf(property.minItems),
        maxItems: numberOf(property.maxItems),
        default: chosen as string[] | null,
      }
    }
    default:
      return undefined
  }
}

/** Undefined: there are none. Null: there are some that cannot be shown. */
function optionsOf({ enum: plain, enumNames, oneOf }: Property): { value: string; label: string }[] | undefined | null {
  const listed: unknown[] | undefined = Array.isArray(plain)
    ? plain.map((value: unknown, index) => ({ const: value, title: Array.isArray(enumNames) ? enumNames[index] : undefined }))
    : Array.isArray(oneOf)
      ? oneOf
      : undefined
  if (!listed) return undefined
  if (listed.length === 0 || listed.length > maxOptions) return null
  const options = listed.flatMap((one) => {
    const { const: value, title } = (one ?? {}) as { const?: unknown; title?: unknown }
    return typeof value === 'string' && value.length <= 1_000 ? [{ value, label: wordsOf(title) ?? (plainWords(value, 200) || value) }] : []
  })
  return options.length === listed.length ? options : null
}

function formatOf(format: unknown) {
  return format === 'email' || format === 'uri' || format === 'date' || format === 'date-time' ? format : null
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

function wordsOf(value: unknown): string | null {
  return typeof value === 'string' ? plainWords(value, maxWordLength) || null : null
}
