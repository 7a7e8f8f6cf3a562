import { createHash } from 'node:crypto'
import type { JSONSchema7 } from '@ai-sdk/provider'
import type { BodyBinding, Operation, ParameterBinding } from './description.ts'
import { isNode, listOf, type Node, nodeOf, plainWords, resolve, textOf } from './document.ts'
import { type Budget, toModelSchema } from './schema.ts'

const methods = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'] as const
const maxOperations = 2_000
const maxNodes = 600
const maxNameLength = 38

/** Headers that a request has anyway, or that would change what it is; a description cannot hand them to a model (OpenAPI 3.1.1, section 4.12.1). */
const ownHeaders = new Set(
  'accept accept-encoding authorization connection content-length content-type cookie expect host keep-alive proxy-authorization te trailer transfer-encoding upgrade'.split(
    ' ',
  ),
)

/** The operations of a document, in its order. */
export function readOperations(document: Node): Operation[] {
  const operations: Operation[] = []
  const names = new Set<string>()
  for (const [path, item] of Object.entries(nodeOf(document.paths))) {
    const pathItem = nodeOf(resolve(document, item))
    for (const method of methods) {
      const operation = pathItem[method]
      if (!isNode(operation) || !path.startsWith('/') || operations.length >= maxOperations) continue
      operations.push(readOperation(document, { path, method, pathItem, operation }, names))
    }
  }
  return operations
}

interface Found {
  path: string
  method: string
  pathItem: Node
  operation: Node
}

function readOperation(document: Node, { path, method, pathItem, operation }: Found, names: Set<string>): Operation {
  const budget: Budget = { nodes: maxNodes }
  const problems: string[] = []
  const properties: Record<string, JSONSchema7> = {}
  const required: string[] = []
  const parameters: ParameterBinding[] = []
  for (const found of parametersOf(document, pathItem, operation, problems)) {
    const read = readParameter(document, found, new Set(Object.keys(properties)), budget)
    if (typeof read === 'string') problems.push(read)
    else if (read) {
      parameters.push(read.binding)
      properties[read.binding.property] = read.schema
      if (read.binding.isRequired) required.push(read.binding.property)
    }
  }
  for (const [, name] of path.matchAll(/\{([^}]*)\}/g)) {
    if (!parameters.some((one) => one.in === 'path' && one.name === name))
      problems.push(`Its address needs {${name}}, which is not described.`)
  }
  const body = readBody(document, operation, new Set(Object.keys(properties)), budget)
  if (typeof body === 'string') problems.push(body)
  else if (body) {
    properties[body.binding.property] = body.schema
    if (body.binding.isRequired) required.push(body.binding.property)
  }
  return {
    key: `${method.toUpperCase()} ${path}`,
    name: nameOf(textOf(operation.operationId) || `${method}_${path}`, names),
    description:
      [plainWords(operation.summary, 200), plainWords(operation.description, 800)].filter(Boolean).join('. ') ||
      `${method.toUpperCase()} ${path}`,
    isReadOnly: method === 'get' || method === 'head' || method === 'options',
    inputSchema: { type: 'object', properties, ...(required.length > 0 && { required }), additionalProperties: false },
    binding: { method: method.toUpperCase(), path, parameters, body: typeof body === 'object' ? (body?.binding ?? null) : null },
    refusal: problems[0] ?? null,
  }
}

/** Those of the path hold for each of its operations, unless one has its own of that name and place. */
function parametersOf(document: Node, pathItem: Node, operation: Node, problems: string[]): Node[] {
  const found = new Map<string, Node>()
  for (const value of [...listOf(pathItem.parameters), ...listOf(operation.parameters)]) {
    const parameter = resolve(document, value)
    if (isNode(parameter)) found.set(`${textOf(parameter.in)} ${textOf(parameter.name)}`, parameter)
    else problems.push('It refers to a parameter outside of the document, which is not followed.')
  }
  return [...found.values()]
}

