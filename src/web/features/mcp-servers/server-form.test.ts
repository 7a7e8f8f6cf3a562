import { expect, test } from 'vitest'
import { linesOf, pairsOf } from './server-form.ts'

test('lines are read as pairs, values with their separators', () => {
  expect(pairsOf('A=1\n\n B = two=2 \n', '=')).toEqual({ A: '1', B: ' two=2 ' })
  expect(pairsOf('Authorization: Bearer a:b\nX-Key:1', ':')).toEqual({ Authorization: 'Bearer a:b', 'X-Key': '1' })
  expect(pairsOf('', '=')).toEqual({})
  expect(pairsOf('no separator', '=')).toBeUndefined()
  expect(pairsOf('=value', '=')).toBeUndefined()
  expect(linesOf('-y\n\n a b \n')).toEqual(['-y', ' a b '])
})
