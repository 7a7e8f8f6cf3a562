import type { Skill } from './answer.ts'
import { isLeapYear, isTimeZone, nowIn, partsOf, written, type Day } from './calendar.ts'
import { findDates, findSpans, shift } from './date-text.ts'

/** The person's zone if the system prompt names one, else UTC. */
function zoneOf(system: string): string {
  const named = /time\s?zone(?:\s+is)?\W{1,4}([A-Za-z]+(?:[/_+-][A-Za-z0-9_+-]+)*)/i.exec(system)?.[1]
  return named !== undefined && isTimeZone(named) ? named : 'UTC'
}

const clock = /\bwhat(?:['’]s| is)? (?:the )?(?:current )?time\b|\bwhat time is it\b|\bcurrent time\b/i
const today =
  /\bwhat(?:['’]s| is)? (?:the )?(?:current )?(?:date|day)(?: is it)?(?: (?:today|now))?\W*$|\btoday['’]?s date\b|\bwhat day is (?:it|today)\b|\bwhat (?:year|month) is it\b|\bwhat(?:['’]s| is) today\b/i
const distance =
  /\b(?:how (?:many|long)|number of|days?|weeks?|months?) .*\b(?:between|from|until|till|to|since|before|left)\b|\bdays between\b|\bhow (?:long|far) (?:ago|until|is it)\b/i
const weekday = /\b(?:what|which) (?:week)?day\b|\bday of the week\b|\bweekday\b/i
const later = /\b(?:in|after|from|later|plus|ahead|hence|add(?:ed)?)\b|\+/i
const earlier = /\b(?:ago|before|earlier|prior|minus|back|subtract(?:ed)?)\b|(?<=\s)-(?=\s)/i
const calculation =
  /\b(?:what|which)(?:['’]s| is| was| will| would)?(?: be)?(?: the)? (?:date|day|weekday)\b|\bwhen\b|\bcalculate\b|\bfrom now\b|\bago\W*$/i

export const answerDates: Skill = (asked) => {
  const { question } = asked
  // What somebody pasted may be full of dates that nobody asks about.
  if (question.length > 300) return undefined
  const zone = zoneOf(asked.system)
  const { day: current, time } = nowIn(zone, asked.now)
  const inZone = zone === 'UTC' ? 'UTC' : `in ${zone}`

  if (clock.test(question))
    return `It is **${time}** (${inZone}) on ${written(current)}.${zone === 'UTC' ? ' I only know the clock of the server.' : ''}`
  const leap = /\b(\d{1,4})\b.*\bleap year|leap year.*?\b(\d{1,4})\b/i.exec(question)
  if (leap) return answerLeap(Number(leap[1] ?? leap[2]))
  const dates = findDates(question, current)
  const note = dates.find((date) => date.note)?.note
  const withNote = (text: string) => (note === undefined ? text : `${text} ${note}`)
  const spans = findSpans(question)

  if (spans.length > 0 && (dates.length > 0 || calculation.test(question))) {
    const direction = earlier.test(question) ? -1 : later.test(question) ? 1 : null
    if (direction !== null) {
      const from = dates[0]?.day ?? current
      return withNote(`**${written(shift(from, spans, direction))}**${from === current ? '' : ` (counted from ${written(from)})`}.`)
    }
  }
  if (today.test(question)) return `Today is **${written(current)}** (${inZone}).`
  if (distance.test(question) && dates.length > 0) return withNote(answerDistance(dates[0]!.day, dates[1]?.day, current, question))
  if (weekday.test(question) && dates.length > 0) return withNote(dates.map(({ day }) => answerWeekday(day, current)).join('\n'))
  if (/^\s*when is\b/i.test(question) && dates.length === 1) return withNote(answerWeekday(dates[0]!.day, current))
  if (/^\W*(?:what|which)(?:['’]s| is| was| will be)?(?: the)? date\b/i.test(question) && dates[0])
    return withNote(`**${written(dates[0].day)}**.`)
  const alone = dates[0]
  if (dates.length === 1 && alone && alone.length >= question.trim().length - 1) return withNote(answerWeekday(alone.day, current))
  return undefined
}

function answerDistance(first: Day, second: Day | undefined, current: Day, question: string): string {
  const [from, to] = second === undefined ? [current, first] : [first, second]
  const days = Math.abs(to - from)
  const weeks = Math.floor(days / 7)
  const parts = [`**${count(days, 'day')}**`]
  if (/\bweeks?\b/i.test(question) || days >= 21) {
    const rest = days % 7
    parts.push(`which is ${count(weeks, 'week')}${rest === 0 ? '' : ` and ${count(rest, 'day')}`}`)
  }
  const place =
    second === undefined
      ? first < current
        ? `since ${written(first)}`
        : `until ${written(first)}`
      : `from ${written(from)} to ${written(to)}`
  return `${parts.join(', ')} ${place}.`
}

function answerWeekday(day: Day, current: Day): string {
  const { weekday: name } = partsOf(day)
  const verb = day < current ? 'was' : day === current ? 'is today:' : 'is'
  return `${written(day).replace(/^\w+, /, '')} ${verb} a **${name}**.`
}

function answerLeap(year: number): string {
  if (isLeapYear(year)) return `**Yes**, ${year} is a leap year: February has 29 days.`
  const reason = year % 100 === 0 ? 'it can be divided by 100 but not by 400' : 'it cannot be divided by 4'
  return `**No**, ${year} is not a leap year: ${reason}.`
}

function count(value: number, unit: string): string {
  return `${value} ${unit}${value === 1 ? '' : 's'}`
}
