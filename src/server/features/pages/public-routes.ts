import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { Hono } from 'hono'
import { z } from 'zod'
import { renderLlmsText, renderMissing, renderPage, styleOf } from '../../../page/index.ts'
import { fail, type HttpContext, type HttpEnv } from '../../platform/http/index.ts'
import type { PagesDeps } from './pages-deps.ts'
import { followLink, showPage } from './show-page.ts'
import { stylePath, themeOfAddress } from './style-address.ts'

const compressions = { br: promisify(brotliCompress), gzip: promisify(gzip) }
const isId = (text: string) => z.uuid().safeParse(text).success

type Deps = Pick<PagesDeps, 'db' | 'log' | 'config'>

/** What strangers see, without cookies and without a script: the page, where its links lead, and its text for programs. */
export function publicPageRoutes(deps: Deps): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>()
  const get = (path: string, respond: (c: HttpContext) => Promise<Response> | Response) =>
    routes.get(path, async (c) => {
      c.set('route', path.replace(':handle{@[^/]+}', '@:slug'))
      try {
        return await respond(c)
      } catch (error) {
        return fail(c, error, deps.log)
      }
    })
  const slugOf = (c: HttpContext) => (c.req.param('handle') ?? '').slice(1)
  const addressOf = (c: HttpContext, slug: string) => `${new URL(deps.config.http.publicUrl ?? c.req.url).origin}/@${slug}`

  get(stylePath, (c) => {
    const theme = themeOfAddress(c.req.query())
    if (!theme) return missing(c)
    c.header('cache-control', 'public, max-age=300')
    return c.body(styleOf(theme), 200, { 'content-type': 'text/css; charset=utf-8' })
  })

  get('/:handle{@[^/]+}', async (c) => {
    const slug = slugOf(c)
    const shown = await showPage(deps, slug.toLowerCase())
    if (shown.kind === 'missing') return missing(c)
    const current = shown.kind === 'moved' ? shown.slug : shown.content.slug
    if (shown.kind === 'moved' || current !== slug) return moved(c, `/@${current}`)
    const { html, style } = renderPage(shown.content, addressOf(c, current))
    allow(c, style, shown.content.avatarUrl)
    return unchangedOr(c, html, 'text/html; charset=utf-8')
  })

  get('/:handle{@[^/]+}/llms.txt', async (c) => {
    const shown = await showPage(deps, slugOf(c).toLowerCase())
    if (shown.kind === 'missing') return missing(c)
    if (shown.kind === 'moved') return moved(c, `/@${shown.slug}/llms.txt`)
    return unchangedOr(c, renderLlmsText(shown.content, addressOf(c, shown.content.slug)), 'text/plain; charset=utf-8')
  })

  get('/:handle{@[^/]+}/go/:linkId', async (c) => {
    const linkId = c.req.param('linkId') ?? ''
    const isCounted = c.req.method === 'GET' && !/prefetch|prerender/i.test(c.req.header('sec-purpose') ?? '')
    const url = isId(linkId) ? await followLink(deps, slugOf(c).toLowerCase(), linkId, isCounted) : undefined
    if (url === undefined) return missing(c)
    c.header('cache-control', 'no-store')
    c.header('x-robots-tag', 'noindex')
    return c.redirect(url, 302)
  })

  get('/:handle{@[^/]+}/*', missing)
  return routes
}

function missing(c: HttpContext): Promise<Response> {
  const { html, style } = renderMissing()
  allow(c, style, null)
  c.header('cache-control', 'no-store')
  return send(c, html, 'text/html; charset=utf-8', 404)
}

/** Permanent, but asked for again now and then: an owner may take an old address back. */
function moved(c: HttpContext, path: string): Response {
  c.header('cache-control', 'public, max-age=300')
  return c.redirect(path, 308)
}

/** Stricter than the app's: no script at all, this one style sheet, and pictures from the portrait's own site only. */
function allow(c: HttpContext, style: string, avatarUrl: string | null): void {
  const hash = createHash('sha256').update(style).digest('base64')
  const pictures = ['data:', ...(avatarUrl === null ? [] : [new URL(avatarUrl).origin])].join(' ')
  c.header(
    'content-security-policy',
    `default-src 'none'; style-src 'sha256-${hash}'; img-src ${pictures}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  )
}

function unchangedOr(c: HttpContext, text: string, type: string): Promise<Response> | Response {
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"`
  c.header('cache-control', 'public, no-cache') // kept, and asked about each time: what is unpublished is gone at once
  c.header('etag', etag)
  c.header('vary', 'accept-encoding')
  if (c.req.header('if-none-match')?.includes(etag)) return c.body(null, 304)
  return send(c, text, type, 200)
}

async function send(c: HttpContext, text: string, type: string, status: 200 | 404): Promise<Response> {
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
