import { expect, test } from 'vitest'
import type { VisitMessage, VisitPart, VisitUpdate } from '../../contract/visits.ts'
import { applied, emptyVisit, isAnswering, isAwaited, unheard, type VisitState, withWish } from './visit-state.ts'

const message = (id: string, from: VisitMessage['from'], parts: VisitPart[], isWriting = false): VisitMessage => ({
  id: id as VisitMessage['id'],
  from,
  name: null,
  parts,
  isWriting,
  createdAt: '2026-01-01T00:00:00.000Z',
})
const text = (value: string): VisitPart => ({ type: 'text', text: value })
const after = (updates: VisitUpdate[], from: VisitState = emptyVisit) => updates.reduce(applied, from)
const say = (key: string) => ({ type: 'say', key, text: 'Hello' }) as const

test('a stream that is heard twice, or from a place in the middle, writes the same text', () => {
  const id = 'a' as VisitMessage['id']
  const begun: VisitUpdate = { type: 'messages', messages: [message('a', 'bot', [], true)] }
  const state = after([
    begun,
    { type: 'text', messageId: id, part: 1, offset: 0, text: 'Hel' },
    { type: 'text', messageId: id, part: 1, offset: 3, text: 'lo' },
    { type: 'text', messageId: id, part: 1, offset: 3, text: 'lo you' },
    { type: 'part', messageId: id, part: 2, value: { type: 'notice', text: 'Stopped.' } },
  ])
  expect(state.messages[0]!.parts).toEqual([{ type: 'hidden' }, text('Hello you'), { type: 'notice', text: 'Stopped.' }])
  expect(after([{ type: 'text', messageId: 'gone' as VisitMessage['id'], part: 0, offset: 0, text: 'x' }], state)).toEqual(state)
})

test('what was wished is awaited until the answer shows something', () => {
  const wished = withWish(emptyVisit, say('k'))
  expect([isAwaited(wished), isAnswering(wished)]).toEqual([true, false])
  const heard = after([{ type: 'messages', messages: [message('q', 'visitor', [text('Hello')])] }], wished)
  expect([unheard(wished).length, unheard(heard).length, heard.wishes.length]).toEqual([1, 0, 1])
  const accepted = after(
    [
      { type: 'messages', messages: [message('q', 'visitor', [text('Hello')]), message('a', 'bot', [], true)] },
      { type: 'ok', ref: 'k', messageId: 'q' as VisitMessage['id'] },
    ],
    wished,
  )
  expect([accepted.wishes, isAwaited(accepted), isAnswering(accepted)]).toEqual([[], true, true])
  const begun = after([{ type: 'text', messageId: 'a' as VisitMessage['id'], part: 0, offset: 0, text: 'Hi' }], accepted)
  expect([isAwaited(begun), isAnswering(begun)]).toEqual([false, true])
  const done = after([{ type: 'messages', messages: [message('a', 'bot', [text('Hi.')])] }], begun)
  expect([done.messages.map(({ id }) => id), isAnswering(done)]).toEqual([['q', 'a'], false])
})

test('a person may take as long as they like', () => {
  const state = after([{ type: 'visit', messages: [message('q', 'visitor', [text('Hello')])], handledBy: 'person' }])
  expect(isAwaited(withWish(state, say('k')))).toBe(false)
})

test('an ended visit can still be read, and what is said next begins another', () => {
  const read = after([
    { type: 'visit', messages: [message('q', 'visitor', [text('Hello')]), message('a', 'bot', [text('H')], true)], handledBy: 'bot' },
    { type: 'ended' },
    { type: 'visit', messages: [], handledBy: 'bot' },
  ])
  expect([read.isEnded, read.messages.length, isAnswering(read)]).toEqual([true, 2, false])
  expect(withWish(read, say('k'))).toEqual({ ...emptyVisit, wishes: [{ ...say('k'), after: 0 }] })
  // It ended by time while something was being said: that begins the next one.
  const late = after(
    [{ type: 'ended' }, { type: 'messages', messages: [message('q2', 'visitor', [text('Hello')])] }],
    withWish({ ...read, isEnded: false }, say('k')),
  )
  expect([late.messages.map(({ id }) => id), late.isEnded, unheard(late)]).toEqual([['q2'], false, []])
  expect(after([{ type: 'messages', messages: [message('b', 'bot', [text('New')])] }], read).messages.map(({ id }) => id)).toEqual(['b'])
  expect(after([{ type: 'visit', messages: [], handledBy: 'bot' }, { type: 'ended' }]).isEnded).toBe(false)
})

test('messages that did not change stay the same, so nobody draws them again', () => {
  const before = after([
    { type: 'visit', messages: [message('q', 'visitor', [text('Hello')]), message('a', 'bot', [], true)], handledBy: 'bot' },
  ])
  const next = after([{ type: 'text', messageId: 'a' as VisitMessage['id'], part: 0, offset: 0, text: 'Hi' }], before)
  expect(next.messages[0]).toBe(before.messages[0])
})
