import { expect, test } from 'vitest'
import type { ConversationId, UserId } from '../../../../contract/ids.ts'
import { ApiError } from '../../../errors.ts'
import { needsNewKey, readSending, type Sending, writeSending } from './sending.ts'

const sentAt = Date.parse('2026-01-01T12:00:00Z')
const soon = sentAt + 60_000
const late = sentAt + 16 * 60_000

const sending = (error?: ApiError): Sending => ({
  key: 'k1',
  userId: 'u' as UserId,
  conversationId: 'c' as ConversationId,
  text: 'Hello',
  files: [],
  depth: undefined,
  parentId: undefined,
  tryAgain: undefined,
  continueFrom: undefined,
  modelId: undefined,
  sentAt,
  error,
})
const reloaded = (error?: ApiError, now = soon) => readSending(writeSending(sending(error)), now)

test('a refusal keeps its reason and its words through a reload, and needs a new key to be sent again', () => {
  const refused = reloaded(new ApiError('budget.exhausted', { action: 'Ask Ada.', detail: 'Ten dollars a month.' }))

  expect(refused).toMatchObject({ key: 'k1', text: 'Hello' })
  expect(refused?.error).toMatchObject({ code: 'budget.exhausted', action: 'Ask Ada.', detail: 'Ten dollars a month.' })
  expect(refused?.error?.message).toBe(new ApiError('budget.exhausted').message)
  expect(refused && needsNewKey(refused)).toBe(true)
})

test('what got no answer keeps its key, so that it is one message however often it is sent', () => {
  const unanswered = reloaded(new ApiError('network'))

  expect(unanswered?.error?.code).toBe('network')
  expect(unanswered && needsNewKey(unanswered)).toBe(false)
})

test('what was under way goes on by itself, unless it waited too long', () => {
  expect(reloaded()).toEqual(sending())
  expect(reloaded(undefined, late)?.error?.code).toBe('network')
})

test('a refusal stays that, however old, even by a code that this version does not know', () => {
  expect(reloaded(new ApiError('model.no_key'), late)?.error?.code).toBe('model.no_key')
  const unknown = JSON.stringify({ ...sending(), error: { code: 'budget.of_tomorrow', message: 'Not today.' } })
  expect(readSending(unknown, soon)?.error).toMatchObject({ code: 'internal', message: 'Not today.' })
})

test('a message to a conversation that does not exist is given up', () => {
  expect(reloaded(new ApiError('conversation.not_found'))).toBeUndefined()
})

test.each(['', '{', 'null', '"text"', '{"key":"k1"}', '[]'])('%j is nothing that was sent', (text) => {
  expect(readSending(text, soon)).toBeUndefined()
})
