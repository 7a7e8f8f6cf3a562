import { expect, test } from 'vitest'
import { bots } from '../../../../contract/bots.ts'
import { ranges } from './ranges.ts'

const { inputSchema } = bots.update['~orpc']
const pageId = '00000000-0000-7000-8000-000000000001'

test.each(Object.entries(ranges))('%s is refused here where the server would refuse it', (field, { min, max, isWhole }) => {
  const step = isWhole ? 1 : 0.1
  const isTaken = (value: number) => inputSchema?.safeParse({ pageId, [field]: value }).success
  expect([min, max].map(isTaken)).toEqual([true, true])
  expect([min - step, max + step].map(isTaken)).toEqual([false, false])
  expect(isTaken(min + 0.5)).toBe(!isWhole)
})
