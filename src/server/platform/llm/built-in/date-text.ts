import { addMonths, dayOf, monthNames, partsOf, weekdayNames, type Day } from './calendar.ts'

export interface FoundDate {
  day: Day
  index: number
  length: number
  /** How it was read, where it could be read in two ways. */
  note?: string
}

const month = `(${monthNames.map((name) => `${name}|${name.slice(0, 3)}`).join('|')}|Sept)\\.?`
const ordinal = '(\\d{1,2})(?:st|nd|rd|th)?'

type Reader = (groups: string[], today: Day) => { day: Day | undefined; note?: string }

/** In this order, at each place. A date without a year is the next one from today. */
const forms: [RegExp, Reader][] = [
  [/\b(\d{4})-(\d{1,2})-(\d{1,2})\b/, ([year, monthNumber, date]) => ({ day: dayOf(Number(year), Number(monthNumber), Number(date)) })],
  [
    new RegExp(`\\b${ordinal}(?: of)? ${month}(?:,? (\\d{4}))?\\b`, 'i'),
    ([date, name, year], today) => ({ day: named(name, date, year, today) }),
  ],
  [new RegExp(`\\b${month} ${ordinal}(?:,? (\\d{4}))?\\b`, 'i'), ([name, date, year], today) => ({ day: named(name, date, year, today) })],
  [
    /\b(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})\b/,
    ([date, monthNumber, year]) => ({ day: dayOf(Number(year), Number(monthNumber), Number(date)) }),
  ],
  [/\b(\d{1,2})\/(\d{1,2})\/(\d{4})\b/, ([first, second, year]) => slashed(Number(first), Number(second), Number(year))],
  [/\bday after tomorrow\b/i, (_groups, today) => ({ day: today + 2 })],
  [/\bday before yesterday\b/i, (_groups, today) => ({ day: today - 2 })],
  [/\btomorrow\b/i, (_groups, today) => ({ day: today + 1 })],
  [/\byesterday\b/i, (_groups, today) => ({ day: today - 1 })],
  [/\b(?:today|now)\b/i, (_groups, today) => ({ day: today })],
  [/\bchristmas eve\b/i, (_groups, today) => ({ day: next(12, 24, today) })],
  [/\bchristmas(?: day)?(?: (\d{4}))?\b/i, ([year], today) => ({ day: year ? dayOf(Number(year), 12, 25) : next(12, 25, today) })],
  [/\bnew year(?:['’]s)? eve\b/i, (_groups, today) => ({ day: next(12, 31, today) })],
  [/\bnew year(?:['’]s(?: day)?)?\b/i, (_groups, today) => ({ day: next(1, 1, today + 1) })],
  [/\bhalloween\b/i, (_groups, today) => ({ day: next(10, 31, today) })],
  [
    new RegExp(`\\b(next|last|this|coming) (${weekdayNames.join('|')})\\b`, 'i'),
    ([which, name], today) => {
      const wanted = weekdayNames.findIndex((weekday) => weekday.toLowerCase() === name!.toLowerCase())
      const ahead = (wanted - weekdayNames.indexOf(partsOf(today).weekday) + 7) % 7
      return { day: which!.toLowerCase() === 'last' ? today - (7 - ahead || 7) : today + (ahead || 7) }
    },
  ],
]

/** Every date in a text, in order of appearance. */
export function findDates(text: string, today: Day): FoundDate[] {
  const found: FoundDate[] = []
  for (const [pattern, read] of forms) {
    for (const match of text.matchAll(new RegExp(pattern, `${pattern.flags}g`))) {
      const { index } = match
      const isTaken = found.some((one) => index < one.index + one.length && one.index < index + match[0].length)
      const { day, note } = isTaken ? {} : read(match.slice(1) as string[], today)
      if (day !== undefined) found.push({ day, index, length: match[0].length, ...(note !== undefined && { note }) })
    }
  }
  return found.toSorted((a, b) => a.index - b.index)
}

function named(name: string | undefined, date: string | undefined, year: string | undefined, today: Day): Day | undefined {
  const number = monthNames.findIndex((full) => full.toLowerCase().startsWith(name!.slice(0, 3).toLowerCase())) + 1
  return year === undefined ? next(number, Number(date), today) : dayOf(Number(year), number, Number(date))
}

function next(monthNumber: number, date: number, from: Day): Day | undefined {
  const { year } = partsOf(from)
  // 29 February is at most eight years away.
  for (let ahead = 0; ahead <= 8; ahead++) {
    const day = dayOf(year + ahead, monthNumber, date)
    if (day !== undefined && day >= from) return day
  }
  return undefined
}

function slashed(first: number, second: number, year: number) {
  if (first > 12) return { day: dayOf(year, second, first) }
  const note = second > 12 || first === second ? undefined : 'I read the month first; write 2025-03-04 to be sure.'
  return { day: dayOf(year, first, second), ...(note !== undefined && { note }) }
}

export interface Span {
  count: number
  unit: 'day' | 'week' | 'month' | 'year'
}

const numbers: Record<string, number> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
}
const span = new RegExp(`\\b(\\d{1,6}|${Object.keys(numbers).join('|')})\\s+(day|week|month|year|fortnight)s?\\b`, 'gi')

/** `3 weeks and 2 days`. */
export function findSpans(text: string): Span[] {
  return [...text.matchAll(span)].map((match) => {
    const count = numbers[match[1]!.toLowerCase()] ?? Number(match[1])
    const unit = match[2]!.toLowerCase()
    return unit === 'fortnight' ? { count: count * 2, unit: 'week' } : { count, unit: unit as Span['unit'] }
  })
}

export function shift(day: Day, spans: Span[], direction: 1 | -1): Day {
  return spans.reduce((at, { count, unit }) => {
    if (unit === 'day') return at + direction * count
    if (unit === 'week') return at + direction * count * 7
    return addMonths(at, direction * count * (unit === 'year' ? 12 : 1))
  }, day)
}
