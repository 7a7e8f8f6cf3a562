import type { Caller } from '../../platform/auth/caller.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { PageWithBot } from '../../features/pages/index.ts'
import type { Visitor } from '../../features/visits/index.ts'

/**
 * Where a request comes from: the page itself, or a widget on a site that the page allows. A program that sends no `Origin` counts as the page, which wins it
 * nothing: it has no cookie. Error: `visit.origin_refused`.
 */
export function siteOf(
  caller: Caller,
  page: PageWithBot,
  publicUrl: string | undefined,
): { source: Visitor['source']; origin: string | undefined } {
  const origin = caller.header('origin')
  const site = caller.header('sec-fetch-site')
  if (site === 'same-origin' || (origin === undefined && (site === undefined || site === 'none')))
    return { source: 'page', origin: undefined }
  if (origin === undefined) throw new AppError('visit.origin_refused')
  if (URL.canParse(origin)) {
    const given = new URL(origin)
    if (given.host === caller.header('host') || (publicUrl !== undefined && given.origin === new URL(publicUrl).origin))
      return { source: 'page', origin: undefined }
  }
  if (page.bot.allowedOrigins.includes(origin)) return { source: 'widget', origin }
  throw new AppError('visit.origin_refused')
}
