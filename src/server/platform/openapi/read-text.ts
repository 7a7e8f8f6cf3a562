import type { ApiDescription, DescriptionReply, SecuritySuggestion } from './description.ts'
import { isNode, listOf, type Node, nodeOf, parseText, plainWords, resolve, textOf } from './document.ts'
import { readOperations } from './operations.ts'

const maxServers = 20

/** Reads a description. Runs in a thread of its own: what is given may be made to take forever. */
export function readText(text: string, baseUrl: string | null): DescriptionReply {
  let document: unknown
  try {
    document = parseText(text)
  } catch (error) {
    return { refused: 'unreadable', detail: error instanceof Error ? plainWords(error.message, 300) : '' }
  }
  if (!isNode(document)) return { refused: 'not_openapi' }
  const version = textOf(document.openapi)
  if (version === '')
    return 'swagger' in document
      ? { refused: 'unsupported_version', detail: `Swagger ${String(document.swagger)}` }
      : { refused: 'not_openapi' }
  if (!/^3\.[01]\./.test(`${version}.`)) return { refused: 'unsupported_version', detail: `OpenAPI ${plainWords(version, 20)}` }
  const operations = readOperations(document)
  if (operations.length === 0) return { refused: 'empty' }
  const info = nodeOf(document.info)
  const description: ApiDescription = {
    title: plainWords(info.title, 100),
    description: plainWords(info.summary ?? info.description, 500),
    version: plainWords(info.version, 50),
    servers: serversOf(document, baseUrl),
    security: securityOf(document, baseUrl),
    operations,
  }
  return { description }
}

function serversOf(document: Node, baseUrl: string | null): string[] {
  const urls = listOf(document.servers)
    .slice(0, maxServers)
    .map((server) => {
      const { url, variables } = nodeOf(server)
      return textOf(url).replaceAll(/\{([^}]*)\}/g, (whole, name: string) => textOf(nodeOf(nodeOf(variables)[name]).default) || whole)
    })
  return [...new Set((urls.length > 0 ? urls : ['/']).flatMap((url) => absolute(url, baseUrl) ?? []))]
}

function securityOf(document: Node, baseUrl: string | null): SecuritySuggestion[] {
  return Object.values(nodeOf(nodeOf(document.components).securitySchemes)).flatMap((value): SecuritySuggestion[] => {
    const scheme = nodeOf(resolve(document, value))
    const type = textOf(scheme.type)
    const place = textOf(scheme.in)
    if (type === 'apiKey' && (place === 'header' || place === 'query'))
      return [{ kind: 'api_key', in: place, name: plainWords(scheme.name, 64) }]
    if (type === 'http' && textOf(scheme.scheme).toLowerCase() === 'bearer') return [{ kind: 'bearer' }]
    if (type === 'http' && textOf(scheme.scheme).toLowerCase() === 'basic') return [{ kind: 'basic', username: '' }]
    const flow = nodeOf(nodeOf(scheme.flows).clientCredentials)
    const tokenUrl = absolute(textOf(flow.tokenUrl), baseUrl)
    if (type === 'oauth2' && textOf(flow.tokenUrl) !== '' && tokenUrl)
      return [
        { kind: 'oauth_client_credentials', tokenUrl, clientId: '', scope: plainWords(Object.keys(nodeOf(flow.scopes)).join(' '), 500) },
      ]
    return []
  })
}

/** Undefined for what is no address of the web, alone or together with that of the document. */
function absolute(url: string, baseUrl: string | null): string | undefined {
  const made = URL.parse(url, baseUrl ?? undefined)
  return made && (made.protocol === 'http:' || made.protocol === 'https:') ? made.href.replace(/\/$/, '') : undefined
}
