import { ORPCError } from '@orpc/client'
import { expect, test } from 'vitest'
import { ApiError, decodeProblem, errorOfNotice, toApiError } from './errors.ts'

const problem = {
  type: 'urn:parley:error:request.invalid',
  title: 'The request is not valid.',
  status: 422,
  code: 'request.invalid',
  action: 'Correct the fields.',
  detail: 'One field.',
  requestId: 'r1',
  issues: [{ path: ['email'], message: 'not an address' }],
}

test('problem details keep their words, their fields and their request', () => {
  const error = toApiError(decodeProblem(problem))
  expect(error).toBeInstanceOf(ApiError)
  expect(error).toMatchObject({
    code: 'request.invalid',
    status: 422,
    message: 'The request is not valid.',
    action: 'Correct the fields.',
    detail: 'One field.',
    requestId: 'r1',
    issues: [{ path: ['email'], message: 'not an address' }],
  })
})

test('what a proxy says instead is no problem of ours', () => {
  expect(decodeProblem('<h1>Bad gateway</h1>')).toBeUndefined()
  expect(decodeProblem({ code: 'made.up', status: 500 })).toBeUndefined()
  expect(decodeProblem({ code: 'toString' })).toBeUndefined()
  expect(toApiError(new ORPCError('BAD_GATEWAY', { status: 502 })).code).toBe('network')
  expect(toApiError(new ORPCError('TEAPOT', { status: 418 })).code).toBe('internal')
})

test('no connection is told apart from a bug, and both are said in words', () => {
  expect(toApiError(new TypeError('Failed to fetch'))).toMatchObject({ code: 'network', message: 'Parley cannot be reached.' })
  const bug = toApiError(new RangeError('secret internals'))
  expect(bug.code).toBe('internal')
  expect(`${bug.message} ${bug.action}`).not.toContain('secret')
})

test('an error inside a stream has the same words as one of a call', () => {
  const error = errorOfNotice({ code: 'budget.exhausted', detail: '$25 of $25.' })
  expect(error).toMatchObject({ message: 'The budget of this workspace is used up.', detail: '$25 of $25.', status: 402 })
})
