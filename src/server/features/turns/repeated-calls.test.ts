import { expect, test } from 'vitest'
import type { StoredPart } from '../conversations/index.ts'
import { hasKeptRepeating, judgeCalls, repeatedResult, stillRepeatingResult } from './repeated-calls.ts'

/** Passes of one call each, as `name=result`. */
const passes = (...calls: string[]): StoredPart[] =>
  calls.map((call, index) => {
    const [toolName = '', result = ''] = call.split('=')
    return { type: 'tool-call', step: index + 1, callId: `c${index}`, toolName, arguments: {}, state: 'completed', result, durationMs: 1 }
  })
const call = (toolName: string, args: unknown = {}) => [{ toolName, arguments: args }]
const refused = (name: string) => `${name}=${repeatedResult}`

test.each([
  ['nothing before', [], 'a', 'run'],
  ['twice the same', ['a=1', 'a=1'], 'a', 'run'],
  ['three times the same', ['b=1', 'a=1', 'a=1', 'a=1'], 'a', 'tell'],
  ['three times the same, and now something else', ['a=1', 'a=1', 'a=1'], 'b', 'run'],
  ['another result each time', ['a=1', 'a=2', 'a=3'], 'a', 'run'],
  ['a result that came at last', ['a=wait', 'a=wait', 'a=done'], 'a', 'run'],
  ['two in turn, three times', ['a=1', 'b=2', 'a=1', 'b=2', 'a=1', 'b=2'], 'a', 'tell'],
  ['two in turn, and one brings something new', ['a=1', 'b=2', 'a=1', 'b=2', 'a=1', 'b=3'], 'a', 'run'],
  ['told, and again', ['a=1', 'a=1', 'a=1', refused('a')], 'a', 'end'],
  ['told in a cycle, and on with the other', ['a=1', 'b=2', 'a=1', 'b=2', 'a=1', 'b=2', refused('a')], 'b', 'end'],
  ['told, and heard', ['a=1', 'a=1', 'a=1', refused('a')], 'b', 'run'],
] as const)('%s', (_, before, next, verdict) => {
  expect(judgeCalls(passes(...before), 1, call(next))).toBe(verdict)
})

test('the same arguments in another order are the same; others are not', () => {
  const before = passes('a=1', 'a=1', 'a=1').map((part) => ({ ...part, arguments: { x: 1, y: [{ p: 1, q: 2 }] } })) as StoredPart[]
  expect(judgeCalls(before, 1, call('a', { y: [{ q: 2, p: 1 }], x: 1 }))).toBe('tell')
  expect(judgeCalls(before, 1, call('a', { y: [{ q: 2, p: 3 }], x: 1 }))).toBe('run')
})

test('what an answer did before it was continued does not count', () => {
  expect(judgeCalls(passes('a=1', 'a=1', 'a=1'), 4, call('a'))).toBe('run')
})

test('only the pass before says that it would not leave off', () => {
  const parts = passes('a=1', `a=${stillRepeatingResult}`)
  expect(hasKeptRepeating(parts, 3)).toBe(true)
  expect(hasKeptRepeating(parts, 4)).toBe(false)
})
