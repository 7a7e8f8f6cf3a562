import type { OperationBinding, ParameterBinding } from './description.ts'

/** Arguments of which no request can be made. The message is for whoever gave them. */
export class RequestProblem extends Error {
  override readonly name = 'RequestProblem'
}

export interface BuiltRequest {
  url: URL
  method: string
  headers: Record<string, string>
  body: string | FormData | null
}

type Arguments = Record<string, unknown>

/** The request of one call (OpenAPI 3.1.1, section 4.12.4 on styles). It never leaves the base URL, whatever the arguments say. */
export function buildRequest(binding: OperationBinding, baseUrl: string, args: Arguments): BuiltRequest {
  const missing = [...binding.parameters, ...(binding.body ? [binding.body] : [])].filter(
    ({ property, isRequired }) => isRequired && args[property] === undefined,
  )
  if (missing.length > 0) throw new RequestProblem(`These arguments are missing: ${missing.map(({ property }) => property).join(', ')}.`)

  const url = placeOf(binding, baseUrl, args)
  const headers: Record<string, string> = {}
  for (const parameter of binding.parameters) {
    const value = args[parameter.property]
    if (value === undefined || value === null) continue
    if (parameter.in === 'query') for (const [name, text] of queryOf(parameter, value)) url.searchParams.append(name, text)
    if (parameter.in === 'header') headers[parameter.name] = headerText(parameter, value)
  }
  const { body } = binding
  const given = body ? args[body.property] : undefined
  if (!body || given === undefined) return { url, method: binding.method, headers, body: null }
  // A form sets its own type, with the boundary.
  if (body.kind !== 'multipart') headers['content-type'] = body.contentType
  return { url, method: binding.method, headers, body: bodyOf(body.kind, given) }
}

function placeOf({ path, parameters }: OperationBinding, baseUrl: string, args: Arguments): URL {
  const base = new URL(baseUrl)
  const root = base.pathname.replace(/\/+$/, '')
  const filled = path.replaceAll(/\{([^}]*)\}/g, (_whole, name: string) => {
    const parameter = parameters.find((one) => one.in === 'path' && one.name === name)
    const text = parameter ? simple(args[parameter.property], parameter.isExploded) : ''
    // A segment of dots would lead up and out; one without text would name the list instead of what is in it.
    if (text === '' || /^\.{1,2}$/.test(text)) throw new RequestProblem(`The argument ${parameter?.property ?? name} cannot be “${text}”.`)
    return encodeURIComponent(text)
  })
  const url = new URL(base.origin + root + filled)
  for (const [name, value] of base.searchParams) url.searchParams.append(name, value)
  if (url.origin !== base.origin || !url.pathname.startsWith(`${root}/`)) throw new RequestProblem('The arguments lead to another address.')
  return url
}

function* queryOf({ name, style, isExploded }: ParameterBinding, value: unknown): Generator<[string, string]> {
  const separator = style === 'spaceDelimited' ? ' ' : style === 'pipeDelimited' ? '|' : ','
  if (Array.isArray(value)) {
    if (isExploded) for (const item of value) yield [name, plain(item)]
    else yield [name, value.map(plain).join(separator)]
  } else if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
    if (style === 'deepObject') for (const [key, item] of entries) yield [`${name}[${key}]`, plain(item)]
    else if (isExploded) for (const [key, item] of entries) yield [key, plain(item)]
    else yield [name, entries.flatMap(([key, item]) => [key, plain(item)]).join(separator)]
  } else yield [name, plain(value)]
}

function headerText({ property, isExploded }: ParameterBinding, value: unknown): string {
  const text = simple(value, isExploded)
  if (!/^[\t\x20-\x7e]*$/.test(text))
    throw new RequestProblem(`The argument ${property} goes into a header, which takes printable ASCII characters only.`)
  return text
}

/** The style `simple`: of paths and headers. */
function simple(value: unknown, isExploded: boolean): string {
  if (Array.isArray(value)) return value.map(plain).join(',')
  if (typeof value !== 'object' || value === null) return plain(value)
  const entries = Object.entries(value)
  return isExploded
    ? entries.map(([key, item]) => `${key}=${plain(item)}`).join(',')
    : entries.flatMap(([key, item]) => [key, plain(item)]).join(',')
}

function plain(value: unknown): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '' : JSON.stringify(value)
}

function bodyOf(kind: 'json' | 'form' | 'multipart' | 'text', value: unknown): string | FormData {
  if (kind === 'json') return JSON.stringify(value)
  if (kind === 'text') return plain(value)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RequestProblem('The body must be an object.')
  const form = kind === 'form' ? new URLSearchParams() : new FormData()
  for (const [name, item] of Object.entries(value)) for (const one of Array.isArray(item) ? item : [item]) form.append(name, plain(one))
  return form instanceof FormData ? form : form.toString()
}
