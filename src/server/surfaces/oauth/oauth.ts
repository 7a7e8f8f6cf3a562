import { Hono } from 'hono'
import { appScopes } from '../../../contract/app-choices.ts'
import type { ErrorCode } from '../../../contract/errors.ts'
import {
  type AppDeps,
  isResource,
  ownOrigin,
  redeemCode,
  refreshTokens,
  registerClient,
  resourceOf,
  revokeToken,
} from '../../features/apps/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import {
  addressOf,
  type HttpContext,
  type HttpEnv,
  networkOf,
  readBody,
  readBytes,
  toProblem,
  WindowCounter,
} from '../../platform/http/index.ts'

const maxBodyBytes = 32 * 1024
/** Wrong codes and tokens from one network in a minute. There is nothing to guess; each costs a look-up. */
const maxFailures = 60

/** The codes of RFC 6749, 7009, 7591 and 8707; what is not named is `invalid_request`. */
const codes: Partial<Record<ErrorCode, string>> = {
  'app.grant_invalid': 'invalid_grant',
  'app.client_unknown': 'invalid_client',
  'app.client_invalid': 'invalid_client_metadata',
  'app.target_invalid': 'invalid_target',
  'app.grant_unsupported': 'unsupported_grant_type',
  'request.rate_limited': 'temporarily_unavailable',
  internal: 'server_error',
}

/**
 * OAuth 2.1 for `/mcp`: what a program asks before and after the person has decided. That itself is a page of the web app, at `/oauth/authorize`. Nothing here knows a cookie.
 */
export function oauthSurface(deps: AppDeps): Hono<HttpEnv> {
  const surface = new Hono<HttpEnv>()
  const { http } = deps.config
  const failures = new WindowCounter({ limit: maxFailures, windowMs: 60_000 })
  const originOf = (c: HttpContext) => ownOrigin(http, c.req.header('host'))

  const described = (path: string, describe: (origin: string) => object) =>
    surface.get(path, (c) => {
      c.set('route', path)
      return c.json(describe(originOf(c)))
    })
  described('/.well-known/oauth-protected-resource', resourceMetadata)
  described('/.well-known/oauth-protected-resource/mcp', resourceMetadata)
  described('/.well-known/oauth-authorization-server', serverMetadata)

  surface.post('/oauth/register', (c) =>
    answered(c, deps, async () => {
      const body = await readBody(c, maxBodyBytes)
      return c.json(await registerClient(deps, addressOf(c, http.trustedProxies), body), 201)
    }),
  )

  surface.post('/oauth/token', (c) =>
    answered(c, deps, async () => {
      const network = networkOf(addressOf(c, http.trustedProxies) ?? '')
      const wait = failures.waitSeconds(network)
      if (wait > 0) throw new AppError('request.rate_limited', { retryAfterSeconds: wait })
      const form = await readForm(c)
      const clientId = form.get('client_id')
      if (!clientId) throw new AppError('app.client_unknown', { detail: 'client_id is missing.' })
      const resource = form.get('resource')
      if (resource !== null && !isResource(originOf(c), resource)) throw new AppError('app.target_invalid')
      try {
        switch (form.get('grant_type')) {
          case 'authorization_code': {
            const code = required(form, 'code')
            return c.json(
              await redeemCode(deps, { clientId, code, verifier: required(form, 'code_verifier'), redirectUri: form.get('redirect_uri') }),
            )
          }
          case 'refresh_token':
            return c.json(await refreshTokens(deps, { clientId, refreshToken: required(form, 'refresh_token') }))
          default:
            throw new AppError('app.grant_unsupported')
        }
      } catch (error) {
        if (error instanceof AppError && error.code === 'app.grant_invalid') failures.add(network)
        throw error
      }
    }),
  )

  surface.post('/oauth/revoke', (c) =>
    answered(c, deps, async () => {
      const form = await readForm(c)
      await revokeToken(deps, { clientId: required(form, 'client_id'), token: required(form, 'token') })
      return c.json({})
    }),
  )
  return surface
}

/** RFC 9728. */
function resourceMetadata(origin: string) {
  return {
    resource: resourceOf(origin),
    authorization_servers: [origin],
    scopes_supported: appScopes,
    bearer_methods_supported: ['header'],
    resource_name: 'Parley',
  }
}

/** RFC 8414. */
function serverMetadata(origin: string) {
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/oauth/authorize`,
    token_endpoint: `${origin}/oauth/token`,
    registration_endpoint: `${origin}/oauth/register`,
    revocation_endpoint: `${origin}/oauth/revoke`,
    scopes_supported: appScopes,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
    token_endpoint_auth_methods_supported: ['none'],
    revocation_endpoint_auth_methods_supported: ['none'],
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
  }
}

async function readForm(c: HttpContext): Promise<URLSearchParams> {
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(c.req.header('content-type') ?? ''))
    throw new AppError('request.malformed', { detail: 'The body has to be application/x-www-form-urlencoded.' })
  const form = new URLSearchParams((await readBytes(c, maxBodyBytes)).toString('utf8'))
  const twice = [...new Set(form.keys())].find((name) => name !== 'resource' && form.getAll(name).length > 1)
  if (twice !== undefined) throw new AppError('request.malformed', { detail: `${twice.slice(0, 50)} is given more than once.` })
  return form
}

function required(form: URLSearchParams, name: string): string {
  const value = form.get(name)
  if (!value) throw new AppError('request.malformed', { detail: `${name} is missing.` })
  return value
}

async function answered(c: HttpContext, { log }: AppDeps, work: () => Promise<Response>): Promise<Response> {
  c.set('route', c.req.path)
  c.header('cache-control', 'no-store')
  try {
    return await work()
  } catch (error) {
    const problem = toProblem(error, c.get('requestId'), log)
    c.set('errorCode', problem.code)
    if (problem.retryAfterSeconds !== undefined) c.header('retry-after', String(Math.ceil(problem.retryAfterSeconds)))
    const words = [problem.title, problem.detail].filter(Boolean).join(' ')
    // The characters that RFC 6749, section 5.2, allows there.
    const description = words.replaceAll(/[^\x20\x21\x23-\x5b\x5d-\x7e]+/g, ' ')
    return c.json({ error: codes[problem.code] ?? 'invalid_request', error_description: description }, problem.status as 400)
  }
}
