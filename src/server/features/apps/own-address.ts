import type { Config } from '../../config.ts'

/** By which address this server was asked: the public one, or without one a name of this machine. Never what a stranger's `Host` says. */
export function ownOrigin({ publicUrl, host, port }: Config['http'], asked: string | undefined): string {
  if (publicUrl) return new URL(publicUrl).origin
  const url = asked !== undefined && URL.canParse(`http://${asked}`) ? new URL(`http://${asked}`) : undefined
  if (url && ['localhost', '127.0.0.1', '[::1]', host].includes(url.hostname)) return url.origin
  return `http://localhost:${port}`
}

/** What tokens are for (RFC 8707): `/mcp` and nothing else. */
export const resourceOf = (origin: string): string => `${origin}/mcp`

export function isResource(origin: string, given: string): boolean {
  return URL.canParse(given) && new URL(given).href.replace(/\/$/, '') === resourceOf(origin)
}
