import { expect, test } from 'vitest'
import { Secret } from '../vault/index.ts'
import { sessionCookie } from './session-cookie.ts'

test('under https the cookie is Secure and named so; elsewhere it is neither', () => {
  const secret = new Secret('x'.repeat(43))
  const secure = sessionCookie(secret, 'https://parley.example')
  expect(secure.set('t')).toMatch(/^__Secure-parley_session=t\.\S+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax; Secure$/)
  expect(secure.clear()).toBe('__Secure-parley_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax; Secure')
  expect(sessionCookie(secret, undefined).set('t')).not.toContain('ecure')
})

test('a token comes back only from a cookie that this secret signed', () => {
  const cookie = sessionCookie(new Secret('x'.repeat(43)), undefined)
  const value = /=(.+?);/.exec(cookie.set('tok.en'))![1]!
  expect(cookie.read(value)).toBe('tok.en')
  expect(sessionCookie(new Secret('y'.repeat(43)), undefined).read(value)).toBeUndefined()
})
