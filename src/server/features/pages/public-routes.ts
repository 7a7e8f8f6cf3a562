import { Hono } from 'hono'
import { z } from 'zod'
import { renderLlmsText, renderPage, styleOf } from '../../../page/index.ts'
import { fail, type HttpContext, type HttpEnv } from '../../platform/http/index.ts'
import { allow, missing, moved, unchangedOr } from './page-response.ts'
import type { PagesDeps } from './pages-deps.ts'
import { followLink, showPage } from './show-page.ts'
import { slugOf } from './slug-of.ts'
import { stylePath, themeOfAddress } from './style-address.ts'

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
  const slugIn = (c: HttpContext) => slugOf(c.req.param('handle'))
  const addressOf = (c: HttpContext, slug: string) => `${new URL(deps.config.http.publicUrl ?? c.req.url).origin}/@${slug}`

  get(stylePath, (c) => {
    const theme = themeOfAddress(c.req.query())
    if (!theme) return missing(c)
    c.header('cache-control', 'public, max-age=300')
    return c.body(styleOf(theme), 200, { 'content-type': 'text/css; charset=utf-8' })
  })

  get('/:handle{@[^/]+}', async (c) => {
    const shown = await showPage(deps, slugIn(c))
    if (shown.kind === 'missing') return missing(c)
    const current = shown.kind === 'moved' ? shown.slug : shown.content.slug
    if (shown.kind === 'moved' || `@${current}` !== c.req.param('handle')) return moved(c, `/@${current}`)
    const { html, style } = renderPage(shown.content, addressOf(c, current))
    allow(c, { style, avatarUrl: shown.content.avatarUrl, hasChat: shown.content.bot !== null, publicUrl: deps.config.http.publicUrl })
    return unchangedOr(c, html, 'text/html; charset=utf-8')
  })

  get('/:handle{@[^/]+}/llms.txt', async (c) => {
    const shown = await showPage(deps, slugIn(c))
    if (shown.kind === 'missing') return missing(c)
    if (shown.kind === 'moved') return moved(c, `/@${shown.slug}/llms.txt`)
    return unchangedOr(c, renderLlmsText(shown.content, addressOf(c, shown.content.slug)), 'text/plain; charset=utf-8')
  })

  get('/:handle{@[^/]+}/go/:linkId', async (c) => {
    const linkId = c.req.param('linkId') ?? ''
    const isCounted = c.req.method === 'GET' && !/prefetch|prerender/i.test(c.req.header('sec-purpose') ?? '')
    const url = isId(linkId) ? await followLink(deps, slugIn(c), linkId, isCounted) : undefined
    if (url === undefined) return missing(c)
    c.header('cache-control', 'no-store')
    c.header('x-robots-tag', 'noindex')
    return c.redirect(url, 302)
  })

  get('/:handle{@[^/]+}/*', missing)
  return routes
}
