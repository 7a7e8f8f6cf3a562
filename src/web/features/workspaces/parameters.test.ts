import { expect, test } from 'vitest'
import { parameters, parseParameter } from './parameters.ts'

const [temperature, maxTokens, , penalty] = parameters

test('an empty parameter is one that is not sent, which differs from zero', () => {
  if (!temperature) throw new Error('there is a temperature')
  expect(parseParameter(temperature, '  ')).toBeNull()
  expect(parseParameter(temperature, '0')).toBe(0)
  expect(parseParameter(temperature, '.7')).toBe(0.7)
})

test('what the server would refuse is told before', () => {
  if (!temperature || !maxTokens || !penalty) throw new Error('there are five parameters')
  expect(parseParameter(temperature, '2.1')).toBeUndefined()
  expect(parseParameter(temperature, 'warm')).toBeUndefined()
  expect(parseParameter(temperature, '1e0')).toBeUndefined()
  expect(parseParameter(maxTokens, '10.5')).toBeUndefined()
  expect(parseParameter(penalty, '−1.5')).toBe(-1.5)
})
