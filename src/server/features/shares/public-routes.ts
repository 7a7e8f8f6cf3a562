import { Hono } from 'hono'
import { renderMissingShare, renderShare } from '../../../page/index.ts'
import { fail, type HttpEnv } from '../../platform/http/index.ts'
import { allowOnPage, sendPage } from '../pages/index.ts'
import type { ShareDeps } from './share-deps.ts'
import { showShare } from './show-share.ts'

/** What a link leads to: a page without cookies and without a script. Asked for again each time, so that what is revoked is gone at once. */
export function publicShareRoutes(deps: Pick<ShareDeps, 'db' | 'log'>): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>()
  routes.get('/s/:token', async (c) => {
    c.set('route', '/s/:token')
    c.header('cache-control', 'no-store')
    try {
      const page = Number(/^[1-9]\d{0,5}$/.exec(c.req.query('page') ?? '1')?.[0] ?? 0)
      const shown = page > 0 ? await showShare(deps, c.req.param('token'), page) : undefined
      if (!shown?.isIndexed) c.header('x-robots-tag', 'noindex, nofollow')
      const { html, style } = shown ? renderShare(shown) : renderMissingShare()
      allowOnPage(c, { style, avatarUrl: null, hasChat: false })
      return await sendPage(c, html, 'text/html; charset=utf-8', shown ? 200 : 404)
    } catch (error) {
      return fail(c, error, deps.log)
    }
  })
  return routes
}
