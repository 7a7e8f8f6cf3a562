import { createHash } from 'node:crypto'
import { plainWords } from '../../platform/mcp/index.ts'
import type { ToolHints } from './tables.ts'

/** What a server lists of a tool, as far as it is looked at. */
export interface ListedTool {
  name: string
  title?: string | undefined
  description?: string | undefined
  inputSchema: object
  annotations?: { title?: string; readOnlyHint?: boolean; idempotentHint?: boolean; destructiveHint?: boolean } | undefined
}

export interface DescribedTool {
  name: string
  callName: string
  title: string | null
  description: string
  inputSchema: Record<string, unknown>
  hints: ToolHints
  hash: string
}

const maxCallName = 64
const maxDescription = 2_000
const maxWord = 500
const maxSchemaLength = 32_768
const maxSchemaDepth = 32

/**
 * A tool in the words that models may be told. They are a stranger's: bounded, without what is not seen, and they stand in the definition of the tool and nowhere
 * else. Undefined: nothing that can be offered.
 */
export function describeTool(slug: string, tool: ListedTool): DescribedTool | undefined {
  const name = tool.name
  if (name.length === 0 || name.length > 256 || name !== plainWords(name, 256)) return undefined
  const inputSchema = boundedSchema(tool.inputSchema)
  if (!inputSchema) return undefined
  const title = tool.title ?? tool.annotations?.title
  const described = {
    title: title ? plainWords(title, 100) || null : null,
    description: plainWords(tool.description ?? '', maxDescription, 'keep'),
    inputSchema,
    hints: {
      isReadOnly: tool.annotations?.readOnlyHint === true,
      isIdempotent: tool.annotations?.idempotentHint === true,
      // The protocol's own default.
      isDestructive: tool.annotations?.readOnlyHint !== true && tool.annotations?.destructiveHint !== false,
    },
  }
  const hash = createHash('sha256')
    .update(JSON.stringify([name, described]))
    .digest('base64url')
  return { name, callName: callNameOf(slug, name), ...described, hash }
}

/** Letters, digits, `_` and `-`, at most 64. A name that does not fit gets a piece of its hash, so that two stay two. */
export function callNameOf(slug: string, name: string): string {
  const room = maxCallName - slug.length - 2
  const isFit = /^[A-Za-z0-9_-]+$/.test(name) && name.length <= room
  if (isFit) return `${slug}__${name}`
  const mark = createHash('sha256').update(name).digest('hex').slice(0, 8)
  return `${slug}__${name.replaceAll(/[^A-Za-z0-9_-]+/g, '_').slice(0, room - 9)}_${mark}`
}

/** Of an object, of bounded depth and size, with its words made plain. */
function boundedSchema(schema: object): Record<string, unknown> | undefined {
  try {
    const plain = plainValue(schema, 0) as Record<string, unknown>
    const { $schema: _, $id: __, ...rest } = plain
    if (rest['type'] !== undefined && rest['type'] !== 'object') return undefined
    const bounded = { ...rest, type: 'object' }
    return JSON.stringify(bounded).length > maxSchemaLength ? undefined : bounded
  } catch {
    return undefined
  }
}

function plainValue(value: unknown, depth: number): unknown {
  if (depth > maxSchemaDepth) throw new RangeError('too deep')
  if (typeof value === 'string') return plainWords(value, maxWord, 'keep')
  if (Array.isArray(value)) return value.map((item) => plainValue(item, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [plainWords(key, 128), plainValue(item, depth + 1)]))
}
