import type { AnyContractProcedure } from '@orpc/contract'
import { isContractProcedure } from '@orpc/contract'
import { z } from 'zod'
import { contract } from '../../src/contract/index.ts'
import type { EndpointMeta } from '../../src/contract/endpoint.ts'
import type { EndpointName } from '../support/test-app.ts'

/** A place of an input where a client names a resource. `*` stands for any item of a list or any value of a record. */
export interface BrandedPosition {
  path: readonly string[]
  brand: string
}

export interface WalkedEndpoint {
  name: EndpointName
  method: string
  path: string
  access: EndpointMeta['access']
  isStream: boolean
  /** Its body is a file, whatever that holds. */
  takesBytes: boolean
  positions: BrandedPosition[]
}

export const endpoints: readonly WalkedEndpoint[] = [...walkContract(contract, '')]

function* walkContract(part: object, prefix: string): Generator<WalkedEndpoint> {
  for (const [key, inner] of Object.entries(part) as [string, object | AnyContractProcedure][]) {
    if (!isContractProcedure(inner)) {
      yield* walkContract(inner, `${prefix}${key}.`)
      continue
    }
    const { route, meta, inputSchema } = inner['~orpc']
    const { access, stream = false, takesBytes = false } = meta as EndpointMeta
    yield {
      name: `${prefix}${key}` as EndpointName,
      method: route.method ?? 'POST',
      path: `/api${route.path}`,
      access,
      isStream: stream,
      takesBytes,
      positions: inputSchema ? brandedPositions(inputSchema as unknown as z.core.$ZodType) : [],
    }
  }
}

/** Every place below a schema whose ids carry a brand. A kind of schema that is not known here throws: it could hide one. */
export function brandedPositions(schema: z.core.$ZodType): BrandedPosition[] {
  const found = new Map<string, BrandedPosition>()
  const seen = new Set<z.core.$ZodType>()
  walk(schema, [])
  return [...found.values()]

  function walk(current: z.core.$ZodType, path: string[]): void {
    const brand = z.globalRegistry.get(current)?.['resourceId']
    if (typeof brand === 'string') {
      found.set(path.join('.'), { path, brand })
      return
    }
    const { def } = (current as z.core.$ZodTypes)._zod
    switch (def.type) {
      case 'object':
        for (const [key, inner] of Object.entries(def.shape)) walk(inner, [...path, key])
        return
      case 'optional':
      case 'nullable':
      case 'default':
      case 'prefault':
      case 'nonoptional':
      case 'readonly':
      case 'catch':
        walk(def.innerType, path)
        return
      case 'array':
        walk(def.element, [...path, '*'])
        return
      case 'record':
        walk(def.valueType, [...path, '*'])
        return
      case 'tuple':
        def.items.forEach((item, index) => walk(item, [...path, String(index)]))
        return
      case 'union':
        for (const option of def.options) walk(option, path)
        return
      case 'intersection':
        walk(def.left, path)
        walk(def.right, path)
        return
      case 'pipe':
        walk(def.in, path)
        walk(def.out, path)
        return
      case 'lazy':
        if (!seen.has(current)) {
          seen.add(current)
          walk(def.getter(), path)
        }
        return
      case 'string':
      case 'number':
      case 'boolean':
      case 'enum':
      case 'literal':
      case 'null':
      case 'transform':
        return
      default:
        throw new Error(`${path.join('.') || 'the input'}: what is in a schema of the kind "${def.type}"?`)
    }
  }
}

/** The value at a position; undefined where the input has none. */
export function valueAt(input: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null) return undefined
    return key === '*' ? Object.values(value)[0] : (value as Record<string, unknown>)[key]
  }, input)
}

/** A copy of the input with another value at the position. */
export function withValueAt<Input>(input: Input, path: readonly string[], value: unknown): Input {
  const copy = structuredClone(input)
  const holder = valueAt(copy, path.slice(0, -1)) as Record<string, unknown>
  const last = path.at(-1)!
  holder[last === '*' ? Object.keys(holder)[0]! : last] = value
  return copy
}
