import { expect, test } from 'vitest'
import { groupByTime } from './conversation-groups.ts'

const at = (year: number, month: number, day: number, hour = 12): { updatedAt: string } => ({
  updatedAt: new Date(year, month - 1, day, hour).toISOString(),
})
const labels = (items: { updatedAt: string }[], now: Date) => groupByTime(items, now).map((group) => [group.label, group.items.length])

test('conversations fall into calendar days, then months', () => {
  const now = new Date(2026, 10, 22, 0, 30)
  const items = [
    at(2026, 11, 22, 0),
    at(2026, 11, 21, 23),
    at(2026, 11, 21, 1),
    at(2026, 11, 15),
    at(2026, 11, 14),
    at(2026, 3, 1),
    at(2025, 11, 30),
  ]
  expect(labels(items, now)).toEqual([
    ['Today', 1],
    ['Yesterday', 2],
    ['Last 7 days', 1],
    ['November', 1],
    ['March', 1],
    ['November 2025', 1],
  ])
})

test('a clock that runs ahead still means today, and nothing makes no group', () => {
  expect(labels([at(2026, 11, 23)], new Date(2026, 10, 22, 12))).toEqual([['Today', 1]])
  expect(groupByTime([])).toEqual([])
})
