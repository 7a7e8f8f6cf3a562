import { isIP } from 'node:net'
import type { PersonalDataKind } from '../../../../contract/guardrail-choices.ts'
import type { Finding } from './finding.ts'
import { idLengths, isNationalId } from './national-ids.ts'

/** The longest passage that one of these finds. */
export const longestPersonalData = 260

interface Detector {
  label: string
  /** Each can be read in one way only, or nearly: none takes longer than its text is long, some times over. */
  expression: RegExp
  isIt(found: string): boolean
}

const digitsOf = (text: string): string => text.replaceAll(/\D/g, '')
const isPhone = (found: string): boolean => {
  const { length } = digitsOf(found)
  return length >= 8 && length <= 15 && (found.startsWith('+') || /[ /()-]/.test(found) || found.startsWith('00'))
}

const detectors: Record<Exclude<PersonalDataKind, 'national_id'>, Detector> = {
  email: {
    label: 'e-mail address',
    expression:
      /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}_%+-][\p{L}\p{N}._%+-]{0,63}@[\p{L}\p{N}][\p{L}\p{N}.-]{0,180}\.\p{L}{2,24}(?![\p{L}\p{N}])/gu,
    isIt: (found) => !found.includes('..'),
  },
  phone: {
    label: 'phone number',
    // With the code of a country or an area: a number alone is more often a price or an id.
    expression:
      /(?<![\p{L}\p{N}.,])(?:(?:\+|00)[1-9](?:[ ./-]?\(?\d\)?){7,14}|\(?0\d(?:[ /-]?\(?\d\)?){6,12}|\(?\d{3}\)?[-. ]\d{3}[-.]\d{4})(?![\p{L}\p{N}])/gu,
    isIt: isPhone,
  },
  iban: {
    label: 'IBAN',
    expression: /(?<![\p{L}\p{N}])[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]){11,38}/gu,
    isIt: isIban,
  },
  card: {
    label: 'card number',
    expression: /(?<![\p{L}\p{N}.,])\d(?:[ -]?\d){12,24}/gu,
    isIt: (found) => isCard(digitsOf(found)),
  },
  ip: {
    label: 'IP address',
    expression: /(?<![\p{L}\p{N}.:])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7})(?![\p{L}\p{N}:])/gu,
    isIt: (found) => isIP(found) !== 0 && found !== '::',
  },
}

export function findPersonalData(text: string, kinds: readonly PersonalDataKind[]): Finding[] {
  return kinds.flatMap((kind) => (kind === 'national_id' ? findNationalIds(text) : findBy(text, detectors[kind])))
}

function findBy(text: string, { expression, isIt, label }: Detector): Finding[] {
  const found: Finding[] = []
  expression.lastIndex = 0
  for (let match = expression.exec(text); match; match = expression.exec(text)) {
    const start = match.index
    const passage = rightPart(match[0], text[start + match[0].length], isIt)
    if (passage !== undefined) found.push({ start, end: start + passage.length, label })
    // What only looked like one may have swallowed the beginning of one.
    expression.lastIndex = start + (passage?.length ?? 1)
  }
  expression.lastIndex = 0
  return found
}

/** What follows after a space may not belong to it: as much is left out until it is right. */
function rightPart(passage: string, after: string | undefined, isIt: (found: string) => boolean): string | undefined {
  const isWhole = after === undefined || !/[\p{L}\p{N}]/u.test(after)
  for (let candidate = isWhole ? passage : passage.slice(0, Math.max(0, passage.lastIndexOf(' '))); candidate !== ''; ) {
    if (isIt(candidate)) return candidate
    candidate = candidate.slice(0, Math.max(0, candidate.lastIndexOf(' ')))
  }
  return undefined
}

const words = /[\p{L}\p{N}][\p{L}\p{N}.-]{0,30}/gu
const longestId = 24

/** Ids are written with spaces too: each run of a few words is tried that has as many letters and digits as one. */
function findNationalIds(text: string): Finding[] {
  const all = [...text.matchAll(words)]
  const lengths = all.map(([word]) => word.replaceAll(/[.-]/g, '').length)
  const found: Finding[] = []
  for (let first = 0; first < all.length; first++) {
    const start = all[first]!.index
    let length = 0
    for (let last = first; last < Math.min(first + 7, all.length); last++) {
      length += lengths[last]!
      const word = all[last]!
      const end = word.index + word[0].replace(/[.-]+$/, '').length
      if (end - start > longestId) break
      if (!idLengths.has(length) || !isNationalId(text.slice(start, end))) continue
      found.push({ start, end, label: 'national id' })
      first = last
      break
    }
  }
  return found
}

/** ISO 13616: letters are numbers from 10 on, and the whole is 1 modulo 97. */
function isIban(found: string): boolean {
  const plain = found.replaceAll(/[ -]/g, '').toUpperCase()
  if (plain.length < 15 || plain.length > 34) return false
  let rest = 0
  for (const character of plain.slice(4) + plain.slice(0, 4)) {
    for (const digit of String(Number.parseInt(character, 36))) rest = (rest * 10 + Number(digit)) % 97
  }
  return rest === 1
}

/** ISO/IEC 7812: Luhn's sum, and a beginning that cards have. */
function isCard(digits: string): boolean {
  if (digits.length < 13 || digits.length > 19 || !/^(?:4|5[0-8]|2[2-7]|3[0-9]|6)/.test(digits)) return false
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index])
    const counted = index % 2 === 0 ? digit : digit * 2
    sum += counted > 9 ? counted - 9 : counted
  }
  return sum % 10 === 0
}
