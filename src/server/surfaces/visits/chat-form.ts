import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { maxVisitTextLength } from '../../../contract/page-choices.ts'
import { AppError } from '../../platform/errors/index.ts'
import { addressOf, callerOf, fail, type HttpContext, type HttpEnv, readBytes } from '../../platform/http/index.ts'
import { allowOnPage, findPageWithBot, type PageWithBot, renderTranscript, sendPage, showPage, slugOf } from '../../features/pages/index.ts'
import { followTurn } from '../../features/turns/index.ts'
import {
  admitVisitor,
  pressQuickAction,
  recogniseVisitor,
  say,
  type ShownVisit,
  showVisit,
  type VisitDeps,
  type Visitor,
  wordsForRefusal,
} from '../../features/visits/index.ts'
import { siteOf } from './site.ts'
import type { VisitRouteOptions } from './visit-routes.ts'
import { visitorCookie } from './visitor-cookie.ts'

const maxBodyBytes = 32 * 1024
/** How long the conversation waits for an answer to be whole; a longer one is looked for again by the page itself. */
const patienceMs = 15_000
const lookAgainSeconds = 3

const Form = z.union([
  z.object({ action: z.coerce.number().int().min(0).max(20) }),
  z.object({
    text: z
      .string()
      .trim()
      .min(1)
      .max(maxVisitTextLength)
      .refine((text) => !text.includes('\0')),
  }),
])

/** The chat of a page for browsers that run no scripts: a form, and the conversation as a page. */
export function chatForm(deps: VisitDeps, { publicUrl, trustedProxies }: VisitRouteOptions): Hono<HttpEnv> {
  const routes = new Hono<HttpEnv>()
  const cookie = visitorCookie(publicUrl)
  const path = '/:handle{@[^/]+}/chat'

  const on = (method: 'get' | 'post', respond: (c: HttpContext, page: PageWithBot, visitor: Visitor | undefined) => Promise<Response>) =>
    routes.on(method, path, async (c) => {
      c.set('route', '/@:slug/chat')
      c.header('cache-control', 'no-store')
      const slug = slugOf(c.req.param('handle'))
      try {
        const page = await findPageWithBot(deps.db, slug)
        if (!page) throw new AppError('visit.bot_away')
        const token = cookie.read(c.req.header('cookie'))
        const visitor = await recogniseVisitor(deps, page, token, 'page')
        // The page has moved meanwhile: its visitor goes along.
        if (visitor && token && page.slug !== slug) c.header('set-cookie', cookie.set(token, page.slug))
        return await respond(c, page, visitor)
      } catch (error) {
        // Whatever is wrong with the page or its bot, the page says it better.
        if (error instanceof AppError && error.code === 'visit.bot_away' && slug) return c.redirect(`/@${slug}`, 303)
        return fail(c, error, deps.log)
      }
    })

  const show = async (c: HttpContext, slug: string, visit: ShownVisit | undefined, unsaid: { text: string; error: AppError } | null) => {
    const shown = await showPage(deps, slug)
    if (shown.kind !== 'page') throw new AppError('visit.bot_away')
    const messages = visit?.messages ?? []
    if (!unsaid && messages.some(({ isWriting }) => isWriting)) c.header('refresh', String(lookAgainSeconds))
    const words = unsaid && wordsForRefusal(unsaid.error.code)
    const { html, style } = renderTranscript(
      shown.content,
      messages,
      unsaid && { text: unsaid.text, why: `${words!.message} ${words!.action}` },
    )
    allowOnPage(c, { style, avatarUrl: null, hasChat: true })
    return sendPage(c, html, 'text/html; charset=utf-8', unsaid ? 429 : 200)
  }

  on('get', async (c, { slug }, visitor) => {
    if (!visitor) return c.redirect(`/@${slug}`, 303)
    await answered(deps, visitor, AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(patienceMs)]))
    return show(c, slug, await showVisit(deps, visitor), null)
  })

  on('post', async (c, page, known) => {
    if (siteOf(callerOf(c), page, publicUrl).source !== 'page') throw new AppError('visit.origin_refused')
    const form = Form.safeParse(Object.fromEntries(new URLSearchParams((await readBytes(c, maxBodyBytes)).toString())))
    if (!form.success) return c.redirect(`/@${page.slug}/chat`, 303)
    const text = 'text' in form.data ? form.data.text : ''
    let visitor = known
    try {
      if (!visitor) {
        const admitted = await admitVisitor(deps, page, 'page', addressOf(c, trustedProxies))
        ;({ visitor } = admitted)
        c.header('set-cookie', cookie.set(admitted.token, page.slug))
      }
      const key = randomUUID()
      if ('action' in form.data) await pressQuickAction(deps, visitor, { key, index: form.data.action })
      else if (!isBeingAnswered(known && (await showVisit(deps, known)), text)) await say(deps, visitor, { key, text })
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) throw error
      return show(c, page.slug, visitor && (await showVisit(deps, visitor)), { text, error })
    }
    // At once: who waits in front of a button presses it again. The conversation does the waiting.
    return c.redirect(`/@${page.slug}/chat`, 303)
  })
  return routes
}

/** The same words again before there is an answer: the button was pressed twice. */
function isBeingAnswered(visit: ShownVisit | undefined, text: string): boolean {
  const [asked, answer] = visit?.messages.slice(-2) ?? []
  return answer?.isWriting === true && asked?.from === 'visitor' && asked.parts.some((part) => part.type === 'text' && part.text === text)
}

/** Until nothing is being written to the visitor any more, or time is up. */
async function answered(deps: VisitDeps, visitor: Visitor, signal: AbortSignal): Promise<void> {
  const visit = await showVisit(deps, visitor)
  const turnId = visit?.messages.findLast(({ turnId: id }) => id !== null)?.turnId
  if (!turnId) return
  for await (const _ of await followTurn(deps.turnDeps, visitor.actor, turnId, undefined, signal));
}
