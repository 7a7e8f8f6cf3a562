/** What was wrong with an expression, in a sentence for whoever wrote it. */
export class ExpressionError extends Error {
  override readonly name = 'ExpressionError'
}

export interface Result {
  /** As people write it: whole numbers whole, decimals as long as they end soon, 12 digits otherwise. */
  text: string
  /** Set when the decimals go on: the exact fraction. */
  exact: string | null
}

/** A fraction of whole numbers in lowest terms, or, where no fraction is exact (roots, logarithms), a floating point number. */
export type Amount = { top: bigint; bottom: bigint } | number

const maxDigits = 2_000
const maxFactorial = 500n

export const hundredth: Amount = { top: 1n, bottom: 100n }

/** From digits as written: `12`, `.5`, `1e-3`. */
export function fraction(text: string): Amount {
  const [mantissa = '0', exponent = '0'] = text.toLowerCase().split('e')
  const [whole = '', decimals = ''] = mantissa.split('.')
  const power = Number(exponent) - decimals.length
  const digits = BigInt(whole + decimals || '0')
  return power >= 0 ? reduced(digits * 10n ** BigInt(power), 1n) : reduced(digits, 10n ** BigInt(-power))
}

export function add(a: Amount, b: Amount): Amount {
  if (typeof a === 'number' || typeof b === 'number') return real(toNumber(a) + toNumber(b))
  return reduced(a.top * b.bottom + b.top * a.bottom, a.bottom * b.bottom)
}

export function negate(a: Amount): Amount {
  return typeof a === 'number' ? -a : { top: -a.top, bottom: a.bottom }
}

export function subtract(a: Amount, b: Amount): Amount {
  return add(a, negate(b))
}

export function multiply(a: Amount, b: Amount): Amount {
  if (typeof a === 'number' || typeof b === 'number') return real(toNumber(a) * toNumber(b))
  return reduced(a.top * b.top, a.bottom * b.bottom)
}

export function divide(a: Amount, b: Amount): Amount {
  if (typeof a === 'number' || typeof b === 'number') return real(toNumber(a) / toNumber(b))
  return b.top < 0n ? reduced(-a.top * b.bottom, a.bottom * -b.top) : reduced(a.top * b.bottom, a.bottom * b.top)
}

/** The remainder has the sign of the divisor, so that days and clocks go round. */
export function modulo(a: Amount, b: Amount): Amount {
  return subtract(a, multiply(b, floor(divide(a, b))))
}

export function power(base: Amount, exponent: Amount): Amount {
  if (isZero(base) && toNumber(exponent) < 0) throw new ExpressionError('Division by zero has no result.')
  if (typeof base === 'number' || typeof exponent === 'number' || exponent.bottom !== 1n) return root(base, exponent)
  const times = exponent.top < 0n ? -exponent.top : exponent.top
  const digits = Number(times) * Math.max(String(base.top).length, String(base.bottom).length)
  const isUnit = (base.top === 0n || base.top === 1n || base.top === -1n) && base.bottom === 1n
  if (!isUnit && digits > maxDigits * 4) throw new ExpressionError('The result would be too long to write down.')
  const reach = isUnit ? times % 2n : times
  const top = isUnit && base.top === 0n ? (times === 0n ? 1n : 0n) : base.top ** reach
  const bottom = base.bottom ** reach
  return exponent.top < 0n ? divide({ top: bottom, bottom: 1n }, { top, bottom: 1n }) : reduced(top, bottom)
}

/** Exact where the root comes out even: 8 ^ (1/3), sqrt(2.25). */
function root(base: Amount, exponent: Amount): Amount {
  const approximate = toNumber(base) ** toNumber(exponent)
  if (Number.isNaN(approximate)) throw new ExpressionError('That has no real result.')
  if (typeof base !== 'number' && typeof exponent !== 'number' && exponent.bottom <= 64n && exponent.top > -64n && exponent.top < 64n) {
    const evenTop = wholeRoot(base.top, exponent.bottom)
    const evenBottom = wholeRoot(base.bottom, exponent.bottom)
    if (evenTop !== null && evenBottom !== null) return power({ top: evenTop, bottom: evenBottom }, { top: exponent.top, bottom: 1n })
  }
  return real(approximate)
}

function wholeRoot(value: bigint, degree: bigint): bigint | null {
  if (value < 0n) return null
  let low = 0n
  let high = value < 2n ? value : 1n << (BigInt(value.toString(2).length) / degree + 1n)
  while (low < high) {
    const middle = (low + high + 1n) / 2n
    if (middle ** degree <= value) low = middle
    else high = middle - 1n
  }
  return low ** degree === value ? low : null
}

