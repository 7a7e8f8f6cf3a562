import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Part } from '../../../../contract/messages.ts'
import type { TurnEvent, TurnStreamItem } from '../../../../contract/turns.ts'
import { applyEvent, applyItems, beginAnswer } from './turn-stream.ts'

/** Whole streams as an engine writes them: offsets that fit, parts in order, and now and then a takeover that cuts back. */
const streams = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({ kind: fc.constant('text' as const), text: fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }) }),
      },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('reasoning' as const), text: fc.string({ minLength: 1, maxLength: 12 }) }) },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('tool' as const), state: fc.constantFrom('asked', 'running', 'completed', 'failed') }),
      },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('takeover' as const), kept: fc.double({ min: 0, max: 1, noNaN: true }) }) },
    ),
    { maxLength: 40 },
  )
  .map((moves) => {
    const items: TurnStreamItem[] = []
    let epoch = 1
    let sequence = 0
    let parts: Part[] = []
    const say = (event: TurnEvent) => items.push({ id: `${epoch}.${(sequence += 1)}`, event })
    for (const move of moves) {
      const last = parts.at(-1)
      if (move.kind === 'takeover') {
        epoch += 1
        sequence = 0
        parts = parts.map((part) =>
          part.type === 'text' ? { ...part, text: part.text.slice(0, Math.floor(part.text.length * move.kept)) } : part,
        )
        say({ type: 'turn-resumed', parts })
      } else if (move.kind === 'tool') {
        const value: Part = {
          type: 'tool-call',
          step: 0,
          callId: `c${parts.length}`,
          toolName: 'calculate',
          arguments: {},
          state: move.state as 'asked',
          result: null,
          durationMs: null,
        }
        say({ type: 'part', part: parts.length, value })
        parts = [...parts, value]
      } else {
        const open = last?.type === move.kind ? last : undefined
        const index = open ? parts.length - 1 : parts.length
        const before = open?.text ?? ''
        say({ type: `${move.kind}-delta`, part: index, step: 0, offset: before.length, text: move.text })
        const text = before + move.text
        parts = [
          ...parts.slice(0, index),
          move.kind === 'text' ? { type: 'text', step: 0, text } : { type: 'reasoning', step: 0, text, durationMs: null },
        ]
      }
    }
    return { items, parts }
  })

test('a stream gives the parts that its writer had', () => {
  fc.assert(
    fc.property(streams, ({ items, parts }) => {
      const answer = applyItems(beginAnswer(), items)
      expect(answer.parts).toEqual(parts)
      expect(answer.isBroken).toBe(false)
    }),
  )
})

test('cut anywhere, with the last events sent again, it is the same answer', () => {
  fc.assert(
    fc.property(streams, fc.array(fc.tuple(fc.nat(), fc.nat(8)), { maxLength: 6 }), ({ items }, cuts) => {
      let answer = beginAnswer()
      let from = 0
      for (const [at, again] of cuts) {
        const end = from + (items.length > from ? at % (items.length - from + 1) : 0)
        answer = applyItems(answer, items.slice(Math.max(0, from - again), end))
        from = end
      }
      answer = applyItems(answer, items.slice(Math.max(0, from - 3)))
      expect(answer).toEqual(applyItems(beginAnswer(), items))
    }),
  )
})

test('a prefix replayed without positions, as after a lost acknowledgement, is harmless within one epoch', () => {
  fc.assert(
    fc.property(streams, fc.nat(), ({ items }, at) => {
      const sameEpoch = items.filter((item) => item.id.startsWith('1.'))
      const replayed = [...sameEpoch.slice(0, at % (sameEpoch.length + 1)), ...sameEpoch]
      const apply = (list: TurnStreamItem[]) => list.reduce((answer, item) => applyEvent(answer, item.event), beginAnswer()).parts
      expect(apply(replayed)).toEqual(apply(sameEpoch))
    }),
  )
})

test('a delta before a gap is not glued to the wrong place', () => {
  const answer = applyEvent(beginAnswer(), { type: 'text-delta', part: 0, step: 0, offset: 5, text: 'world' })
  expect(answer.isBroken).toBe(true)
  expect(answer.parts).toEqual([])
})

test('a snapshot heals what was broken, and deltas go on from it', () => {
  const broken = applyEvent(beginAnswer(), { type: 'text-delta', part: 0, step: 0, offset: 5, text: 'x' })
  const healed = applyEvent(broken, { type: 'snapshot', state: 'running', parts: [{ type: 'text', step: 0, text: 'hello' }] })
  const next = applyEvent(healed, { type: 'text-delta', part: 0, step: 0, offset: 5, text: ' world' })
  expect(next.parts).toEqual([{ type: 'text', step: 0, text: 'hello world' }])
  expect(next.isBroken).toBe(false)
})

test('waiting, going on, ending', () => {
  const waiting = applyEvent(beginAnswer(), { type: 'turn-waiting', callIds: ['c1'] })
  expect(waiting.state).toBe('waiting')
  expect(applyEvent(waiting, { type: 'turn-continued' }).state).toBe('running')
  const tokens = { input: 1, output: 2, reasoning: 0, cacheRead: 0, cacheWrite: 0 }
  const ended = applyEvent(waiting, {
    type: 'turn-ended',
    state: 'failed',
    error: { code: 'provider.timeout' },
    tokens,
    costNanoUsd: null,
    latencyMs: 12,
  })
  expect(ended).toMatchObject({ state: 'failed', error: { code: 'provider.timeout' }, tokens, costNanoUsd: null, latencyMs: 12 })
})

test('reasoning keeps its duration when its text is sent again', () => {
  const delta: TurnEvent = { type: 'reasoning-delta', part: 0, step: 0, offset: 0, text: 'hm' }
  const ended = applyEvent(applyEvent(beginAnswer(), delta), { type: 'reasoning-end', part: 0, durationMs: 6000 })
  expect(applyEvent(ended, delta).parts[0]).toEqual({ type: 'reasoning', step: 0, text: 'hm', durationMs: 6000 })
})
