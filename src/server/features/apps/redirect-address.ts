import type { appKinds } from '../../../contract/app-choices.ts'

type Kind = (typeof appKinds)[number]

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])
/** Schemes that a browser or a system gives a meaning of its own. A program's own scheme is anything else with a host (RFC 8252, section 7.1). */
const reserved =
  /^(?:http|wss?|ftps?|file|data|blob|about|javascript|vbscript|filesystem|view-source|chrome|edge|resource|moz-extension|chrome-extension|intent|mailto|tel|sms|ssh|telnet|ldaps?|jar|ms-.*|x-apple.*|search-ms|shell|res|mk|content|android-app|smb|nfs|afp|dav|davs|urn|cid|mid):$/

/** Whether a browser may be sent back there: a site by https, this device, or a program with a scheme of its own. */
export function isAllowedRedirect(address: string): boolean {
  if (address.length > 2_000 || !URL.canParse(address) || /[\s\\]/.test(address)) return false
  const url = new URL(address)
  if (url.hash !== '' || address.includes('#') || url.username !== '' || url.password !== '') return false
  if (url.protocol === 'https:') return true
  if (url.protocol === 'http:') return loopback.has(url.hostname)
  return !reserved.test(url.protocol) && /^[a-z][a-z0-9+.-]{1,60}:\/\/[^/]/i.test(address)
}

/** The address to the letter; on this device any port will do, since a program takes what is free (RFC 8252, section 7.3). */
export function isRegistered(registered: readonly string[], given: string): boolean {
  if (!isAllowedRedirect(given)) return false
  return registered.some((one) => one === given || (isAllowedRedirect(one) && isSameButPort(new URL(one), new URL(given))))
}

function isSameButPort(one: URL, other: URL): boolean {
  return (
    one.protocol === 'http:' &&
    other.protocol === 'http:' &&
    loopback.has(one.hostname) &&
    one.hostname === other.hostname &&
    one.pathname === other.pathname &&
    one.search === other.search
  )
}

/** What a person is told of where the answer goes. */
export function describeRedirect(address: string): { kind: Kind; returnsTo: string } {
  const url = new URL(address)
  if (url.protocol === 'https:') return { kind: 'site', returnsTo: url.host }
  if (url.protocol === 'http:') return { kind: 'device', returnsTo: url.hostname }
  return { kind: 'program', returnsTo: url.protocol.slice(0, -1) }
}

export function withAnswer(address: string, answer: Record<string, string | null>): string {
  const url = new URL(address)
  for (const [name, value] of Object.entries(answer)) if (value !== null) url.searchParams.set(name, value)
  return url.href
}
