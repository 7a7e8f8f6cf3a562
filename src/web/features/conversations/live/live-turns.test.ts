import { beforeEach, expect, test, vi } from 'vitest'
import type { TurnId } from '../../../../contract/ids.ts'
import type { Part } from '../../../../contract/messages.ts'
import type { TurnEvent, TurnStreamItem } from '../../../../contract/turns.ts'
import { LiveTurns } from './live-turns.ts'
import type { Answer } from './turn-stream.ts'

const id = 't' as TurnId
const text = (value: string): Part => ({ type: 'text', step: 0, text: value })
const tokens = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite: 0 }
const ended: TurnEvent = { type: 'turn-ended', state: 'completed', error: null, tokens, costNanoUsd: '5', latencyMs: 1 }

let sequence: number
let say: (...events: TurnEvent[]) => void
let lose: () => void
let follows: (string | undefined)[]
let ends: (Answer | undefined)[]
let turns: LiveTurns

beforeEach(() => {
  sequence = 0
  follows = []
  ends = []
  turns = new LiveTurns({
    socket: {
      followTurn(_, after, onItems, onLost) {
        follows.push(after)
        say = (...events) => onItems(events.map((event): TurnStreamItem => ({ id: `1.${(sequence += 1)}`, event })))
        lose = () => onLost(undefined as never)
        return () => follows.push('left')
      },
    },
    onEnd: (_, answer) => ends.push(answer),
    schedule: (callback) => callback(),
  })
})

const delta = (offset: number, value: string): TurnEvent => ({ type: 'text-delta', part: 0, step: 0, offset, text: value })

test('what is stored is shown until the stream has caught up with it', () => {
  turns.follow(id, { state: 'running', parts: [text('hello wor')] })
  say(delta(0, 'hello'))
  expect(turns.get(id)?.parts).toEqual([text('hello wor')])
  say(delta(5, ' world'))
  expect(turns.get(id)?.parts).toEqual([text('hello world')])
})

test('a takeover that cuts text back is believed at once', () => {
  turns.follow(id, { state: 'running', parts: [text('hello world')] })
  say({ type: 'turn-resumed', parts: [text('hello')] })
  expect(turns.get(id)?.parts).toEqual([text('hello')])
})

test('a gap is healed by reading the stream again, without anything disappearing', () => {
  turns.follow(id, { state: 'running', parts: [] })
  say(delta(0, 'hello'))
  say(delta(9, 'gap'))
  expect(follows).toEqual([undefined, 'left', undefined])
  expect(turns.get(id)?.parts).toEqual([text('hello')])
  sequence = 0
  say(delta(0, 'hello wor'), delta(9, 'gap'))
  expect(turns.get(id)?.parts).toEqual([text('hello worgap')])
})

test('it is read once for all who look, and left with the last of them', () => {
  const leave = [turns.follow(id, { state: 'running', parts: [] }), turns.follow(id, { state: 'running', parts: [] })]
  leave[0]?.()
  leave[0]?.()
  expect(follows).toEqual([undefined])
  leave[1]?.()
  expect(follows).toEqual([undefined, 'left'])
  expect(turns.get(id)).toBeUndefined()
})

test('listeners hear of text, listeners of states only of states', () => {
  const onText = vi.fn()
  const onState = vi.fn()
  turns.subscribe(id, onText)
  turns.follow(id, { state: 'running', parts: [] })
  turns.subscribeStates(onState)
  say(delta(0, 'a'))
  expect([onText.mock.calls.length, onState.mock.calls.length]).toEqual([1, 0])
  say({ type: 'turn-waiting', callIds: ['c'] })
  expect([onText.mock.calls.length, onState.mock.calls.length]).toEqual([2, 1])
})

test('the end is passed on with the whole answer; a turn that cannot be followed without one', () => {
  turns.follow(id, { state: 'running', parts: [] })
  say(delta(0, 'done'), ended)
  expect(ends).toEqual([expect.objectContaining({ state: 'completed', parts: [text('done')], costNanoUsd: '5' })])
  turns.follow(id, { state: 'running', parts: [] })
  lose()
  expect(ends[1]).toBeUndefined()
  expect(turns.get(id)).toBeUndefined()
})
