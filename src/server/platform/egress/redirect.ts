import type { Outgoing } from './exchange.ts'

/** Headers that say nothing about who asks. A connection may carry its key in a header of any name, so all others stay with their origin. */
const harmlessHeaders = new Set(['accept', 'accept-language', 'accept-encoding', 'content-type', 'user-agent'])

/**
 * The request that a redirect asks for (RFC 9110, section 15.4), or null if the answer is none or may not be followed: what was meant for one origin is
 * never sent to another.
 */
export function redirected(request: Outgoing, status: number, location: string | null): Outgoing | null {
  if (![301, 302, 303, 307, 308].includes(status) || location === null || !URL.canParse(location, request.url)) return null
  const url = new URL(location, request.url)
  const dropsBody = status === 303 || ((status === 301 || status === 302) && request.method === 'POST')
  const isSameOrigin = url.origin === request.url.origin
  if (!isSameOrigin && !dropsBody && request.body !== null) return null

  const headers = { ...request.headers }
  for (const name of Object.keys(headers)) {
    const isKept = isSameOrigin || harmlessHeaders.has(name)
    if (!isKept || (dropsBody && name.startsWith('content-'))) delete headers[name]
  }
  return {
    ...request,
    url,
    headers,
    method: dropsBody && request.method !== 'HEAD' ? 'GET' : request.method,
    body: dropsBody ? null : request.body,
  }
}