export function factorial(value: Amount): Amount {
  if (typeof value === 'number' || value.bottom !== 1n || value.top < 0n)
    throw new ExpressionError('Only whole numbers from 0 have a factorial.')
  if (value.top > maxFactorial) throw new ExpressionError('The result would be too long to write down.')
  let product = 1n
  for (let factor = 2n; factor <= value.top; factor++) product *= factor
  return { top: product, bottom: 1n }
}

export interface NamedFunction {
  from: number
  to: number
  apply: (...values: Amount[]) => Amount
}

const one = (apply: (value: Amount) => Amount): NamedFunction => ({ from: 1, to: 1, apply: (value) => apply(value!) })
const approximately = (compute: (value: number) => number): NamedFunction => one((value) => real(compute(toNumber(value))))
/** Floating point leaves a trace where the exact value is zero: sin(pi). */
const angular = (compute: (value: number) => number) => approximately((value) => (Math.abs(compute(value)) < 1e-15 ? 0 : compute(value)))
const pick = (isBetter: (a: number, b: number) => boolean): NamedFunction => ({
  from: 1,
  to: 100,
  apply: (...values) => values.reduce((best, value) => (isBetter(toNumber(value), toNumber(best)) ? value : best)),
})

export const functions: Record<string, NamedFunction> = {
  sqrt: one((value) => power(value, { top: 1n, bottom: 2n })),
  cbrt: one((value) =>
    toNumber(value) < 0 ? negate(power(negate(value), { top: 1n, bottom: 3n })) : power(value, { top: 1n, bottom: 3n }),
  ),
  abs: one((value) => (toNumber(value) < 0 ? negate(value) : value)),
  floor: one(floor),
  ceil: one((value) => negate(floor(negate(value)))),
  round: one((value) => floor(add(value, { top: 1n, bottom: 2n }))),
  ln: approximately(Math.log),
  log: approximately(Math.log10),
  exp: approximately(Math.exp),
  sin: angular(Math.sin),
  cos: angular(Math.cos),
  tan: angular(Math.tan),
  min: pick((a, b) => a < b),
  max: pick((a, b) => a > b),
}

export const constants: Record<string, Amount> = { pi: Math.PI, e: Math.E }

export function isZero(value: Amount): boolean {
  return typeof value === 'number' ? value === 0 : value.top === 0n
}

function floor(value: Amount): Amount {
  if (typeof value === 'number') return real(Math.floor(value))
  const whole = value.top / value.bottom
  return { top: value.top < 0n && whole * value.bottom !== value.top ? whole - 1n : whole, bottom: 1n }
}

/** Whole numbers and decimals that end within 20 places are exact; everything else has 12 digits, fractions also their exact form. */
export function present(value: Amount): Result {
  if (typeof value === 'number') return { text: decimal(value), exact: null }
  const sign = value.top < 0n ? '-' : ''
  const top = value.top < 0n ? -value.top : value.top
  if (value.bottom === 1n) return { text: sign + String(top), exact: null }
  let rest = top % value.bottom
  let decimals = ''
  while (rest !== 0n && decimals.length < 20) {
    rest *= 10n
    decimals += String(rest / value.bottom)
    rest %= value.bottom
  }
  if (rest === 0n) return { text: `${sign}${top / value.bottom}.${decimals}`, exact: null }
  return { text: decimal(toNumber(value)), exact: `${value.top}/${value.bottom}` }
}

function decimal(value: number): string {
  if (Math.abs(value) >= 1e15 || (Math.abs(value) < 1e-6 && value !== 0)) return value.toExponential(11).replace(/\.?0+e/, 'e')
  return String(Number(value.toPrecision(12)))
}

function toNumber(value: Amount): number {
  if (typeof value === 'number') return value
  const exact = Number(value.top) / Number(value.bottom)
  if (Number.isFinite(exact)) return exact
  // Both too long for a number: their leading digits are enough.
  const shift = BigInt(Math.max(0, Math.min(value.top.toString(2).length, value.bottom.toString(2).length) - 1000))
  return Number(value.top >> shift) / Number(value.bottom >> shift)
}

function real(value: number): number {
  if (Number.isNaN(value)) throw new ExpressionError('That has no real result.')
  if (!Number.isFinite(value)) throw new ExpressionError('The result would be too long to write down.')
  return value
}

function reduced(top: bigint, bottom: bigint): Amount {
  let a = top < 0n ? -top : top
  let b = bottom
  while (b !== 0n) [a, b] = [b, a % b]
  return a > 1n ? { top: top / a, bottom: bottom / a } : { top, bottom }
}
