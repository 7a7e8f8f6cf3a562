import type { Dispatcher } from 'undici'
import Agent from 'undici/lib/dispatcher/agent.js'
import { AppError } from '../errors/index.ts'
import { createAddressPolicy } from './address-policy.ts'
import { addressForbidden, createConnector, pinAddress, resolveBySystem, type Resolve } from './connector.ts'
import { decoded } from './content-encoding.ts'
import { EgressError } from './egress-error.ts'
import { exchange, type Outgoing } from './exchange.ts'
import { redirected } from './redirect.ts'

export { EgressError, findEgressFailure, type EgressFailure } from './egress-error.ts'
export type { Resolve, ResolvedAddress } from './connector.ts'

/** Bounds of one request. */
export interface EgressLimits {
  /** Loopback and private networks may be called: the base URL came from an administrator. Holds for the first origin, not for where it redirects to. */
  allowsPrivateAddress?: boolean
  /** Of the answer, decompressed. */
  maxBytes?: number
  /** Until the answer's headers have come. */
  firstByteTimeoutMs?: number
  /** Between two pieces of the answer. */
  idleTimeoutMs?: number
  /** For everything, the answer's end included. None by default: an answer may stream for long. */
  totalTimeoutMs?: number
  /** 0 hands a redirect to the caller as it came. */
  maxRedirects?: number
  /** It must not go out twice: it keeps no connection that the next one could find closed, and is never repeated. */
  isOnce?: boolean
}

/**
 * The only HTTP client for outgoing requests. Addresses are checked and pinned where the connection is opened, again for each redirect.
 * Throws `AppError('connection.address_forbidden')` for what it may not call, `EgressError` for what failed, and the signal's reason when aborted;
 * an answer's body errors with the same.
 */
export interface Egress {
  fetch(input: string | URL | Request, init?: RequestInit, limits?: EgressLimits): Promise<Response>
  /** The same with fixed limits, in the shape of the global `fetch`. */
  fetchFor(limits: EgressLimits): typeof globalThis.fetch
  /** The address of a host that may be connected to, for databases. Errors: `connection.address_forbidden`, `EgressError`. */
  pin(hostname: string): Promise<string>
  /** Ends open requests and connections. */
  close(): Promise<void>
}

export interface EgressOptions {
  /** What an administrator permits beside the public internet: host names, `*.suffixes`, addresses, networks in CIDR form. */
  allow: readonly string[]
  resolve?: Resolve
  connectTimeoutMs?: number
  userAgent?: string
}

const defaults = {
  maxBytes: 64 * 1024 * 1024,
  firstByteTimeoutMs: 60_000,
  idleTimeoutMs: 60_000,
  maxRedirects: 5,
}

/** After one kept connection that turned out dead the next may be a dead one too. */
const maxAttempts = 4

