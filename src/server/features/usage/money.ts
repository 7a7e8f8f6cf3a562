import type { TokenCounts } from '../../../contract/messages.ts'

/** Nano-dollars per 1,000 tokens; null is unknown, which is never zero. */
export interface Price {
  inputPer1k: bigint | null
  outputPer1k: bigint | null
  reasoningPer1k: bigint | null
  cacheReadPer1k: bigint | null
  cacheWritePer1k: bigint | null
}

/** A call reserves its input and this much output; a longer answer reserves as much again when four fifths are used. */
export const trancheTokens = 1000

/**
 * What a call cost, rounded half up once. `input` includes cached tokens and `output` includes reasoning, as providers report them, so those are taken
 * out before they are priced on their own: counting them twice is the commonest error in such sums. Null where a needed price is unknown.
 */
export function costOf(tokens: TokenCounts, price: Price): bigint | null {
  const plainInput = Math.max(0, tokens.input - tokens.cacheRead - tokens.cacheWrite)
  const plainOutput = Math.max(0, tokens.output - tokens.reasoning)
  const terms: [number, bigint | null][] = [
    [plainInput, price.inputPer1k],
    [tokens.cacheRead, price.cacheReadPer1k ?? price.inputPer1k],
    [tokens.cacheWrite, price.cacheWritePer1k ?? price.inputPer1k],
    [plainOutput, price.outputPer1k],
    [tokens.reasoning, price.reasoningPer1k ?? price.outputPer1k],
  ]
  let thousandths = 0n
  for (const [count, per1k] of terms) {
    if (count === 0) continue
    if (per1k === null) return null
    thousandths += BigInt(count) * per1k
  }
  return (thousandths + 500n) / 1000n
}

/** The most that `inputTokens` and a tranche of output can cost, rounded up; null where the price is unknown. */
export function reservationFor(inputTokens: number, price: Price): bigint | null {
  const input = highest(price.inputPer1k, price.cacheWritePer1k)
  const output = highest(price.outputPer1k, price.reasoningPer1k)
  if (input === null || output === null) return null
  return (BigInt(inputTokens) * input + BigInt(trancheTokens) * output + 999n) / 1000n
}

/** One more tranche of output. */
export function trancheCost(price: Price): bigint {
  return ((highest(price.outputPer1k, price.reasoningPer1k) ?? 0n) * BigInt(trancheTokens) + 999n) / 1000n
}

function highest(base: bigint | null, other: bigint | null): bigint | null {
  if (base === null) return null
  return other !== null && other > base ? other : base
}
