import { AppError } from '../errors/index.ts'
import type { Caller } from './caller.ts'

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Refuses what another site made a browser send. Browsers put `Sec-Fetch-Site` or at least `Origin` on every unsafe request and every WebSocket;
 * programs send neither, and then `hasCookie` decides: a cookie without either header is nobody we know. Error: `request.cross_site`.
 */
export function refuseCrossSite(caller: Caller, publicUrl: string | undefined, hasCookie: boolean): void {
  if (safeMethods.has(caller.method) && !caller.isUpgrade) return
  const site = caller.header('sec-fetch-site')
  if (site === 'same-origin' || site === 'none') return
  const origin = caller.header('origin')
  if (site === undefined && origin === undefined && !hasCookie) return
  // A browser of a page on the same host says `same-site` for another port; only the very same origin may act.
  if (site === undefined && origin !== undefined && isOwn(origin, caller.header('host'), publicUrl)) return
  throw new AppError('request.cross_site')
}

function isOwn(origin: string, host: string | undefined, publicUrl: string | undefined): boolean {
  if (!URL.canParse(origin)) return false
  const given = new URL(origin)
  if (publicUrl !== undefined && given.origin === new URL(publicUrl).origin) return true
  // The scheme is left out on purpose: behind a proxy that ends TLS the server does not know it.
  return given.host === host
}