export function createEgress(options: EgressOptions): Egress {
  const policy = createAddressPolicy(options.allow)
  const openPool = (isPrivatePermitted: boolean) =>
    new Agent({
      connect: createConnector(policy, isPrivatePermitted, options.resolve ?? resolveBySystem, options.connectTimeoutMs ?? 10_000),
      keepAliveTimeout: 15_000,
      allowH2: false,
    })
  // Two pools, so that a connection opened with the permission is never given to a request without it.
  const publicPool = openPool(false)
  const privatePool = openPool(true)

  async function fetch(input: string | URL | Request, init: RequestInit = {}, limits: EgressLimits = {}): Promise<Response> {
    const bounds = {
      maxBytes: limits.maxBytes ?? defaults.maxBytes,
      firstByteTimeoutMs: limits.firstByteTimeoutMs ?? defaults.firstByteTimeoutMs,
      idleTimeoutMs: limits.idleTimeoutMs ?? defaults.idleTimeoutMs,
      totalTimeoutMs: limits.totalTimeoutMs ?? null,
      keepsConnection: limits.isOnce !== true,
    }
    const maxRedirects = init.redirect === 'manual' ? 0 : (limits.maxRedirects ?? defaults.maxRedirects)
    const first = await toOutgoing(input, init, options.userAgent ?? 'Parley')
    let request = first
    for (let redirects = 0; ; redirects++) {
      checkUrl(request.url)
      request.signal?.throwIfAborted()
      const isPrivatePermitted = limits.allowsPrivateAddress === true && request.url.origin === first.url.origin
      const answer = await exchangeOnce(isPrivatePermitted ? privatePool : publicPool, request)
      const next = maxRedirects > 0 ? redirected(request, answer.status, answer.headers.get('location')) : null
      if (!next) return toResponse(answer, request, redirects > 0)
      void answer.body.cancel()
      if (redirects >= maxRedirects) throw new EgressError('too-many-redirects')
      request = next
    }

    async function exchangeOnce(pool: Dispatcher, outgoing: Outgoing) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await exchange(pool, outgoing, bounds)
        } catch (error) {
          if (limits.isOnce || attempt === maxAttempts || !closedWhileIdle(error)) throw error
        }
      }
    }

    function toResponse(answer: Awaited<ReturnType<typeof exchange>>, { url, method }: Outgoing, isRedirected: boolean): Response {
      const hasBody = method !== 'HEAD' && ![204, 205, 304].includes(answer.status)
      if (!hasBody) void answer.body.cancel()
      const body = hasBody ? decoded(answer.body, answer.headers, bounds.maxBytes) : null
      const response = new Response(body, { status: answer.status, headers: answer.headers })
      return Object.defineProperties(response, { url: { value: url.href }, redirected: { value: isRedirected } })
    }
  }

  return {
    fetch,
    fetchFor: (limits) => (input, init) => fetch(input, init, limits),
    async pin(hostname) {
      try {
        return await pinAddress(policy, options.resolve ?? resolveBySystem, hostname)
      } catch (error) {
        if (error instanceof AppError) throw error
        throw new EgressError('unreachable', error)
      }
    },
    async close() {
      await Promise.all([publicPool.destroy(), privatePool.destroy()])
    },
  }
}

function checkUrl(url: URL): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw addressForbidden('Only http and https addresses can be called.')
  if (url.username !== '' || url.password !== '') throw addressForbidden('An address must not contain a name or password.')
}

/**
 * A kept connection that the other side closed just as it was used again. Nothing of an answer had come on it for this request, so the request goes
 * out again on another connection, as browsers do.
 */
function closedWhileIdle(error: unknown): boolean {
  const cause = error instanceof EgressError && error.failure === 'interrupted' ? error.cause : undefined
  if (!(cause instanceof Error) || !('socket' in cause)) return false
  const socket = cause.socket as { bytesRead?: number } | null
  return (socket?.bytesRead ?? 0) > 0
}

async function toOutgoing(input: string | URL | Request, init: RequestInit, userAgent: string): Promise<Outgoing> {
  const given = input instanceof Request ? input : undefined
  const headers = new Headers(init.headers ?? given?.headers)
  if (!headers.has('user-agent')) headers.set('user-agent', userAgent)
  let body: string | Uint8Array | null = null
  const source = init.body ?? given?.body ?? null
  if (typeof source === 'string' || source instanceof Uint8Array) body = source
  else if (source !== null) {
    // Forms and blobs are rare and small: the platform's own reader serialises them and knows their content type.
    const wrapped = new Response(source)
    const contentType = wrapped.headers.get('content-type')
    if (contentType !== null && !headers.has('content-type')) headers.set('content-type', contentType)
    body = new Uint8Array(await wrapped.arrayBuffer())
  }
  let url: URL
  try {
    url = new URL(given?.url ?? (input as string | URL))
  } catch {
    throw addressForbidden('This is not a complete web address.')
  }
  return {
    url,
    method: (init.method ?? given?.method ?? 'GET').toUpperCase(),
    headers: Object.fromEntries(headers),
    body,
    signal: init.signal ?? given?.signal ?? null,
  }
}
