import { Hono } from 'hono'
import { renderMissingShare, renderShare } from '../../../page/index.ts'
import { sendContent } from '../files/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { addressOf, fail, type HttpContext, type HttpEnv, networkOf, WindowCounter } from '../../platform/http/index.ts'
import { allowOnPage, sendPage } from '../pages/index.ts'
import type { ShareDeps } from './share-deps.ts'
import { findSharedFile, showShare } from './show-share.ts'

/** Of one network in a minute, in each process: pages, and pictures on them. */
const maxRequests = 1_000

/** What a link leads to: a page without cookies and without a script. Asked for again each time, so that what is revoked is gone at once. */
export function publicShareRoutes(deps: Pick<ShareDeps, 'db' | 'log' | 'files' | 'config'>): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>()
  const requests = new WindowCounter({ limit: maxRequests, windowMs: 60_000 })
  const count = (c: HttpContext) => {
    const address = addressOf(c, deps.config.http.trustedProxies)
    if (address === null) return
    const retryAfterSeconds = requests.waitSeconds(networkOf(address))
    if (retryAfterSeconds > 0) throw new AppError('request.rate_limited', { retryAfterSeconds })
    requests.add(networkOf(address))
  }
  routes.get('/s/:token', async (c) => {
    c.set('route', '/s/:token')
    c.header('cache-control', 'no-store')
    try {
      count(c)
      const page = Number(/^[1-9]\d{0,5}$/.exec(c.req.query('page') ?? '1')?.[0] ?? 0)
      const shown = page > 0 ? await showShare(deps, c.req.param('token'), page) : undefined
      if (!shown?.isIndexed) c.header('x-robots-tag', 'noindex, nofollow')
      const { html, style } = shown ? renderShare(shown) : renderMissingShare()
      allowOnPage(c, { style, avatarUrl: null, hasChat: false, hasPictures: true })
      return await sendPage(c, html, 'text/html; charset=utf-8', shown ? 200 : 404)
    } catch (error) {
      return fail(c, error, deps.log)
    }
  })
  // By the link alone and for as long as it shows the message; nothing of it is kept.
  routes.get('/s/:token/files/:id', async (c) => {
    c.set('route', '/s/:token/files/:id')
    c.header('cache-control', 'no-store')
    c.header('x-robots-tag', 'noindex, nofollow')
    try {
      count(c)
      const file = await findSharedFile(deps, c.req.param('token'), c.req.param('id'))
      if (!file) throw new AppError('share.not_found')
      return await sendContent(c, deps.files, file, { isDownload: false, isKept: false })
    } catch (error) {
      return fail(c, error, deps.log)
    }
  })
  return routes
}
