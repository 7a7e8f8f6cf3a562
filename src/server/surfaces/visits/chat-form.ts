import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { errorTable } from '../../../contract/errors.ts'
import { maxVisitTextLength } from '../../../contract/page-choices.ts'
import { AppError } from '../../platform/errors/index.ts'
import { addressOf, callerOf, fail, type HttpContext, type HttpEnv, readBytes } from '../../platform/http/index.ts'
import { allowOnPage, findPageWithBot, renderTranscript, sendPage, showPage } from '../../features/pages/index.ts'
import { followTurn } from '../../features/turns/index.ts'
import {
  admitVisitor,
  pressQuickAction,
  recogniseVisitor,
  say,
  showVisit,
  type VisitDeps,
  type Visitor,
} from '../../features/visits/index.ts'
import { siteOf } from './site.ts'
import type { VisitRouteOptions } from './visit-routes.ts'
import { visitorCookie } from './visitor-cookie.ts'

const maxBodyBytes = 32 * 1024
/** How long the form waits for an answer to be whole; a longer one is looked for again by the page that follows. */
const patienceMs = 15_000
const lookAgainSeconds = 3

const Form = z.union([
  z.object({ action: z.coerce.number().int().min(0).max(20) }),
  z.object({ text: z.string().trim().min(1).max(maxVisitTextLength) }),
])

/** The chat of a page for browsers that run no scripts: a form, and the conversation as a page. */
export function chatForm(deps: VisitDeps, { publicUrl, trustedProxies }: VisitRouteOptions): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>()
  const cookie = visitorCookie(publicUrl)
  const slugOf = (c: HttpContext) => (c.req.param('handle') ?? '').slice(1).toLowerCase()
  const path = '/:handle{@[^/]+}/chat'

  const on = (method: 'get' | 'post', respond: (c: HttpContext, slug: string) => Promise<Response>) =>
    routes.on(method, path, async (c) => {
      c.set('route', '/@:slug/chat')
      c.header('cache-control', 'no-store')
      try {
        return await respond(c, slugOf(c))
      } catch (error) {
        // Whatever is wrong with the page or its bot, the page says it better.
        if (error instanceof AppError && error.code === 'visit.bot_away') return c.redirect(`/@${slugOf(c)}`, 303)
        return fail(c, error, deps.log)
      }
    })

  const recognise = async (c: HttpContext, slug: string) => {
    const page = await findPageWithBot(deps.db, slug)
    if (!page) throw new AppError('visit.bot_away')
    return { page, visitor: await recogniseVisitor(deps, page, cookie.read(c.req.header('cookie')), 'page') }
  }

  const show = async (c: HttpContext, slug: string, visitor: Visitor, unsaid: { text: string; error: AppError } | null) => {
    const shown = await showPage(deps, slug)
    if (shown.kind !== 'page') throw new AppError('visit.bot_away')
    const messages = (await showVisit(deps, visitor))?.messages ?? []
    if (messages.some(({ isWriting }) => isWriting)) c.header('refresh', String(lookAgainSeconds))
    const why = unsaid && `${errorTable[unsaid.error.code].message} ${errorTable[unsaid.error.code].action}`
    const { html, style } = renderTranscript(shown.content, messages, unsaid && { text: unsaid.text, why: why! })
    allowOnPage(c, { style, avatarUrl: null, hasChat: true })
    return sendPage(c, html, 'text/html; charset=utf-8', unsaid ? 429 : 200)
  }

  on('get', async (c, slug) => {
    const { visitor } = await recognise(c, slug)
    return visitor ? show(c, slug, visitor, null) : c.redirect(`/@${slug}`, 303)
  })

  on('post', async (c, slug) => {
    const { page, visitor: known } = await recognise(c, slug)
    if (siteOf(callerOf(c), page, publicUrl).source !== 'page') throw new AppError('visit.origin_refused')
    const form = Form.safeParse(Object.fromEntries(new URLSearchParams((await readBytes(c, maxBodyBytes)).toString())))
    if (!form.success) return c.redirect(`/@${slug}/chat`, 303)
    let visitor = known
    if (!visitor) {
      const admitted = await admitVisitor(deps, page, 'page', addressOf(c, trustedProxies))
      ;({ visitor } = admitted)
      c.header('set-cookie', cookie.set(admitted.token, page.slug))
    }
    try {
      const key = randomUUID()
      if ('action' in form.data) await pressQuickAction(deps, visitor, { key, index: form.data.action })
      else await say(deps, visitor, { key, text: form.data.text })
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) throw error
      return show(c, slug, visitor, { text: 'text' in form.data ? form.data.text : '', error })
    }
    await answered(deps, visitor, AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(patienceMs)]))
    return c.redirect(`/@${slug}/chat`, 303)
  })
  return routes
}

/** Until nothing is being written to the visitor any more, or time is up. */
async function answered(deps: VisitDeps, visitor: Visitor, signal: AbortSignal): Promise<void> {
  const visit = await showVisit(deps, visitor)
  const turnId = visit?.messages.findLast(({ turnId: id }) => id !== null)?.turnId
  if (!turnId) return
  for await (const _ of await followTurn(deps.turnDeps, visitor.actor, turnId, undefined, signal));
}
