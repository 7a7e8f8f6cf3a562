import { createHash, randomBytes } from 'node:crypto'
import type { AuthorizationServerMetadata, OAuthClientInformationMixed } from '@modelcontextprotocol/client'
import type { mcpServers as contract } from '../../../contract/mcp-servers.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf, OutputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import { plainWords } from '../../platform/mcp/index.ts'
import { requireServer } from './access.ts'
import { announceCredential } from './announce-change.ts'
import type { McpDeps } from './mcp-deps.ts'
import { expiryOf, type Grant, grantedScope } from './oauth-tokens.ts'
import { presentServer } from './present.ts'
import { openFor, sealClient, sealCredential, sealFor } from './secrets.ts'
import * as credentialStore from './credential-store.ts'
import * as store from './store.ts'

/** What is kept between leaving and coming back. */
interface Leaving extends Omit<Grant, 'tokens'> {
  verifier: string
}

interface KnownClient {
  /** Null: given by hand, and not used yet. What is given is for the first authorisation server that is met, and for no other. */
  issuer: string | null
  /** Null: given by hand. */
  redirectUrl: string | null
  client: OAuthClientInformationMixed
}

const stepTimeoutMs = 20_000
const leaveMs = 10 * 60_000

export const callbackPath = '/settings/tool-servers/signed-in'
const hashOf = (state: string) => createHash('sha256').update(state).digest()
const fetchOf = ({ egress }: McpDeps) => egress.fetchFor({ totalTimeoutMs: stepTimeoutMs, maxBytes: 256 * 1024 })

/** Finds out where people sign in (RFC 9728, 8414), registers us there once (RFC 7591), and begins with PKCE. The state is bound to the person's session. */
export async function authorize(deps: McpDeps, actor: Actor, id: string): Promise<OutputOf<typeof contract.authorize>> {
  const server = await requireServer(deps.db, actor, 'use', id)
  if (server.credentials !== 'oauth') throw new AppError('mcp-server.no_credential')
  const sessionId = actor.sessionId
  if (sessionId === null) throw new AppError('mcp-server.sign_in_failed', { detail: 'It needs a browser in which you are signed in.' })
  const wanted = await deps.wantedScope(actor.principalId, server.workspace_id, server.id)
  const granted = await grantedScope(deps, server, actor.principalId)
  const { url, leaving, state } = await orRefusal(() => begin(deps, server, { wanted, granted }))
  const authorizationId = newId()
  await deps.db.transaction().execute((tx) =>
    credentialStore.insertAuthorization(tx, {
      id: authorizationId,
      workspace_id: server.workspace_id,
      server_id: server.id,
      user_id: actor.principalId,
      state_hash: hashOf(state),
      session_id: sessionId,
      sealed: sealFor(deps.vault, server, 'mcp_authorization', 'sealed', authorizationId, leaving),
      expires_at: new Date(Date.now() + leaveMs),
    }),
  )
  return { url }
}

async function begin(
  deps: McpDeps,
  server: store.ServerRow,
  { wanted, granted }: { wanted: string | null; granted: string | undefined },
): Promise<{ url: string; leaving: Leaving; state: string }> {
  const sdk = await import('@modelcontextprotocol/client')
  const fetchFn = fetchOf(deps)
  const challenge = await challengeOf(deps, server)
  const info = await sdk.discoverOAuthServerInfo(server.url!, {
    ...(challenge.resourceMetadataUrl && { resourceMetadataUrl: challenge.resourceMetadataUrl }),
    fetchFn,
  })
  const issuer = info.authorizationServerUrl
  const metadata = info.authorizationServerMetadata
  const selected = await sdk.selectResourceURL(server.url!, {} as never, info.resourceMetadata)
  // As it is published: a reader of addresses adds a stroke where there was none.
  const resource = selected && (info.resourceMetadata?.resource ?? selected.href)
  const usual = challenge.scope ?? info.resourceMetadata?.scopes_supported?.join(' ')
  const scope = scopeOf([usual, ...(wanted === null ? [] : [granted, wanted])], metadata)
  const redirectUrl = deps.baseUrl + callbackPath
  const client = await clientOf(deps, server, { issuer, metadata, redirectUrl, scope })
  const state = randomBytes(32).toString('base64url')
  const { authorizationUrl, codeVerifier } = await sdk.startAuthorization(issuer, {
    ...(metadata && { metadata }),
    clientInformation: client,
    redirectUrl,
    state,
    ...(scope && { scope }),
    ...(resource && { resource }),
  })
  // It is opened in the person's browser: nothing but an address of the web.
  if (!['https:', 'http:'].includes(authorizationUrl.protocol)) throw new Error('the address of the sign-in is none of the web')
  return {
    url: authorizationUrl.href,
    state,
    leaving: { issuer, metadata, client, resource, ...(scope && { scope }), verifier: codeVerifier },
  }
}

/** What it asks for, what a call was refused for, and leave to renew it where that is a scope of its own. */
function scopeOf(asked: readonly (string | undefined)[], metadata: AuthorizationServerMetadata | undefined): string | undefined {
  const scopes = new Set(asked.flatMap((one) => one?.split(' ') ?? []).filter(Boolean))
  if (scopes.size === 0) return undefined
  if (metadata?.scopes_supported?.includes('offline_access')) scopes.add('offline_access')
  return [...scopes].join(' ')
}

