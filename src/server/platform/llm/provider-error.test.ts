import { APICallError } from '@ai-sdk/provider'
import { expect, test } from 'vitest'
import { AppError } from '../errors/index.ts'
import { EgressError } from '../egress/index.ts'
import { publicSentence, toAppError } from './provider-error.ts'
import { retryAfterSeconds } from './retry-after.ts'

function answered(statusCode: number, message: string, headers: Record<string, string> = {}) {
  return new APICallError({
    message,
    url: 'https://internal.example/v1',
    requestBodyValues: {},
    statusCode,
    responseHeaders: headers,
    responseBody: '',
  })
}

test.each([
  [400, "This model's maximum context length is 8192 tokens", 'provider.context_too_long'],
  [400, 'prompt is too long: 208310 tokens > 200000 maximum', 'provider.context_too_long'],
  [400, 'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000', 'provider.context_too_long'],
  [400, 'the request exceeds the available context size. try increasing the context size', 'provider.context_too_long'],
  [413, 'Payload too large', 'provider.context_too_long'],
  [402, 'Insufficient Balance', 'provider.quota'],
  [429, 'You exceeded your current quota, please check your plan and billing details.', 'provider.quota'],
  [429, 'You exceeded your current quota. Please retry in 12.5s.', 'provider.rate_limited'],
  [408, 'Request timeout', 'provider.timeout'],
  [504, 'Gateway timeout', 'provider.timeout'],
  [529, 'Overloaded', 'provider.unavailable'],
  [502, '<html>Bad gateway</html>', 'provider.unavailable'],
  [422, 'temperature must be at most 2', 'provider.rejected'],
])('%i “%s” is %s', (status, message, code) => {
  expect(toAppError(answered(status, message)).code).toBe(code)
})

test('errors inside streams are read from what they say of themselves', () => {
  expect(toAppError({ message: 'Overloaded', type: 'overloaded_error' }).code).toBe('provider.unavailable')
  expect(toAppError({ message: 'slow down', type: 'rate_limit_error' }).code).toBe('provider.rate_limited')
  expect(toAppError({ message: 'no', code: 401 }).code).toBe('provider.auth')
  expect(toAppError({ message: 'too long', code: 'context_length_exceeded' }).code).toBe('provider.context_too_long')
  expect(toAppError('something').code).toBe('provider.unavailable')
  expect(toAppError(undefined).code).toBe('provider.unavailable')
})

test('what the egress client says goes through every wrapping', () => {
  const wrapped = (cause: unknown) => new APICallError({ message: 'Cannot connect', url: '', requestBodyValues: {}, cause })
  expect(toAppError(wrapped(new EgressError('unreachable'))).code).toBe('provider.unavailable')
  expect(toAppError(wrapped(new EgressError('timeout'))).code).toBe('provider.timeout')
  expect(toAppError(wrapped(new AppError('connection.address_forbidden'))).code).toBe('connection.address_forbidden')
})

test('what is shown of a refusal holds no key and no page', () => {
  expect(publicSentence('<p>Wrong key sk-proj-abcdef1234567890 for   you</p>')).toBe('Wrong key … for you')
  expect(publicSentence('x'.repeat(1000))?.length).toBe(300)
  expect(publicSentence('<br>')).toBeUndefined()
})

test.each<[Record<string, string>, string, number | undefined]>([
  [{ 'retry-after': '7' }, '', 7],
  [{ 'retry-after-ms': '1500' }, '', 2],
  [{ 'retry-after': new Date(Date.now() + 30_000).toUTCString() }, '', 30],
  [{ 'retry-after': new Date(Date.now() - 30_000).toUTCString() }, '', 1],
  [{ 'retry-after': 'soon' }, '', undefined],
  [{ 'retry-after': '999999' }, '', 3600],
  [{}, '"retryDelay": "17.4s"', 18],
  [{}, 'Please try again in 250ms.', 1],
  [{}, 'Please try again in 6.2s.', 7],
  [{}, 'Please wait.', undefined],
])('%j and “%s” mean %s seconds', (headers, text, expected) => {
  const seconds = retryAfterSeconds(headers, text)
  // A date has no fractions of a second.
  if (expected === 30) expect([29, 30]).toContain(seconds)
  else expect(seconds).toBe(expected)
})
