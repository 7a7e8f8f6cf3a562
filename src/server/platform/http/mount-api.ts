import { promisify } from 'node:util'
import { constants, gzip } from 'node:zlib'
import { isContractProcedure, type AnyContractProcedure } from '@orpc/contract'
import { Hono } from 'hono'
import type { Door } from '../auth/door.ts'
import { AppError } from '../errors/index.ts'
import type { Logger } from '../telemetry/index.ts'
import type { Served } from './endpoint.ts'
import { problemResponse, toProblem } from './problem.ts'
import { readInput } from './read-input.ts'
import { callerOf, requestOf, type HttpContext, type HttpEnv } from './request.ts'

export interface ApiOptions {
  door: Door
  log: Logger
  maxBodyBytes: number
  trustedProxies: number
}

type RouteTree = Served | { [name: string]: RouteTree }

const compress = promisify(gzip)
const worthCompressing = 2048

/** All endpoints of the tree as one Hono app, to be mounted under a prefix. A known path with another method answers 405 and names the right ones. */
export function mountApi(routes: object, options: ApiOptions): Hono<HttpEnv> {
  const api = new Hono<HttpEnv>()
  const methods = new Map<string, string[]>()
  for (const served of flatten(routes as RouteTree)) {
    const { method = 'POST', path = '/' } = served.endpoint['~orpc'].route
    const pattern = path.replaceAll(/\{(\w+)\}/g, ':$1')
    api.on(method, pattern, (c) => respond(c, served, path, options))
    methods.set(pattern, [...(methods.get(pattern) ?? []), method])
  }
  for (const [pattern, allowed] of methods) {
    api.all(pattern, (c) => {
      c.header('allow', allowed.join(', '))
      return fail(c, new AppError('request.method_not_allowed', { detail: `It takes ${allowed.join(', ')}.` }), options.log)
    })
  }
  return api
}

function* flatten(routes: RouteTree): Generator<Served> {
  if (isServed(routes)) yield routes
  else for (const inner of Object.values(routes)) yield* flatten(inner)
}

function isServed(routes: RouteTree): routes is Served {
  return 'endpoint' in routes && isContractProcedure(routes.endpoint)
}

async function respond(c: HttpContext, served: Served, route: string, options: ApiOptions): Promise<Response> {
  c.set('route', route)
  try {
    const { handler, endpoint } = served
    const limit = served.maxBodyBytes ?? options.maxBodyBytes
    if (handler.kind === 'anyone') {
      options.door.refuseCrossSite(callerOf(c))
      return await answer(c, endpoint, await handler.run(await readInput(c, endpoint, limit), requestOf(c, options.trustedProxies)))
    }
    const actor = await options.door.authenticate(callerOf(c))
    c.set('principalId', actor.principalId)
    const input = await readInput(c, endpoint, limit)
    if (handler.kind === 'raw') return await handler.run(c, actor, input)
    return await answer(c, endpoint, await handler.run(actor, input, requestOf(c, options.trustedProxies)))
  } catch (error) {
    return fail(c, error, options.log)
  }
}

async function answer(c: HttpContext, endpoint: AnyContractProcedure, output: unknown): Promise<Response> {
  const { outputSchema, route } = endpoint['~orpc']
  let value = output
  if (outputSchema) {
    const pending = outputSchema['~standard'].validate(output)
    const result = pending instanceof Promise ? await pending : pending
    if (result.issues) throw new Error(`${route.method} ${route.path}: the output breaks the contract: ${JSON.stringify(result.issues)}`)
    value = result.value
  }
  const body = JSON.stringify(value)
  c.status((route.successStatus ?? 200) as 200)
  c.header('content-type', 'application/json')
  c.header('cache-control', 'no-store')
  if (body.length < worthCompressing || !/\bgzip\b/.test(c.req.header('accept-encoding') ?? '')) return c.body(body)
  c.header('content-encoding', 'gzip')
  c.header('vary', 'accept-encoding', { append: true })
  return c.body(new Uint8Array(await compress(body, { level: constants.Z_BEST_SPEED })))
}

/** Any error as the response it is owed. Headers already set on the context (request id, security) are kept. */
export function fail(c: HttpContext, error: unknown, log: Logger): Response {
  const problem = toProblem(error, c.get('requestId'), log)
  c.set('errorCode', problem.code)
  const response = problemResponse(problem)
  for (const [name, value] of response.headers) c.header(name, value)
  return c.body(JSON.stringify(problem), problem.status as 500)
}
