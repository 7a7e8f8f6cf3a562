/** How numbers, money and moments are written. One place, so that another language changes one file. */
const locale = 'en'

const whole = new Intl.NumberFormat(locale)
const compact = new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 })

export const formatNumber = (value: number): string => whole.format(value)

/** 128,000 becomes 128K: for limits, where the order of magnitude is what is read. */
export const formatCompact = (value: number): string => compact.format(value)

const cents = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' })
const belowOneDollar = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD', maximumSignificantDigits: 3 })

/** Nano-dollars, a decimal string, as dollars. Small amounts keep three significant digits instead of becoming zero. */
export function formatUsd(nanoUsd: string): string {
  const dollars = Number(nanoUsd) / 1e9
  if (dollars === 0) return '$0'
  if (dollars >= 1) return cents.format(dollars)
  const text = belowOneDollar.format(dollars)
  return /\.\d$/.test(text) ? `${text}0` : text
}

const nanoPerDollar = 1_000_000_000n

/** What a person typed, in dollars, as exact nano-dollars. Undefined when it is not an amount. */
export function parseUsd(text: string): string | undefined {
  const match = /^\s*\$?\s*(\d{1,12})?(?:\.(\d{0,9}))?\s*$/.exec(text)
  if (!match || (match[1] === undefined && !match[2])) return undefined
  return (BigInt(match[1] ?? '0') * nanoPerDollar + BigInt((match[2] ?? '').padEnd(9, '0'))).toString()
}

/** The exact decimal of nano-dollars, for a field that is edited. */
export function nanoToDecimal(nanoUsd: string): string {
  const nano = BigInt(nanoUsd)
  const fraction = (nano % nanoPerDollar).toString().padStart(9, '0').replace(/0+$/, '')
  return fraction === '' ? (nano / nanoPerDollar).toString() : `${nano / nanoPerDollar}.${fraction}`
}

const dayTime = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })

export const formatInstant = (instant: string): string => dayTime.format(new Date(instant))
export const formatDay = (instant: string | Date): string => day.format(new Date(instant))

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['minute', 60],
  ['hour', 3600],
  ['day', 86_400],
]

/** "3 minutes ago" up to a month, then the date. */
export function formatAgo(instant: string, now = Date.now()): string {
  const seconds = (new Date(instant).getTime() - now) / 1000
  const distance = Math.abs(seconds)
  if (distance < 45) return relative.format(0, 'second')
  if (distance > 30 * 86_400) return formatDay(instant)
  const [unit, size] = steps.findLast(([, s]) => distance >= s * 0.75) ?? ['minute', 60]
  return relative.format(Math.round(seconds / size), unit)
}

/** 840 ms · 6.2 s · 2 min 5 s */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** The time of day where the reader is. */
export function formatClock(moment: Date): string {
  return moment.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })
}
