import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { costOf, type Price, reservationFor, trancheCost, trancheTokens } from './money.ts'

const gpt4o: Price = {
  inputPer1k: 2_500_000n,
  outputPer1k: 10_000_000n,
  reasoningPer1k: null,
  cacheReadPer1k: 1_250_000n,
  cacheWritePer1k: null,
}
const none = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite: 0 }

const count = fc.integer({ min: 0, max: 2_000_000 })
const per1k = fc.bigInt({ min: 0n, max: 10n ** 9n })
const price = fc.record({
  inputPer1k: per1k,
  outputPer1k: per1k,
  reasoningPer1k: fc.option(per1k),
  cacheReadPer1k: fc.option(per1k),
  cacheWritePer1k: fc.option(per1k),
})

describe('the cost of a call', () => {
  test('counts cached and reasoning tokens once, at their own price', () => {
    const tokens = { input: 1000, output: 100, reasoning: 40, cacheRead: 400, cacheWrite: 100 }
    expect(costOf(tokens, { ...gpt4o, reasoningPer1k: 20_000_000n, cacheWritePer1k: 3_000_000n })).toBe(
      500n * 2_500n + 400n * 1_250n + 100n * 3_000n + 60n * 10_000n + 40n * 20_000n,
    )
  })

  test('is rounded half up, once', () => {
    const odd = { ...gpt4o, inputPer1k: 1n, outputPer1k: 1n }
    expect(costOf({ ...none, input: 499 }, odd)).toBe(0n)
    expect(costOf({ ...none, input: 500 }, odd)).toBe(1n)
    expect(costOf({ ...none, input: 250, output: 250 }, odd)).toBe(1n)
  })

  test('is unknown where a price that it needs is unknown, and only there', () => {
    const unknownOutput = { ...gpt4o, outputPer1k: null }
    expect(costOf({ ...none, input: 10 }, unknownOutput)).toBe(25_000n)
    expect(costOf({ ...none, input: 10, output: 1 }, unknownOutput)).toBeNull()
  })

  test('never falls when more tokens are used', () => {
    fc.assert(
      fc.property(count, count, count, price, (input, output, more, prices) => {
        const less = costOf({ ...none, input, output }, prices)!
        expect(costOf({ ...none, input: input + more, output }, prices)!).toBeGreaterThanOrEqual(less)
        expect(costOf({ ...none, input, output: output + more }, prices)!).toBeGreaterThanOrEqual(less)
      }),
    )
  })
})

describe('a reservation', () => {
  test('covers every call that stays within its tranche, whatever its tokens were', () => {
    const tranche = fc.integer({ min: 0, max: trancheTokens })
    fc.assert(
      fc.property(count, fc.nat(), fc.nat(), tranche, tranche, price, (input, read, written, output, reasoning, prices) => {
        // A cached token costs no more than a written one; providers have no other prices.
        fc.pre(prices.cacheReadPer1k === null || prices.cacheReadPer1k <= prices.inputPer1k)
        const cacheRead = read % (input + 1)
        const cacheWrite = written % (input - cacheRead + 1)
        const cost = costOf({ input, output, reasoning: Math.min(reasoning, output), cacheRead, cacheWrite }, prices)!
        expect(reservationFor(input, prices)!).toBeGreaterThanOrEqual(cost)
      }),
    )
  })

  test('is unknown where a price is, and free where all are zero', () => {
    expect(reservationFor(10, { ...gpt4o, inputPer1k: null })).toBeNull()
    expect(reservationFor(10, { ...gpt4o, outputPer1k: null })).toBeNull()
    expect(reservationFor(10_000, { inputPer1k: 0n, outputPer1k: 0n, reasoningPer1k: 0n, cacheReadPer1k: 0n, cacheWritePer1k: 0n })).toBe(
      0n,
    )
  })

  test('grows by a tranche of output', () => {
    expect(trancheCost(gpt4o)).toBe(10_000_000n)
  })
})
