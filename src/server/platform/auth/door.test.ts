import { expect, test } from 'vitest'
import { AppError } from '../errors/index.ts'
import type { Caller } from './caller.ts'
import { type ActorSource, openDoor } from './door.ts'
import type { Actor } from './index.ts'

const actor = (principalId: string): Actor => ({
  principalId,
  kind: 'user',
  name: principalId,
  grants: [],
  scopes: null,
  sessionId: 's',
  apiKeyId: null,
  homeWorkspaceId: 'w',
})
const caller = (headers: Record<string, string>, method = 'GET', isUpgrade = false): Caller => ({
  method,
  isUpgrade,
  header: (name) => headers[name],
})
const cookie = caller({ cookie: 'other=1; parley_session=abc.def' })

/** A source whose answers the test gives, with a notifier that connects the doors that share it. */
function setUp(maxAgeMs = 5000) {
  const pending: ((found: Actor | undefined) => void)[] = []
  const listeners = new Set<(payload: string) => void>()
  let reconnect = () => {}
  const find: ActorSource['findBySession'] = () => new Promise((resolve) => pending.push(resolve))
  const open = () =>
    openDoor({
      source: { findBySession: find, findByApiKey: find, findByPrincipal: find, findByApiKeyId: find, findByAppToken: find },
      notifier: {
        notify: (_, payload) => listeners.forEach((listener) => listener(payload)),
        async listen(_, onPayload, onReconnect = () => {}) {
          listeners.add(onPayload)
          reconnect = onReconnect
          return async () => void listeners.delete(onPayload)
        },
      },
      publicUrl: undefined,
      cookieName: 'parley_session',
      maxAgeMs,
    })
  return { pending, open, reconnect: () => reconnect() }
}

test('one look-up serves everybody who asks meanwhile, and some seconds after', async () => {
  const { pending, open } = setUp()
  const door = await open()
  const asked = [door.authenticate(cookie), door.authenticate(cookie), door.authenticate(cookie)]
  expect(pending).toHaveLength(1)
  pending[0]!(actor('red'))
  expect((await Promise.all(asked)).map(({ principalId }) => principalId)).toEqual(['red', 'red', 'red'])
  await door.authenticate(cookie)
  expect(pending).toHaveLength(1)
})

test('what is known grows old', async () => {
  const { pending, open } = setUp(0)
  const door = await open()
  const first = door.authenticate(cookie)
  pending[0]!(actor('red'))
  await first
  void door.authenticate(cookie)
  expect(pending).toHaveLength(2)
})

test('an invalidation reaches every door, drops look-ups that are under way, and runs the hooks', async () => {
  const { pending, open } = setUp()
  const [here, there] = [await open(), await open()]
  const told: string[] = []
  const unhook = there.onActorInvalidated((principalId) => told.push(principalId))
  const early = there.authenticate(cookie)

  here.invalidate('red')
  const late = there.authenticate(cookie)
  expect(pending).toHaveLength(2)
  pending[0]!(actor('red'))
  pending[1]!(undefined)

  expect((await early).principalId).toBe('red') // it asked before the change
  await expect(late).rejects.toMatchObject({ code: 'auth.required' })
  expect(told).toEqual(['red'])
  unhook()
  here.invalidate('red')
  expect(told).toEqual(['red'])
})

test('after a lost connection nobody is believed without asking', async () => {
  const { pending, open, reconnect } = setUp()
  const door = await open()
  const told: string[] = []
  door.onActorInvalidated((principalId) => told.push(principalId))
  const first = door.authenticate(cookie)
  pending[0]!(actor('red'))
  await first
  reconnect()
  void door.authenticate(cookie)
  expect([pending.length, told]).toEqual([2, ['red']])
})

test('a refusal is not kept', async () => {
  const { pending, open } = setUp()
  const door = await open()
  const first = door.authenticate(cookie)
  pending[0]!(undefined)
  await expect(first).rejects.toMatchObject({ code: 'auth.required' })
  const second = door.authenticate(cookie)
  pending[1]!(actor('red'))
  expect((await second).principalId).toBe('red')
})

test.each<[string, Caller, string | undefined]>([
  ['no credential', caller({}), 'auth.required'],
  ['another cookie', caller({ cookie: 'parley_session2=x' }), 'auth.required'],
  ['a scheme that is not Bearer', caller({ authorization: 'Basic eDp5' }), 'auth.key_invalid'],
  ['a read by cookie from another site', caller({ cookie: 'parley_session=a', origin: 'https://evil.example' }), undefined],
  [
    'a write by cookie from another site',
    caller({ cookie: 'parley_session=a', origin: 'https://evil.example', host: 'parley.example' }, 'POST'),
    'request.cross_site',
  ],
  [
    'a socket from another site',
    caller({ cookie: 'parley_session=a', origin: 'https://evil.example', host: 'parley.example' }, 'GET', true),
    'request.cross_site',
  ],
  ['a socket without an origin', caller({ cookie: 'parley_session=a' }, 'GET', true), 'request.cross_site'],
  [
    'a socket from our own page',
    caller({ cookie: 'parley_session=a', origin: 'https://parley.example', host: 'parley.example' }, 'GET', true),
    undefined,
  ],
  ['a write by key from anywhere', caller({ authorization: 'Bearer pk_x', origin: 'https://evil.example' }, 'POST'), undefined],
])('%s', async (_, request, code) => {
  const { pending, open } = setUp()
  const door = await open()
  const outcome = door.authenticate(request).then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : error),
  )
  pending[0]?.(actor('red'))
  expect(await outcome).toBe(code)
})
