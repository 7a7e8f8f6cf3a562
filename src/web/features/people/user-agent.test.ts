import { expect, test } from 'vitest'
import { describeUserAgent } from './user-agent.ts'

test('a browser that calls itself many things is told apart', () => {
  const chrome = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36'
  expect(describeUserAgent(chrome)).toBe('Chrome on Linux')
  expect(describeUserAgent(`${chrome} Edg/140.0.0.0`)).toBe('Edge on Linux')
  expect(
    describeUserAgent(
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
    ),
  ).toBe('Safari on iPhone')
})

test('what is no browser is shown as it calls itself', () => {
  expect(describeUserAgent('curl/8.5.0')).toBe('curl/8.5.0')
  expect(describeUserAgent(null)).toBe('Unknown browser')
})
