import type { Model } from '../../../contract/models.ts'
import { formatUsd, nanoToDecimal, parseUsd } from '../../strings/format.ts'
import { m } from './strings.ts'

type Price = Model['price']

/** People compare prices per million tokens; the contract counts per thousand. */
export const perMillion = (per1k: string): string => (BigInt(per1k) * 1000n).toString()

export const decimalPerMillion = (per1k: string | null): string => (per1k === null ? '' : nanoToDecimal(perMillion(per1k)))

/** Dollars per million as nano-dollars per thousand; null for an empty field, undefined for what is no amount or finer than a nano-dollar. */
export function parsePerMillion(text: string): string | null | undefined {
  if (text.trim() === '') return null
  const nano = parseUsd(text)
  if (nano === undefined || BigInt(nano) % 1000n !== 0n) return undefined
  return (BigInt(nano) / 1000n).toString()
}

export function describePrice(price: Price): string {
  if (price.origin === 'free') return m('price.free')
  if (price.inputPer1k === null && price.outputPer1k === null) return m('price.unknown')
  const one = (per1k: string | null) => (per1k === null ? m('price.unknown') : formatUsd(perMillion(per1k)))
  return m('price.both', { input: one(price.inputPer1k), output: one(price.outputPer1k) })
}
