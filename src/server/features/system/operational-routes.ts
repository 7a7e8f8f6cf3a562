import { Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import { may } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { callerOf, fail, type HttpContext, type HttpEnv } from '../../platform/http/index.ts'
import { metricsContentType } from '../../platform/telemetry/index.ts'

export interface OperationalDeps extends Pick<Deps, 'database' | 'door' | 'log' | 'metrics' | 'config'> {
  /** False before the start is complete and once the server is stopping. */
  isReady(): boolean
}

/**
 * For whoever runs the server. `/health`: this process can serve a request now. `/ready`: send it requests, which it asks not to get while it
 * starts and stops. `/metrics`: from this machine, or with the key of an administrator.
 */
export function operationalRoutes(deps: OperationalDeps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>()
  routes.get('/health', (c) => answer(c, deps, async () => c.json({ status: 'ok' })))
  routes.get('/ready', (c) =>
    answer(c, deps, async () => {
      if (!deps.isReady()) throw new AppError('server.stopping')
      return c.json({ status: 'ready' })
    }),
  )
  routes.get('/metrics', async (c) => {
    c.set('route', 'metrics')
    try {
      if (!isLoopback(c) || deps.config.http.trustedProxies > 0) {
        const actor = await deps.door.authenticate(callerOf(c))
        if (!may(actor, 'system', 'read', 'system')) throw new AppError('auth.forbidden')
      }
      return c.body(deps.metrics.render(), 200, { 'content-type': metricsContentType })
    } catch (error) {
      return fail(c, error, deps.log)
    }
  })
  return routes
}

async function answer(c: HttpContext, deps: OperationalDeps, respond: () => Promise<Response>): Promise<Response> {
  c.set('route', 'health')
  c.header('cache-control', 'no-store')
  try {
    await deps.database.ping()
    return await respond()
  } catch (error) {
    return fail(c, error, deps.log)
  }
}

/** A proxy on this machine makes everybody look local, and says so by its header. */
function isLoopback(c: HttpContext): boolean {
  const address = c.env?.incoming?.socket.remoteAddress
  return (address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1') && c.req.header('x-forwarded-for') === undefined
}
