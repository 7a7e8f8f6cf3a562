/** What is looked for, as the address says it. */
export interface SearchAddress {
  q?: string | undefined
  model?: string | undefined
  agent?: string | undefined
  when?: When | undefined
}

export const periods = ['week', 'month', 'year', 'older'] as const
export type When = (typeof periods)[number]

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const idIn = (value: unknown) => (typeof value === 'string' && uuid.test(value) ? value : undefined)

// A field that is left out would keep what the address says, so a bad one is set to nothing.
export function readSearchAddress(search: Record<string, unknown>): SearchAddress {
  return {
    // A number or a word such as `true` was read as a value of JSON.
    q: ['string', 'number', 'boolean'].includes(typeof search.q) ? `${search.q as string}`.slice(0, 200) : undefined,
    model: idIn(search.model),
    agent: idIn(search.agent),
    when: periods.find((one) => one === search.when),
  }
}

const daysOf = { week: 7, month: 30, year: 365, older: 365 }

/** By the hour, so that what was asked is the same question for a while. */
export function stretchOf(when: When | undefined, now = new Date()): { since?: string; until?: string } {
  if (!when) return {}
  const hour = 3_600_000
  const at = new Date(Math.floor(now.getTime() / hour) * hour - daysOf[when] * 24 * hour).toISOString()
  return when === 'older' ? { until: at } : { since: at }
}
