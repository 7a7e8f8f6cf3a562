import { type AppScope, appScopes } from '../../../contract/app-choices.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { AppDeps } from './apps-deps.ts'
import { findClient } from './find-client.ts'
import { isResource } from './own-address.ts'
import { isRegistered } from './redirect-address.ts'
import type { ClientRow } from './store.ts'

export interface AuthorizationRequest {
  client: ClientRow
  redirectUri: string
  state: string | null
  challenge: string
  scopes: AppScope[]
}

/** What somebody is offered who does not say what they want: everything but answering for the person. */
const usualScopes = appScopes.filter((scope) => scope !== 'tools:decide')

/**
 * Reads the address to which a program sent the person. What is wrong with it is told to the person and never sent on: anybody may register here, so a redirect without the
 * person's own word would be one to anywhere (RFC 9700, section 4.11.2).
 * Errors: `app.request_invalid`, `app.unreadable`.
 */
export async function readRequest(deps: Pick<AppDeps, 'db' | 'egress'>, origin: string, query: string): Promise<AuthorizationRequest> {
  const params = new URLSearchParams(query)
  const one = (name: string): string | null => {
    const values = params.getAll(name)
    if (values.length > 1) throw wrong(`${name} is given more than once.`)
    return values[0] ?? null
  }
  const clientId = one('client_id')
  if (!clientId) throw wrong('client_id is missing.')
  if (query.includes('%00')) throw wrong('It holds the character U+0000.')
  const client = await findClient(deps, clientId)
  const given = one('redirect_uri')
  const redirectUri = given ?? (client.redirect_uris.length === 1 ? client.redirect_uris[0]! : null)
  if (redirectUri === null) throw wrong('redirect_uri is missing.')
  if (!isRegistered(client.redirect_uris, redirectUri)) throw wrong('It wants its answer at an address that it has not registered.')
  if (one('response_type') !== 'code') throw wrong('response_type has to be code.')
  const challenge = one('code_challenge')
  if (challenge === null || !/^[A-Za-z0-9_-]{43}$/.test(challenge) || one('code_challenge_method') !== 'S256')
    throw wrong('It does not prove itself by PKCE with S256.')
  // A program may name several (RFC 8707); here there is one.
  const resources = params.getAll('resource')
  if (resources.length === 0 || !resources.every((resource) => isResource(origin, resource)))
    throw wrong(`The resource it names is not ${origin}/mcp.`)
  return { client, redirectUri, state: one('state'), challenge, scopes: scopesOf(one('scope')) }
}

function scopesOf(given: string | null): AppScope[] {
  const wanted = (given ?? '').split(' ').filter(Boolean)
  if (wanted.length === 0) return usualScopes
  const known = appScopes.filter((scope) => wanted.includes(scope))
  if (known.length === 0) throw wrong('None of what it wants to do is offered here.')
  return known
}

const wrong = (detail: string) => new AppError('app.request_invalid', { detail })
