import { expect, test } from 'vitest'
import type { ConversationId, MessageId, TurnId } from '../../../../contract/ids.ts'
import type { Message } from '../../../../contract/messages.ts'
import { addPage, emptyWindow, findGap, replaceEnd } from './window.ts'

const conversationId = 'c' as ConversationId

/** A message of the branch `branch` at `depth`. */
const message = (depth: number, branch = 'a', parentBranch = branch): Message => ({
  id: `${branch}${depth}` as MessageId,
  conversationId,
  parentId: depth === 0 ? null : (`${parentBranch}${depth - 1}` as MessageId),
  role: depth % 2 === 0 ? 'user' : 'assistant',
  authorName: '',
  parts: [],
  depth,
  serial: depth,
  siblingIds: [],
  answer: null,
  feedback: null,
  summary: null,
  createdAt: '2026-01-01T00:00:00Z',
})
const range = (from: number, to: number, branch = 'a') => Array.from({ length: to - from }, (_, index) => message(from + index, branch))

test('pages from both ends leave a hole between them', () => {
  const end = addPage(emptyWindow, { messages: range(90, 100), pathLength: 100 })
  const both = addPage(end, { messages: range(0, 10), pathLength: 100 })
  expect(both.messages.size).toBe(20)
  expect(findGap(both, 5, 15)).toBe(10)
  expect(findGap(both, 0, 10)).toBeUndefined()
  expect(findGap(both, 88, 200)).toBe(88)
})

test('a page of another branch throws out what does not lead to it', () => {
  const known = addPage(emptyWindow, { messages: range(0, 20), pathLength: 20 })
  const fork = [message(10, 'b', 'a'), message(11, 'b')]
  const forked = addPage(known, { messages: fork, pathLength: 12 })
  expect([...forked.messages.values()].map((m) => m.id)).toEqual([...range(0, 10).map((m) => m.id), 'b10', 'b11'])
  const elsewhere = addPage(known, { messages: range(10, 12, 'c'), pathLength: 12 })
  expect([...elsewhere.messages.keys()]).toEqual([10, 11])
})

test('a page in the middle keeps what comes after it on the same branch', () => {
  const known = addPage(emptyWindow, { messages: range(10, 20), pathLength: 20 })
  expect(addPage(known, { messages: range(5, 10), pathLength: 20 }).messages.size).toBe(15)
  expect([...addPage(known, { messages: range(5, 10, 'b'), pathLength: 20 }).messages.keys()]).toEqual([5, 6, 7, 8, 9])
})

test('another end replaces all that was there', () => {
  const known = addPage(emptyWindow, { messages: range(0, 20), pathLength: 20 })
  const replaced = replaceEnd(known, 3, [message(3, 'b', 'a'), message(4, 'b')])
  expect(replaced.pathLength).toBe(5)
  expect([...replaced.messages.keys()]).toEqual([0, 1, 2, 3, 4])
  expect(known.messages.size).toBe(20)
})

test('an empty path empties the window', () => {
  const known = addPage(emptyWindow, { messages: range(0, 3), pathLength: 3 })
  expect(addPage(known, { messages: [], pathLength: 0 })).toEqual({ pathLength: 0, messages: new Map() })
})

test('a page that is older than the end of an answer does not take the end back', () => {
  const answered = (state: 'running' | 'completed', text: string): Message => ({
    ...message(1),
    parts: [{ type: 'text', step: 1, text }],
    siblingIds: state === 'running' ? (['a1', 'b1'] as MessageId[]) : [],
    answer: {
      turnId: 't' as TurnId,
      state,
      modelId: null,
      modelName: 'm',
      provider: 'built-in',
      keyOrigin: 'house',
      error: null,
      tokens: null,
      costNanoUsd: null,
      latencyMs: null,
    },
  })
  const ended = addPage(emptyWindow, { messages: [message(0), answered('completed', 'whole')], pathLength: 2 })
  const after = addPage(ended, { messages: [message(0), answered('running', 'wh')], pathLength: 2 })
  expect(after.messages.get(1)).toEqual({ ...answered('completed', 'whole'), siblingIds: ['a1', 'b1'] })
  expect(addPage(after, { messages: [answered('completed', 'whole, and more')], pathLength: 2 }).messages.get(1)?.parts).toEqual([
    { type: 'text', step: 1, text: 'whole, and more' },
  ])
})
