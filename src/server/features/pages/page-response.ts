import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { renderMissing } from '../../../page/index.ts'
import type { HttpContext } from '../../platform/http/index.ts'

const compressions = { br: promisify(brotliCompress), gzip: promisify(gzip) }

export function missing(c: HttpContext): Promise<Response> {
  const { html, style } = renderMissing()
  allow(c, { style, avatarUrl: null, hasChat: false })
  c.header('cache-control', 'no-store')
  return send(c, html, 'text/html; charset=utf-8', 404)
}

/** Permanent, but asked for again now and then: an owner may take an old address back. */
export function moved(c: HttpContext, path: string): Response {
  c.header('cache-control', 'public, max-age=300')
  return c.redirect(path, 308)
}

export interface PagePolicy {
  style: string
  avatarUrl: string | null
  hasChat: boolean
  /** Pictures of this server stand on it. */
  hasPictures?: boolean
  publicUrl?: string | undefined
}

/**
 * Stricter than the app's: this one style sheet, pictures from the portrait's own site only, and no script, unless there is somebody to talk to: then the one that
 * makes the chat live, which may talk to this server.
 */
export function allow(c: HttpContext, { style, avatarUrl, hasChat, hasPictures, publicUrl }: PagePolicy): void {
  const hash = createHash('sha256').update(style).digest('base64')
  const pictures = ['data:', ...(hasPictures ? ["'self'"] : []), ...(avatarUrl === null ? [] : [new URL(avatarUrl).origin])].join(' ')
  // 'self' covers the socket of the same origin in current browsers; the full address is for those where it does not.
  const socket = publicUrl ? ` ${new URL(publicUrl).origin.replace(/^http/, 'ws')}` : ''
  const chat = hasChat ? `script-src 'self'; connect-src 'self'${socket}; form-action 'self'` : "form-action 'none'"
  // Without it browsers that name no `Sec-Fetch-Site` would send the form as if it came from nowhere.
  if (hasChat) c.header('referrer-policy', 'same-origin')
  c.header(
    'content-security-policy',
    `default-src 'none'; style-src 'sha256-${hash}'; img-src ${pictures}; ${chat}; base-uri 'none'; frame-ancestors 'none'`,
  )
}

export function unchangedOr(c: HttpContext, text: string, type: string): Promise<Response> | Response {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
  c.header('cache-control', 'public, no-cache') // kept, and asked about each time: what is unpublished is gone at once
  c.header('etag', etag)
  c.header('vary', 'accept-encoding')
  if (c.req.header('if-none-match')?.includes(etag)) return c.body(null, 304)
  return send(c, text, type, 200)
}

export async function send(c: HttpContext, text: string, type: string, status: 200 | 404 | 422 | 429): Promise<Response> {
  c.header('content-type', type)
  c.header('vary', 'accept-encoding')
  const accepted = c.req.header('accept-encoding') ?? ''
  const name = (['br', 'gzip'] as const).find((one) => new RegExp(`\\b${one}\\b`).test(accepted))
  if (!name) return c.body(text, status)
  c.header('content-encoding', name)
  const compress = compressions[name]
  const options = name === 'br' ? { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } } : {}
  return c.body(new Uint8Array(await compress(text, options)), status)
}
