import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import type { Caller } from '../auth/caller.ts'

export interface HttpEnv {
  Bindings: Partial<HttpBindings>
  Variables: {
    requestId: string
    /** Set by the door; the access log names it. */
    principalId?: string
    /** The contract's path (`/conversations/{id}`), so that logs and metrics hold no ids. */
    route?: string
    /** Why the request failed, for the access log. */
    errorCode?: string
  }
}

export type HttpContext = Context<HttpEnv>

/** What an operation's route may know of the request beside its input. */
export interface HttpRequest {
  readonly id: string
  /** The client's address as the socket saw it, or as the trusted proxies did. */
  readonly address: string | null
  readonly userAgent: string | null
  header(name: string): string | undefined
  /** Aborts when the client goes away. */
  readonly signal: AbortSignal
  appendResponseHeader(name: string, value: string): void
}

export function callerOf(c: HttpContext): Caller {
  return { method: c.req.method, isUpgrade: false, header: (name) => c.req.header(name) }
}

/**
 * Who sent the request. Each trusted proxy appends the address it saw to X-Forwarded-For, so with n of them the n-th from the right is the
 * client; what stands further left the client may have made up.
 */
export function addressOf(c: HttpContext, trustedProxies: number): string | null {
  const forwarded = trustedProxies > 0 ? c.req.header('x-forwarded-for')?.split(',').at(-trustedProxies)?.trim() : undefined
  return forwarded || (c.env?.incoming?.socket.remoteAddress ?? null)
}

export function requestOf(c: HttpContext, trustedProxies: number): HttpRequest {
  return {
    id: c.get('requestId'),
    address: addressOf(c, trustedProxies),
    userAgent: c.req.header('user-agent') ?? null,
    header: (name) => c.req.header(name),
    get signal() {
      return c.req.raw.signal
    },
    appendResponseHeader: (name, value) => c.header(name, value, { append: true }),
  }
}
