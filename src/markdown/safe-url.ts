const schemes: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:'])

/** The address if it may be followed from a page: http, https or mailto, and nothing relative, since a model does not know where it is read. */
export function safeUrl(url: string): string | undefined {
  const parsed = URL.parse(url.trim())
  return parsed && schemes.has(parsed.protocol) ? parsed.href : undefined
}

export const hostOf = (url: string): string => URL.parse(url)?.host ?? ''
