import type { MiddlewareHandler } from 'hono'
import type { HttpEnv } from './request.ts'

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "media-src 'self' blob:",
  "manifest-src 'self'",
  "frame-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ')

/** On every response. Nothing is loaded from elsewhere, nothing runs inline, nobody may frame a page. */
export function securityHeaders(publicUrl: string | undefined): MiddlewareHandler<HttpEnv> {
  const isHttps = publicUrl?.startsWith('https:') ?? false
  // 'self' covers the socket of the same origin in current browsers; the full address is for those where it does not.
  const contentSecurityPolicy = publicUrl
    ? policy.replace("connect-src 'self'", `connect-src 'self' ${new URL(publicUrl).origin.replace(/^http/, 'ws')}`)
    : policy
  const headers: [string, string][] = [
    ['content-security-policy', contentSecurityPolicy],
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'no-referrer'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['permissions-policy', 'camera=(), display-capture=(), geolocation=(self), microphone=(self), payment=(), usb=()'],
    ['x-frame-options', 'DENY'],
  ]
  if (isHttps) headers.push(['strict-transport-security', 'max-age=31536000'])
  return async (c, next) => {
    for (const [name, value] of headers) c.header(name, value)
    await next()
  }
}