function readParameter(document: Node, parameter: Node, taken: ReadonlySet<string>, budget: Budget) {
  const name = textOf(parameter.name)
  const place = textOf(parameter.in)
  const isRequired = parameter.required === true || place === 'path'
  if (place === 'header' && ownHeaders.has(name.toLowerCase())) return undefined
  if (place !== 'path' && place !== 'query' && place !== 'header')
    return isRequired ? `It needs ${name} in a ${place || 'nameless place'}.` : undefined
  if (name === '' || (place === 'header' && !/^[\w!#$%&'*+.^`|~-]{1,64}$/.test(name)))
    return isRequired ? 'It needs a parameter whose name cannot be sent.' : undefined

  const content = Object.entries(nodeOf(parameter.content))[0]
  if (content) return isRequired ? `It needs ${name} as ${content[0]} within the address.` : undefined
  const style = styleOf(place, textOf(parameter.style))
  if (!style) return isRequired ? `It needs ${name} in the style ${textOf(parameter.style)}.` : undefined
  const binding: ParameterBinding = {
    property: propertyFor(name, place, taken),
    name,
    in: place,
    style,
    isExploded: typeof parameter.explode === 'boolean' ? parameter.explode : style === 'form',
    isRequired,
  }
  const schema = toModelSchema(document, parameter.schema, budget)
  const words = plainWords(parameter.description, 400)
  return { binding, schema: words === '' ? schema : { ...schema, description: words } }
}

function styleOf(place: 'path' | 'query' | 'header', style: string): ParameterBinding['style'] | undefined {
  if (place !== 'query') return style === '' || style === 'simple' ? 'simple' : undefined
  if (style === '') return 'form'
  return (['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'] as const).find((one) => one === style)
}

function readBody(document: Node, operation: Node, taken: ReadonlySet<string>, budget: Budget) {
  if (operation.requestBody === undefined) return undefined
  const body = resolve(document, operation.requestBody)
  if (!isNode(body)) return 'It refers to a body outside of the document, which is not followed.'
  const isRequired = body.required === true
  const offered = Object.entries(nodeOf(body.content)).map(([contentType, media]) => ({
    contentType,
    media: nodeOf(media),
    kind: kindOf(contentType),
  }))
  for (const kind of ['json', 'form', 'multipart', 'text'] as const) {
    const chosen = offered.find((one) => one.kind === kind)
    if (!chosen) continue
    const schema =
      kind === 'multipart'
        ? withoutBytes(toModelSchema(document, chosen.media.schema, budget))
        : toModelSchema(document, chosen.media.schema, budget)
    if (!schema) continue
    const contentType = chosen.contentType.includes('*') ? 'application/json' : chosen.contentType
    const binding: BodyBinding = { property: propertyFor('body', 'body', taken), kind, contentType, isRequired }
    return { binding, schema: { ...schema, description: schema.description ?? plainWords(body.description, 400) } }
  }
  if (!isRequired && offered.length === 0) return undefined
  return isRequired
    ? `It needs a body of the kind ${offered.map((one) => one.contentType).join(', ') || 'that it does not name'}.`
    : undefined
}

function kindOf(contentType: string): BodyBinding['kind'] | undefined {
  const type = contentType.split(';', 1)[0]!.trim().toLowerCase()
  if (type === 'application/json' || type.endsWith('+json') || type === '*/*' || type === 'application/*') return 'json'
  if (type === 'application/x-www-form-urlencoded') return 'form'
  if (type === 'multipart/form-data') return 'multipart'
  return type === 'text/plain' ? 'text' : undefined
}

/** A file cannot be written down by a model: one that may be left out is left out, else there is nothing to offer. */
function withoutBytes(schema: JSONSchema7): JSONSchema7 | undefined {
  const files = Object.entries(schema.properties ?? {}).filter(([, part]) => (part as JSONSchema7).format === 'binary')
  if (files.some(([name]) => schema.required?.includes(name))) return undefined
  const names = new Set(files.map(([name]) => name))
  return { ...schema, properties: Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => !names.has(name))) }
}

/** Names that all providers take, each once. */
function propertyFor(name: string, place: string, taken: ReadonlySet<string>): string {
  const plain = name.replaceAll(/[^\w.-]+/g, '_').slice(0, 48) || place
  for (let number = 0; ; number++) {
    const property = number === 0 ? plain : number === 1 ? `${plain}_${place}` : `${plain}_${place}_${number}`
    if (!taken.has(property)) return property
  }
}

/** The same at every reading, and unique: a long name ends with a piece of its hash. */
function nameOf(text: string, names: Set<string>): string {
  const plain = text.replaceAll(/[^A-Za-z0-9]+/g, '_').replaceAll(/^_+|_+$/g, '') || 'operation'
  const short =
    plain.length <= maxNameLength
      ? plain
      : `${plain.slice(0, maxNameLength - 7)}_${createHash('sha256').update(text).digest('hex').slice(0, 6)}`
  let name = short
  for (let number = 2; names.has(name.toLowerCase()); number++) name = `${short.slice(0, maxNameLength - 5)}_${number}`
  names.add(name.toLowerCase())
  return name
}
