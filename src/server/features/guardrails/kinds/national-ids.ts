// Numbers by which states know people, as far as they can be told from other numbers: by a check digit, or by a form that nothing else has.

type Check = (id: string) => boolean

const weighted = (id: string, weights: readonly number[]): number =>
  weights.reduce((sum, weight, index) => sum + weight * Number(id[index]), 0)

const isDate = (year: number, month: number, day: number): boolean => {
  const date = new Date(Date.UTC(year, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/** United States: only as it is written, since it has no check digit. */
const socialSecurity: Check = (id) => /^(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}$/.test(id)

/** Spain: DNI and NIE, whose letter follows from the number. */
const dni: Check = (id) => {
  const match = /^([XYZ]?)(\d{7,8})([A-Z])$/.exec(id)
  if (!match) return false
  const [, foreign = '', digits = '', letter = ''] = match
  if ((foreign ? 7 : 8) !== digits.length) return false
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number((foreign ? 'XYZ'.indexOf(foreign) : '') + digits) % 23] === letter
}

/** France: NIR with its key. */
const nir: Check = (id) => {
  if (!/^[12]\d{2}(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d{2}|2A|2B)\d{8}$/.test(id)) return false
  const number = BigInt(id.slice(0, 13).replace('2A', '19').replace('2B', '18'))
  return 97n - (number % 97n) === BigInt(id.slice(13))
}

const oddValues = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
/** Italy: codice fiscale. */
const codiceFiscale: Check = (id) => {
  if (!/^[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z]$/.test(id)) return false
  let sum = 0
  for (let index = 0; index < 15; index++) {
    const value = /\d/.test(id[index]!) ? Number(id[index]) : id.charCodeAt(index) - 65
    sum += index % 2 === 0 ? oddValues[value]! : value
  }
  return String.fromCodePoint(65 + (sum % 26)) === id[15]
}

/** Switzerland: AHV, an EAN that begins with 756. */
const ahv: Check = (id) =>
  /^756\d{10}$/.test(id) && (10 - (weighted(id, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3]) % 10)) % 10 === Number(id[12])

/** Poland: PESEL, with a date of birth inside. */
const pesel: Check = (id) => {
  if (!/^\d{11}$/.test(id)) return false
  const coded = Number(id.slice(2, 4))
  const century = [1900, 2000, 2100, 2200, 1800][Math.floor(coded / 20)]!
  if (!isDate(century + Number(id.slice(0, 2)), coded % 20, Number(id.slice(4, 6)))) return false
  return (10 - (weighted(id, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)) % 10 === Number(id[10])
}

/** Germany: Steuer-ID; one of its first ten digits comes two or three times. */
const steuerId: Check = (id) => {
  if (!/^[1-9]\d{10}$/.test(id)) return false
  const counts = Object.values(Object.groupBy(id.slice(0, 10), (digit) => digit)).map((same) => same!.length)
  if (counts.filter((count) => count > 1).length !== 1 || Math.max(...counts) > 3) return false
  let product = 10
  for (const digit of id.slice(0, 10)) {
    const sum = (Number(digit) + product) % 10 || 10
    product = (sum * 2) % 11
  }
  return (11 - product) % 10 === Number(id[10])
}

/** Brazil: CPF, with two check digits. */
const cpf: Check = (id) => {
  if (!/^\d{11}$/.test(id) || /^(\d)\1+$/.test(id)) return false
  const digit = (length: number) => {
    const sum = weighted(
      id,
      Array.from({ length }, (_, index) => length + 1 - index),
    )
    return ((sum * 10) % 11) % 10
  }
  return digit(9) === Number(id[9]) && digit(10) === Number(id[10])
}

/** By how many letters and digits they have. */
const checks = new Map<number, readonly Check[]>([
  [9, [dni]],
  [11, [pesel, steuerId, cpf]],
  [13, [ahv]],
  [15, [nir]],
  [16, [codiceFiscale]],
])
export const idLengths: ReadonlySet<number> = new Set(checks.keys())

export function isNationalId(found: string): boolean {
  if (socialSecurity(found)) return true
  const plain = found.replaceAll(/[ .-]/g, '').toUpperCase()
  return checks.get(plain.length)?.some((check) => check(plain)) ?? false
}
