import type { AnyContractProcedure, Schema } from '@orpc/contract'
import { z } from 'zod'
import type { EndpointMeta } from '../../../contract/endpoint.ts'
import type { Issue } from '../../../contract/errors.ts'
import { AppError } from '../errors/index.ts'
import type { HttpContext } from './request.ts'

type Fields = Record<string, unknown>

/** Deeper than any input of the contract; a path to a problem needs an end. */
const maxDepth = 100

const nothing = z.strictObject({})

/**
 * The input of an endpoint: path parameters with the query (GET, and what takes bytes) or the JSON body (everything else), validated by the contract's schema. A field
 * may come from one place only. Errors: `request.too_large`, `request.malformed`, `request.invalid` with every issue.
 */
export async function readInput(c: HttpContext, endpoint: AnyContractProcedure, maxBodyBytes: number): Promise<unknown> {
  const params: Fields = c.req.param()
  const query = readQuery(c)
  // What is uploaded as bytes is no place for fields.
  const hasFieldsInAddress = endpoint['~orpc'].route.method === 'GET' || ((endpoint['~orpc'].meta as EndpointMeta).takesBytes ?? false)
  const fields = hasFieldsInAddress ? query : await readBody(c, maxBodyBytes)

  const issues: Issue[] = []
  for (const name of Object.keys(fields))
    if (Object.hasOwn(params, name)) issues.push({ path: [name], message: 'is given by the address already' })
  if (!hasFieldsInAddress)
    for (const name of Object.keys(query)) issues.push({ path: [name], message: 'belongs in the body, not in the address' })
  if (issues.length) throw new AppError('request.invalid', { issues })

  return validate(endpoint['~orpc'].inputSchema ?? nothing, { ...fields, ...params })
}

export async function validate(schema: Schema<unknown, unknown>, value: unknown): Promise<unknown> {
  const pending = schema['~standard'].validate(value)
  const result = pending instanceof Promise ? await pending : pending
  if (!result.issues) return result.value
  throw new AppError('request.invalid', {
    issues: result.issues.map((issue) => ({
      path: (issue.path ?? []).map((step) => {
        const key = typeof step === 'object' ? step.key : step
        return typeof key === 'number' ? key : String(key)
      }),
      message: issue.message,
    })),
  })
}

function readQuery(c: HttpContext): Fields {
  if (!c.req.raw.url.includes('?')) return {}
  const query: Fields = {}
  // A name given twice stays a list, which no schema of a single value accepts.
  for (const [name, values] of Object.entries(c.req.queries())) query[name] = values.length === 1 ? values[0] : values
  refuseNul(query)
  return query
}

/** The JSON object in the body. Errors: `request.too_large`, `request.malformed`, `request.invalid` for the character U+0000. */
export async function readBody(c: HttpContext, maxBodyBytes: number): Promise<Fields> {
  const text = await readText(c, maxBodyBytes).catch((cause: unknown) => {
    if (cause instanceof AppError) throw cause
    throw new AppError('request.malformed', { detail: 'The body broke off.', cause }) // the client went away while it was sending
  })
  if (text === '') return {}
  if (!/^application\/json\s*(;|$)/i.test(c.req.header('content-type') ?? '')) throw new AppError('request.malformed')
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch (cause) {
    throw new AppError('request.malformed', { detail: cause instanceof Error ? firstLine(cause.message) : undefined, cause })
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new AppError('request.malformed')
  if (text.includes('\\u0000')) refuseNul(body)
  return body as Fields
}

/** The parser quotes some of the input; a person needs the place, a log needs no content. */
function firstLine(message: string): string {
  const position = /position \d+( \(line \d+ column \d+\))?/.exec(message)
  return position ? `The JSON breaks off at ${position[0]}.` : 'The JSON breaks off at its end.'
}

async function readText(c: HttpContext, maxBodyBytes: number): Promise<string> {
  const declared = c.req.header('content-length')
  if (declared !== undefined) {
    if (Number(declared) > maxBodyBytes) throw new AppError('request.too_large', { detail: `At most ${maxBodyBytes} bytes.` })
    return Number(declared) === 0 ? '' : c.req.text() // the HTTP parser lets no more through than was declared
  }
  if (c.req.header('transfer-encoding') === undefined && c.env?.incoming) return ''
  const body = c.req.raw.body
  if (!body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let size = 0
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > maxBodyBytes) throw new AppError('request.too_large', { detail: `At most ${maxBodyBytes} bytes.` })
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** The body as it came, for what is signed byte by byte. Errors: `request.too_large`, `request.malformed`. */
export async function readBytes(c: HttpContext, maxBodyBytes: number): Promise<Buffer> {
  const tooLarge = () => new AppError('request.too_large', { detail: `At most ${maxBodyBytes} bytes.` })
  if (Number(c.req.header('content-length') ?? 0) > maxBodyBytes) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of c.req.raw.body ?? []) {
      size += chunk.byteLength
      if (size > maxBodyBytes) throw tooLarge()
      chunks.push(chunk)
    }
  } catch (cause) {
    if (cause instanceof AppError) throw cause
    throw new AppError('request.malformed', { detail: 'The body broke off.', cause })
  }
  return Buffer.concat(chunks)
}

/** PostgreSQL's text cannot hold U+0000; refused at the door with its path instead of failing in a statement. */
export function refuseNul(value: unknown): void {
  const issues: Issue[] = []
  walk(value, [])
  if (issues.length) throw new AppError('request.invalid', { issues })

  function walk(part: unknown, path: Issue['path']): void {
    if (path.length > maxDepth) throw new AppError('request.malformed', { detail: `It is nested more than ${maxDepth} deep.` })
    if (typeof part === 'string') {
      if (part.includes('\0')) issues.push({ path, message: 'must not contain the character U+0000' })
    } else if (typeof part === 'object' && part !== null) {
      for (const [name, inner] of Object.entries(part)) {
        if (name.includes('\0')) issues.push({ path, message: 'must not contain the character U+0000' })
        walk(inner, [...path, Array.isArray(part) ? Number(name) : name])
      }
    }
  }
}
