import type { MiddlewareHandler } from 'hono'
import { newId } from '../ids.ts'
import type { Logger } from '../telemetry/index.ts'
import type { HttpEnv } from './request.ts'

export interface FinishedRequest {
  method: string
  /** The contract's path, or the kind of thing that was served; never an address with ids or a query in it. */
  route: string
  status: number
  durationMs: number
}

/** Gives the request its id, and writes one line when it is answered: no query, no header, no body, so nothing secret. */
export function accessLog(log: Logger, onFinished: (request: FinishedRequest) => void = () => {}): MiddlewareHandler<HttpEnv> {
  return async (c, next) => {
    const startedAt = performance.now()
    const requestId = newId()
    c.set('requestId', requestId)
    c.header('x-request-id', requestId)
    await next()
    const durationMs = Math.round((performance.now() - startedAt) * 10) / 10
    const route = c.get('route') ?? 'other'
    const finished = { method: c.req.method, route, status: c.res.status, durationMs }
    onFinished(finished)
    const level = route === 'static' || route === 'health' ? 'debug' : 'info'
    log[level]({ requestId, ...finished, principalId: c.get('principalId'), code: c.get('errorCode') }, 'request')
  }
}
