import type { ApiAuth } from '../../../contract/custom-tools.ts'
import { EgressError } from '../../platform/egress/index.ts'
import { buildRequest, RequestProblem } from '../../platform/openapi/index.ts'
import { createHider, type Hider, Secret } from '../../platform/vault/index.ts'
import { ToolFailure } from '../tools/index.ts'
import { openAuth } from './credentials.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import type { CustomToolRow, OperationRow } from './store.ts'

const maxBytes = 5 * 1024 * 1024
/** Of what an API says when it refuses. */
const maxRefusalLength = 4_000

export interface CallContext {
  signal: AbortSignal
}

/** One call of an API: its answer as it is, for a model. Errors: `ToolFailure`, in words for a model; `connection.address_forbidden`. */
export async function callApi(
  deps: Pick<CustomToolsDeps, 'vault' | 'egress' | 'tokens'>,
  tool: CustomToolRow,
  operation: OperationRow,
  args: Record<string, unknown>,
  { signal }: CallContext,
): Promise<string> {
  if (tool.configuration.kind !== 'http_api' || !operation.binding) throw new Error(`${tool.slug} is no API`)
  const { baseUrl } = tool.configuration
  const auth = openAuth(deps.vault, tool, baseUrl)
  const { url, method, headers, body } = build(operation.binding, baseUrl, args)
  const hider = createHider(secretsOf(auth))
  const send = async (isRefused: boolean) => {
    const signed = await sign(deps, tool.id, auth, { url, headers }, isRefused, hider)
    return deps.egress.fetch(
      signed.url,
      { method, body, signal, headers: { accept: 'application/json, text/*;q=0.9, */*;q=0.1', ...signed.headers } },
      { maxBytes, firstByteTimeoutMs: 30_000, isOnce: !operation.is_repeatable },
    )
  }
  try {
    let response = await send(false)
    // A token that was taken back too early: nothing was done, so that asking again does nothing twice.
    if (response.status === 401 && auth.kind === 'oauth_client_credentials') {
      await response.body?.cancel()
      response = await send(true)
    }
    return await read(response, hider)
  } catch (error) {
    if (error instanceof EgressError) throw new ToolFailure(`The API could not be asked: ${error.message}`)
    throw error
  }
}

function build(...args: Parameters<typeof buildRequest>): ReturnType<typeof buildRequest> {
  try {
    return buildRequest(...args)
  } catch (error) {
    if (error instanceof RequestProblem) throw new ToolFailure(error.message)
    throw error
  }
}

/** Comes last, so that no argument can stand in its place. */
async function sign(
  deps: Pick<CustomToolsDeps, 'tokens'>,
  toolId: string,
  auth: ApiAuth,
  request: { url: URL; headers: Record<string, string> },
  isRefused: boolean,
  hider: Hider,
): Promise<{ url: URL; headers: Record<string, string> }> {
  const url = new URL(request.url)
  const withHeader = (name: string, value: string) => ({
    url,
    headers: { ...Object.fromEntries(Object.entries(request.headers).filter(([other]) => other.toLowerCase() !== name)), [name]: value },
  })
  switch (auth.kind) {
    case 'none':
      return { url, headers: request.headers }
    case 'api_key':
      if (auth.in === 'header') return withHeader(auth.name.toLowerCase(), auth.value)
      url.searchParams.set(auth.name, auth.value)
      return { url, headers: request.headers }
    case 'bearer':
      return withHeader('authorization', `Bearer ${auth.token}`)
    case 'basic':
      return withHeader('authorization', `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`)
    case 'oauth_client_credentials': {
      const token = await deps.tokens.get(toolId, auth, isRefused)
      hider.learn('token', token)
      return withHeader('authorization', `Bearer ${token.reveal()}`)
    }
  }
}

/** What an API must not say to a model: some repeat the key that they were sent, in what they refuse or in what they tell of the request. */
function secretsOf(auth: ApiAuth): Record<string, Secret> {
  switch (auth.kind) {
    case 'none':
      return {}
    case 'api_key':
      return { 'key as it is sent': new Secret(encodeURIComponent(auth.value)), key: new Secret(auth.value) }
    case 'bearer':
      return { token: new Secret(auth.token) }
    case 'basic':
      return {
        password: new Secret(auth.password),
        credentials: new Secret(Buffer.from(`${auth.username}:${auth.password}`).toString('base64')),
      }
    case 'oauth_client_credentials':
      return { 'client secret': new Secret(auth.clientSecret) }
  }
}

async function read(response: Response, hider: Hider): Promise<string> {
  const type = (response.headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase()
  const bytes = Buffer.from(await response.arrayBuffer())
  const text = isText(type, bytes)
    ? hider.words(bytes.toString('utf8').trim())
    : `(${type || 'data of an unknown kind'}, ${bytes.length} bytes, which is not text)`
  if (response.status < 400) return `Status ${response.status}${type ? `, ${type}` : ''}\n\n${text || '(no content)'}`
  const said = text.length > maxRefusalLength ? `${text.slice(0, maxRefusalLength)}…` : text
  throw new ToolFailure(`The API answered with status ${response.status}.${said ? `\n\n${said}` : ''}`)
}

function isText(type: string, bytes: Buffer): boolean {
  if (/^text\/|json|xml|yaml|javascript|x-www-form-urlencoded|graphql|csv/.test(type)) return true
  return type === '' && !bytes.subarray(0, 1024).includes(0)
}
