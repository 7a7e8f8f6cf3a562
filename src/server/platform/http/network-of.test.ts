import { expect, test } from 'vitest'
import { networkOf } from './network-of.ts'

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2::1', '2001:db8:1:2:0:0:0:9'],
  ['somebody@example.org', 'somebody@example.org'],
])('%s counts as %s', (one, other) => expect(networkOf(one)).toBe(networkOf(other)))

test('neighbours are told apart', () => {
  expect(networkOf('2001:db8:1:2::1')).not.toBe(networkOf('2001:db8:1:3::1'))
  expect(networkOf('192.0.2.7')).not.toBe(networkOf('192.0.2.8'))
})
