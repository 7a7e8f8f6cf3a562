import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WindowCounter } from './window-counter.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
afterEach(() => void vi.useRealTimers())

function addTimes(counter: WindowCounter, subject: string, times: number) {
  for (let count = 0; count < times; count++) counter.add(subject)
}

test('a subject at its limit waits for the end of its window, and nobody else does', () => {
  const counter = new WindowCounter({ limit: 3, windowMs: 10_000 })
  addTimes(counter, 'a', 2)
  expect(counter.waitSeconds('a')).toBe(0)
  vi.advanceTimersByTime(4_000)
  counter.add('a')

  expect(counter.waitSeconds('a')).toBe(6)
  expect(counter.waitSeconds('b')).toBe(0)
  vi.advanceTimersByTime(5_999)
  expect(counter.waitSeconds('a')).toBe(1)
  vi.advanceTimersByTime(1)
  expect(counter.waitSeconds('a')).toBe(0)
  addTimes(counter, 'a', 2)
  expect(counter.waitSeconds('a')).toBe(0)
})

test('any number of subjects takes the memory of the newest', () => {
  const counter = new WindowCounter({ limit: 1, windowMs: 10_000, maxSubjects: 2 })
  for (const subject of ['a', 'b', 'c']) counter.add(subject)

  expect(['a', 'b', 'c'].map((subject) => counter.waitSeconds(subject) > 0)).toEqual([false, true, true])
})
