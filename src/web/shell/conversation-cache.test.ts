import { expect, test } from 'vitest'
import type { Conversation } from '../../contract/conversations.ts'
import { placed } from './conversation-cache.ts'

const one = (id: string, updatedAt: string) => ({ id, updatedAt, title: id, isPinned: false }) as unknown as Conversation
const pages = (nextCursor: string | null, ...groups: Conversation[][]) => ({
  pages: groups.map((conversations, index) => ({ conversations, nextCursor: index === groups.length - 1 ? nextCursor : 'more' })),
  pageParams: groups.map(() => undefined),
})
const ids = (data: ReturnType<typeof placed>) => data.pages.map((page) => page.conversations.map(({ id }) => id))

test('a conversation moves to where its time places it, over the edges of pages', () => {
  const data = pages(null, [one('d', '2026-04'), one('c', '2026-03')], [one('b', '2026-02'), one('a', '2026-01')])
  expect(ids(placed(data, one('a', '2026-05'), true))).toEqual([['a', 'd', 'c'], ['b']])
  expect(ids(placed(data, one('d', '2026-01-15'), true))).toEqual([['c'], ['b', 'd', 'a']])
  expect(ids(placed(data, one('e', '2025'), true))).toEqual([
    ['d', 'c'],
    ['b', 'a', 'e'],
  ])
})

test('what is pinned stands before what is newer', () => {
  const pinned = (id: string, updatedAt: string) => ({ ...one(id, updatedAt), isPinned: true })
  const data = pages(null, [pinned('p', '2026-02'), one('d', '2026-04'), one('c', '2026-03')])
  expect(ids(placed(data, pinned('c', '2026-03'), true))).toEqual([['c', 'p', 'd']])
  expect(ids(placed(data, one('p', '2026-02'), true))).toEqual([['d', 'c', 'p']])
})

test('older than what was loaded, it waits until it is', () => {
  const data = pages('next', [one('b', '2026-02')])
  expect(ids(placed(data, one('a', '2026-01'), true))).toEqual([['b']])
})

test('what no longer belongs to a list leaves it', () => {
  const data = pages(null, [one('b', '2026-02'), one('a', '2026-01')])
  expect(ids(placed(data, one('b', '2026-03'), false))).toEqual([['a']])
})