/** What the server says where nobody says who they are. */
async function challengeOf(deps: McpDeps, server: store.ServerRow): Promise<{ resourceMetadataUrl?: URL; scope?: string }> {
  const { extractWWWAuthenticateParams } = await import('@modelcontextprotocol/client')
  const response = await fetchOf(deps)(server.url!, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' }),
  })
  await response.body?.cancel()
  const { resourceMetadataUrl, scope } = response.headers.has('www-authenticate') ? extractWWWAuthenticateParams(response) : {}
  return { ...(resourceMetadataUrl && { resourceMetadataUrl }), ...(scope && { scope }) }
}

/** Ours there, registered at the first sign-in of anybody in the workspace. */
async function clientOf(
  deps: McpDeps,
  server: store.ServerRow,
  at: { issuer: string; metadata: AuthorizationServerMetadata | undefined; redirectUrl: string; scope: string | undefined },
): Promise<OAuthClientInformationMixed> {
  const known =
    server.sealed_client && (openFor(deps.vault, server, 'mcp_server', 'sealed_client', server.id, server.sealed_client) as KnownClient)
  if (known?.redirectUrl === null) {
    if (known.issuer !== null && known.issuer !== at.issuer)
      throw new Error('People sign in at another place now, at which the given client is not registered.')
    if (known.issuer === null) await keepClient(deps, server, { ...known, issuer: at.issuer })
    return known.client
  }
  if (known && known.issuer === at.issuer && known.redirectUrl === at.redirectUrl) return known.client
  const { registerClient } = await import('@modelcontextprotocol/client')
  const client = await registerClient(at.issuer, {
    ...(at.metadata && { metadata: at.metadata }),
    clientMetadata: {
      client_name: 'Parley',
      redirect_uris: [at.redirectUrl],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      // Programs on the person's own machine are told from servers of the web by where they are sent back to.
      application_type: isLoopback(at.redirectUrl) ? 'native' : 'web',
      token_endpoint_auth_method: 'none',
      ...(at.scope && { scope: at.scope }),
    },
    fetchFn: fetchOf(deps),
  })
  await keepClient(deps, server, { issuer: at.issuer, redirectUrl: at.redirectUrl, client })
  return client
}

async function keepClient(deps: McpDeps, server: store.ServerRow, kept: KnownClient): Promise<void> {
  await deps.db.transaction().execute((tx) => store.updateServer(tx, server, { sealed_client: sealClient(deps.vault, server, kept) }))
}

function isLoopback(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
}

export async function finishAuthorization(
  deps: McpDeps,
  actor: Actor,
  { state, code, iss, error }: InputOf<typeof contract.finishAuthorization>,
): Promise<OutputOf<typeof contract.finishAuthorization>> {
  check(actor, 'mcp-server', 'use', 'own')
  const taken =
    actor.sessionId === null
      ? undefined
      : await credentialStore.takeAuthorization(deps.db, hashOf(state), actor.principalId, actor.sessionId)
  if (!taken) throw new AppError('mcp-server.sign_in_expired')
  const server = await requireServer(deps.db, actor, 'use', taken.server_id)
  if (code === undefined)
    throw new AppError('mcp-server.sign_in_failed', {
      detail: error ? `The server said: ${plainWords(error, 100)}.` : 'It was not finished.',
    })
  const { verifier, ...leaving } = openFor(deps.vault, server, 'mcp_authorization', 'sealed', taken.id, taken.sealed) as Leaving
  const tokens = await orRefusal(async () => {
    const { exchangeAuthorization } = await import('@modelcontextprotocol/client')
    return exchangeAuthorization(leaving.issuer, {
      ...(leaving.metadata && { metadata: leaving.metadata }),
      clientInformation: leaving.client,
      authorizationCode: code,
      ...(iss !== undefined && { iss }),
      codeVerifier: verifier,
      redirectUri: deps.baseUrl + callbackPath,
      ...(leaving.resource !== undefined && { resource: leaving.resource }),
      fetchFn: fetchOf(deps),
    })
  })
  const credentialId = newId()
  const grant: Grant = { ...leaving, tokens }
  await credentialStore.saveCredential(deps.db, {
    id: credentialId,
    workspace_id: server.workspace_id,
    server_id: server.id,
    user_id: actor.principalId,
    kind: 'oauth',
    sealed: sealCredential(deps.vault, server, credentialId, grant),
    expires_at: expiryOf(tokens),
    failure: null,
  })
  await deps.dropEverywhere(`${server.id}:${actor.principalId}`)
  await announceCredential(deps, actor, server)
  return presentServer(actor, await requireServer(deps.db, actor, 'use', server.id))
}

/** Whatever another server did wrong is no fault of this one. */
async function orRefusal<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof AppError && error.code !== 'connection.address_forbidden') throw error
    throw new AppError('mcp-server.sign_in_failed', { detail: plainWords(error instanceof Error ? error.message : '', 300), cause: error })
  }
}
