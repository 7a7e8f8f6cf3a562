import { Hono } from 'hono'
import { Admission, type Admitted, type BotCard } from '../../../contract/visits.ts'
import { AppError } from '../../platform/errors/index.ts'
import { addressOf, callerOf, fail, type HttpContext, type HttpEnv, readBytes } from '../../platform/http/index.ts'
import { tokensOf, findPageWithBot, type PageWithBot, slugOf } from '../../features/pages/index.ts'
import { admitVisitor, recogniseVisitor, type VisitDeps, type Visitor } from '../../features/visits/index.ts'
import { siteOf } from './site.ts'
import { visitorCookie } from './visitor-cookie.ts'

const maxBodyBytes = 16 * 1024

export interface VisitRouteOptions {
  publicUrl: string | undefined
  trustedProxies: number
}

/** What a visitor's client asks beside the socket: what to draw, and to be let in. Answers a widget only on the sites that the page allows. */
export function visitRoutes(deps: VisitDeps, { publicUrl, trustedProxies }: VisitRouteOptions): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>()
  const cookie = visitorCookie(publicUrl)

  const on = (
    method: 'get' | 'post' | 'options',
    path: 'bot' | 'visit',
    respond: (c: HttpContext, page: PageWithBot, source: Visitor['source'], slug: string) => Promise<Response> | Response,
  ) =>
    routes.on(method, `/:handle{@[^/]+}/${path}`, async (c) => {
      c.set('route', `/@:slug/${path}`)
      c.header('cache-control', 'no-store')
      c.header('vary', 'origin')
      try {
        const slug = slugOf(c.req.param('handle'))
        const page = await findPageWithBot(deps.db, slug)
        if (!page) throw new AppError('visit.bot_away')
        const { source, origin } = siteOf(callerOf(c), page, publicUrl)
        if (origin !== undefined) c.header('access-control-allow-origin', origin)
        return await respond(c, page, source, slug)
      } catch (error) {
        return fail(c, error, deps.log)
      }
    })

  const allow = (c: HttpContext) => {
    c.header('access-control-allow-methods', 'GET, POST')
    c.header('access-control-allow-headers', 'content-type')
    c.header('access-control-max-age', '600')
    return c.body(null, 204)
  }
  on('options', 'bot', allow)
  on('options', 'visit', allow)

  on('get', 'bot', (c, page) =>
    c.json({
      displayName: page.displayName,
      greeting: page.bot.greeting,
      quickActions: page.bot.quickActions.map(({ label }) => ({ label })),
      theme: tokensOf(page.theme),
    } satisfies BotCard),
  )

  on('post', 'visit', async (c, page, source, slug) => {
    const body = Admission.safeParse(await readJson(c))
    if (!body.success) throw new AppError('request.invalid')
    const given = source === 'widget' ? body.data.token : cookie.read(c.req.header('cookie'))
    if (await recogniseVisitor(deps, page, given, source)) return c.json({ token: source === 'widget' ? given! : null } satisfies Admitted)
    const { token } = await admitVisitor(deps, page, source, addressOf(c, trustedProxies))
    // For the address that was asked: a tab that was opened before the page moved goes on there.
    if (source === 'page') c.header('set-cookie', cookie.set(token, slug))
    return c.json({ token: source === 'widget' ? token : null } satisfies Admitted)
  })
  return routes
}

async function readJson(c: HttpContext): Promise<unknown> {
  const bytes = await readBytes(c, maxBodyBytes)
  try {
    return bytes.length === 0 ? {} : JSON.parse(bytes.toString())
  } catch {
    throw new AppError('request.malformed')
  }
}
