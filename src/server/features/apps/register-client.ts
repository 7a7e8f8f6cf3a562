import { z } from 'zod'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import type { AppDeps } from './apps-deps.ts'
import { nameOf } from './find-client.ts'
import { describeRedirect, isAllowedRedirect } from './redirect-address.ts'
import * as store from './store.ts'

const Registration = z.object({
  client_name: z.string().max(500).optional(),
  redirect_uris: z.array(z.string().max(2_000)).min(1).max(20),
  grant_types: z.array(z.string()).optional(),
  response_types: z.array(z.string()).optional(),
})

/** As RFC 7591, section 3.2.1, names it. */
export interface RegisteredClient {
  client_id: string
  client_id_issued_at: number
  client_name: string
  redirect_uris: string[]
  grant_types: string[]
  response_types: string[]
  token_endpoint_auth_method: 'none'
}

/**
 * A program registers itself, whoever it is: that gives it an id to ask people with and nothing else. All are public: what is given to everybody is no secret.
 * Errors: `app.client_invalid`, `request.rate_limited`.
 */
export async function registerClient(
  deps: Pick<AppDeps, 'db' | 'limit'>,
  address: string | null,
  said: unknown,
): Promise<RegisteredClient> {
  const read = Registration.safeParse(said)
  if (!read.success) throw new AppError('app.client_invalid', { detail: z.prettifyError(read.error) })
  const { redirect_uris: redirectUris, grant_types: grants = [], response_types: responses = [] } = read.data
  const forbidden = redirectUris.find((one) => !isAllowedRedirect(one))
  if (forbidden !== undefined)
    throw new AppError('app.client_invalid', {
      detail: `${forbidden.slice(0, 200)} is no address to return to: https, http on the device itself, or a scheme of its own.`,
    })
  if (grants.length > 0 && !grants.includes('authorization_code'))
    throw new AppError('app.client_invalid', { detail: 'grant_types has to hold authorization_code.' })
  if (responses.length > 0 && !responses.includes('code'))
    throw new AppError('app.client_invalid', { detail: 'response_types has to hold code.' })
  await deps.limit('app-registration', address)
  const { returnsTo } = describeRedirect(redirectUris[0]!)
  const client = await store.putClient(deps.db, {
    clientId: newId(),
    kind: 'registered',
    name: nameOf(read.data.client_name, returnsTo),
    redirectUris: [...new Set(redirectUris)],
  })
  return {
    client_id: client.client_id,
    client_id_issued_at: Math.floor(client.created_at.getTime() / 1000),
    client_name: client.name,
    redirect_uris: client.redirect_uris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  }
}
