import type { CustomToolOperation } from '../../../contract/custom-tools.ts'

type Json = CustomToolOperation['inputSchema'][string]

/** What has to be given, as a beginning. */
export function exampleArguments(schema: CustomToolOperation['inputSchema']): string {
  const { properties, required } = schema
  if (!Array.isArray(required) || typeof properties !== 'object' || properties === null || Array.isArray(properties)) return '{}'
  return JSON.stringify(
    Object.fromEntries(required.filter((name) => typeof name === 'string').map((name) => [name, emptyOf(properties[name])])),
    null,
    2,
  )
}

function emptyOf(schema: Json | undefined): Json {
  const type = typeof schema === 'object' && schema !== null && !Array.isArray(schema) ? schema['type'] : undefined
  if (type === 'object') return {}
  if (type === 'array') return []
  if (type === 'integer' || type === 'number') return 0
  return type === 'boolean' ? false : ''
}

export function readArguments(text: string): Record<string, Json> | undefined {
  try {
    const value = JSON.parse(text.trim() || '{}') as unknown
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : undefined
  } catch {
    return undefined
  }
}
