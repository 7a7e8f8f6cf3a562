const path = '/oauth/authorize'

/**
 * What a program sent the person here with, to the letter. The router reads an address as values and writes it anew, and a program compares what it gets back (`state`)
 * character by character: so it is taken before the router has seen it.
 */
export const askedQuery: string | null = location.pathname === path ? location.search.slice(1) : null

/** Where to go on after signing in; by loading the page afresh, for the same reason. */
export function arrivesByLoading(next: string): boolean {
  return next.startsWith(`${path}?`)
}

export function addressToReturnTo(pathname: string, href: string): string {
  return pathname === path && askedQuery !== null ? `${path}?${askedQuery}` : href
}
