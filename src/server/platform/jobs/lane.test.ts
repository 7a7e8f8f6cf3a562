import { expect, test } from 'vitest'
import { createLane } from './lane.ts'

test('so many pieces at once, of their owners in turn; a failure is told to whoever asked, and stops nobody', async () => {
  const lane = createLane(2)
  const begun: string[] = []
  let running = 0
  let most = 0
  const piece = (name: string) =>
    lane(name[0]!, async () => {
      begun.push(name)
      most = Math.max(most, ++running)
      await new Promise((resolve) => setImmediate(resolve))
      running--
      if (name === 'a3') throw new Error('damaged')
      return name
    })

  const outcomes = await Promise.allSettled(['a1', 'a2', 'a3', 'a4', 'a5', 'b1', 'c1', 'b2'].map(piece))

  expect(begun).toEqual(['a1', 'a2', 'a3', 'b1', 'c1', 'a4', 'b2', 'a5'])
  expect(most).toBe(2)
  expect(outcomes.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(1)
  expect(await piece('b3')).toBe('b3')
})

test('what is given up while it waits is not begun; what runs goes on', async () => {
  const lane = createLane(1)
  const first = Promise.withResolvers<string>()
  const running = lane('a', () => first.promise)
  const leaving = new AbortController()
  const begun: string[] = []
  const given = lane('a', async () => void begun.push('given up'), leaving.signal)
  const after = lane('a', async () => void begun.push('after'))
  leaving.abort(new Error('no longer wanted'))
  await expect(given).rejects.toThrow('no longer wanted')
  await expect(lane('b', async () => 'late', leaving.signal)).rejects.toThrow('no longer wanted')
  first.resolve('whole')
  expect(await running).toBe('whole')
  await after
  expect(begun).toEqual(['after'])
})
