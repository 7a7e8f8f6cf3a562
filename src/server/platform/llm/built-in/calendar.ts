/** A day in the calendar, as a count of days since 1970-01-01: arithmetic without clock times and zones. */
export type Day = number

const dayMs = 86_400_000
export const monthNames = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]
export const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** Undefined for a day that does not exist. The year is taken as written (the Gregorian calendar, also before its time). */
export function dayOf(year: number, month: number, date: number): Day | undefined {
  const value = new Date(0)
  value.setUTCFullYear(year, month - 1, date)
  return value.getUTCMonth() === month - 1 && value.getUTCDate() === date ? Math.round(value.getTime() / dayMs) : undefined
}

export function partsOf(day: Day): { year: number; month: number; date: number; weekday: string } {
  const value = new Date(day * dayMs)
  return {
    year: value.getUTCFullYear(),
    month: value.getUTCMonth() + 1,
    date: value.getUTCDate(),
    weekday: weekdayNames[value.getUTCDay()]!,
  }
}

export function isLeapYear(year: number): boolean {
  return dayOf(year, 2, 29) !== undefined
}

/** The last day of the month where the same date does not exist: one month after 31 January is 28 or 29 February. */
export function addMonths(day: Day, count: number): Day {
  const { year, month, date } = partsOf(day)
  const total = year * 12 + month - 1 + count
  const [toYear, toMonth] = [Math.floor(total / 12), (((total % 12) + 12) % 12) + 1]
  for (let wanted = date; ; wanted--) {
    const found = dayOf(toYear, toMonth, wanted)
    if (found !== undefined) return found
  }
}

/** `Thursday, 29 February 2024`. */
export function written(day: Day): string {
  const { year, month, date, weekday } = partsOf(day)
  return `${weekday}, ${date} ${monthNames[month - 1]} ${year}`
}

/** The day and the time of an instant in a zone. */
export function nowIn(timeZone: string, instant: Date): { day: Day; time: string } {
  const fields = Object.fromEntries(
    new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'short', hourCycle: 'h23' })
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  )
  return { day: dayOf(Number(fields.year), Number(fields.month), Number(fields.day)) ?? 0, time: `${fields.hour}:${fields.minute}` }
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
