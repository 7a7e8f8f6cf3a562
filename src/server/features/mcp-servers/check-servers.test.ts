import { expect, test } from 'vitest'
import { pauseAfter } from './check-servers.ts'

test('pauses double up to an hour, and no two servers keep step', () => {
  const minutes = (failures: number, chance: number) => pauseAfter(failures, chance) / 60_000
  expect([1, 2, 3, 6, 7, 30].map((failures) => minutes(failures, 0.5))).toEqual([1, 2, 4, 32, 60, 60])
  expect([0, 1].map((chance) => minutes(2, chance))).toEqual([1.8, 2.2])
  expect(minutes(0, 0.5)).toBe(10)
})
