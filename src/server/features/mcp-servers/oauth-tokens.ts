import { setTimeout as pause } from 'node:timers/promises'
import type { AuthorizationServerMetadata, OAuthClientInformationMixed, OAuthTokens } from '@modelcontextprotocol/client'
import { McpFailure } from '../../platform/mcp/index.ts'
import { Secret } from '../../platform/vault/index.ts'
import type { McpDeps } from './mcp-deps.ts'
import { openCredential, sealCredential } from './secrets.ts'
import * as credentialStore from './credential-store.ts'
import type * as store from './store.ts'

/** All that it takes to call a server for a person and to renew that: one sealed value. */
export interface Grant {
  tokens: OAuthTokens
  issuer: string
  metadata: AuthorizationServerMetadata | undefined
  client: OAuthClientInformationMixed
  resource: string | undefined
  /** What was asked for. */
  scope?: string
}

interface Loaded {
  row: credentialStore.CredentialRow
  grant: Grant
  expiresAt: number
}

const renewTimeoutMs = 20_000
/** A token is renewed before it is over: by so much, and a little more that differs, so that many do not come at once. */
const aheadMs = 60_000
const jitterMs = 60_000
const justMs = 5_000

const noSignIn = () => new McpFailure('unauthorized', 'You have not signed in there yet.')
const signInAgain = 'The sign-in there is over; connect again.'

/** The token for each request; renewed by one at a time, in this process and in all. */
export function bearerOf(deps: McpDeps, server: store.ServerRow, userId: string) {
  const latestAhead = aheadMs + Math.random() * jitterMs
  let current: Loaded | undefined
  let renewedAt = 0

  async function load(): Promise<Loaded> {
    const row = await credentialStore.findCredential(deps.db, server, userId)
    if (!row || row.kind !== 'oauth') throw noSignIn()
    if (row.failure !== null) throw new McpFailure('unauthorized', row.failure)
    const grant = JSON.parse(openCredential(deps.vault, server, row).reveal()) as Grant
    current = { row, grant, expiresAt: row.expires_at?.getTime() ?? Number.POSITIVE_INFINITY }
    return current
  }

  async function renewed(spent: string): Promise<Grant> {
    const end = Date.now() + renewTimeoutMs
    while (Date.now() < end) {
      const { row, grant } = await load()
      // Somebody else has renewed it.
      if (grant.tokens.access_token !== spent) return grant
      if (await credentialStore.claimRenewal(deps.db, row.id, row.workspace_id)) return renew(deps, server, userId, row)
      await pause(100 + Math.random() * 100)
    }
    throw new McpFailure('timeout', 'The sign-in there could not be renewed in time.')
  }

  const once = singleFlight(`${server.id}:${userId}`, renewed)
  return {
    async token(): Promise<Secret> {
      const { grant, expiresAt } = current ?? (await load())
      // Of a token that lives for minutes only, a third of its life.
      const ahead = Math.min(latestAhead, ((grant.tokens.expires_in ?? Number.POSITIVE_INFINITY) * 1_000) / 3)
      if (expiresAt - ahead > Date.now() || !grant.tokens.refresh_token) return new Secret(grant.tokens.access_token)
      const fresh = await once(grant.tokens.access_token)
      await load()
      return new Secret(fresh.tokens.access_token)
    },
    async renew(): Promise<void> {
      // Calls that were refused together come here one after the other; the first has renewed it for all.
      if (Date.now() - renewedAt < justMs) return
      const { grant } = current ?? (await load())
      await once(grant.tokens.access_token)
      await load()
      renewedAt = Date.now()
    },
  }
}

const flights = new Map<string, Promise<Grant>>()

function singleFlight(key: string, renewed: (spent: string) => Promise<Grant>) {
  return (spent: string): Promise<Grant> => {
    const flying = flights.get(key)
    if (flying) return flying
    const flight = renewed(spent).finally(() => flights.delete(key))
    flights.set(key, flight)
    return flight
  }
}

/** The claim is ours. What a crash leaves behind is a claim that ends by itself. */
async function renew(deps: McpDeps, server: store.ServerRow, userId: string, claimed: credentialStore.CredentialRow): Promise<Grant> {
  try {
    // Read again: who held the claim before may have renewed it just now.
    const row = await credentialStore.findCredential(deps.db, server, userId)
    if (!row || row.id !== claimed.id) throw noSignIn()
    const grant = JSON.parse(openCredential(deps.vault, server, row).reveal()) as Grant
    const before = JSON.parse(openCredential(deps.vault, server, claimed).reveal()) as Grant
    if (grant.tokens.access_token !== before.tokens.access_token) {
      await credentialStore.releaseRenewal(deps.db, row.id, row.workspace_id)
      return grant
    }
    if (!grant.tokens.refresh_token) throw new McpFailure('unauthorized', signInAgain)
    const { refreshAuthorization } = await import('@modelcontextprotocol/client')
    const tokens = await refreshAuthorization(grant.issuer, {
      ...(grant.metadata && { metadata: grant.metadata }),
      clientInformation: grant.client,
      refreshToken: grant.tokens.refresh_token,
      ...(grant.resource !== undefined && { resource: grant.resource }),
      fetchFn: deps.egress.fetchFor({ totalTimeoutMs: renewTimeoutMs, maxBytes: 256 * 1024 }),
    })
    const next: Grant = { ...grant, tokens: { refresh_token: grant.tokens.refresh_token, ...tokens } }
    await credentialStore.renewCredential(deps.db, row, sealCredential(deps.vault, server, row.id, next), expiryOf(tokens))
    return next
  } catch (error) {
    await credentialStore.releaseRenewal(deps.db, claimed.id, claimed.workspace_id)
    // The authorisation server said no; everything else may pass.
    if (isRefusal(error)) throw new McpFailure('unauthorized', signInAgain, error)
    if (error instanceof McpFailure) throw error
    throw new McpFailure('unreachable', 'The sign-in there could not be renewed.', error)
  }
}

export function expiryOf({ expires_in }: OAuthTokens): Date | null {
  return expires_in === undefined ? null : new Date(Date.now() + expires_in * 1_000)
}

function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'invalid_grant' || code === 'invalid_client' || code === 'unauthorized_client'
}

/** What the person has given so far: to ask for more is to ask for all of it. */
export async function grantedScope(deps: McpDeps, server: store.ServerRow, userId: string): Promise<string | undefined> {
  const row = await credentialStore.findCredential(deps.db, server, userId)
  if (row?.kind !== 'oauth') return undefined
  const { tokens, scope } = JSON.parse(openCredential(deps.vault, server, row).reveal()) as Grant
  return tokens.scope ?? scope
}
