import { expect, test } from 'vitest'
import { startTestApp, useTestApp } from '../../../../test/support/test-app.ts'

const shared = useTestApp()

test('the first account is made by the one-time link only, once, and becomes the administrator', async () => {
  await using app = await startTestApp()
  const stranger = app.stranger()
  expect(await stranger.get('system.about')).toMatchObject({ name: 'Parley', hasUsers: false })
  const newcomer = { name: 'Eve', email: 'eve@example.org', password: 'long enough' }
  expect(await stranger.call('people.signUp', newcomer)).toFailWith('auth.sign_up_closed')
  expect(await stranger.call('people.enter', { token: 'x'.repeat(43) })).toFailWith('auth.entry_link_used')

  const token = (await app.app.makeEntryToken())!
  const me = await stranger.get('people.enter', { token })

  expect(me).toMatchObject({ role: 'Admin', hasPassword: false, email: '', access: { system: ['*:*'] } })
  expect(me.workspaces).toMatchObject([{ kind: 'personal', role: 'Super User' }])
  expect(await app.stranger().call('people.enter', { token })).toFailWith('auth.entry_link_used')

  // Whoever lost the browser before setting a password comes back to the same account.
  const second = await app.stranger().get('people.enter', { token: (await app.app.makeEntryToken())! })
  expect(second.id).toBe(me.id)

  const unused = (await app.app.makeEntryToken())!
  await stranger.get('people.setCredentials', { email: 'Boss@Example.org', password: 'a good password' })
  expect(await stranger.get('people.me')).toMatchObject({ hasPassword: true, email: 'boss@example.org' })
  expect(await app.stranger().call('people.enter', { token: unused })).toFailWith('auth.entry_link_used')
  expect(await app.app.makeEntryToken()).toBeUndefined()
  expect(await app.stranger().call('people.signUp', newcomer)).toSucceed()
})

test('a sign-up opens a session of a new person with a workspace of their own', async () => {
  const app = shared.current
  await app.admin()
  const client = app.stranger()
  const me = await client.get('people.signUp', { name: ' Ada ', email: ' Ada@Example.org ', password: 'a good password' })
  expect(me).toMatchObject({ name: 'Ada', email: 'ada@example.org', hasPassword: true, role: 'User', status: 'active' })
  expect(me.access.system).not.toContain('*:*')
  expect(await client.get('people.me')).toEqual(me)
  expect(await client.get('workspaces.list')).toMatchObject([{ kind: 'personal', id: me.workspaces[0]!.id }])
})

test('sign-out, sign-in; a wrong password and an unknown e-mail look the same', async () => {
  const app = shared.current
  const [red] = await app.people('red')
  expect(await red.get('people.me')).toMatchObject({ name: 'red', email: red.email, role: 'User', status: 'active' })
  expect(
    await app.stranger().call('people.signUp', { name: 'Red', email: ` ${red.email.toUpperCase()}`, password: 'another one' }),
  ).toFailWith('auth.email_taken')

  const before = red.cookie!
  await red.get('people.signOut')
  expect(red.cookie).toBeUndefined()
  expect(await red.call('people.me')).toFailWith('auth.required')
  const stolen = await app.stranger().fetch('/api/me', { headers: { cookie: before } })
  expect(stolen.status).toBe(401)

  const client = app.stranger()
  const wrong = await client.call('people.signIn', { email: red.email, password: 'not it at all' })
  const unknown = await client.call('people.signIn', { email: 'nobody@example.org', password: 'not it at all' })
  expect(wrong).toFailWith('auth.invalid_credentials')
  expect(unknown).toFailWith('auth.invalid_credentials')
  expect(await client.get('people.signIn', { email: red.email.toUpperCase(), password: red.password })).toMatchObject({ id: red.id })
  expect(await client.get('people.me')).toMatchObject({ id: red.id })
})

test('a cookie is HttpOnly, SameSite and signed; one that was changed is nobody', async () => {
  const app = shared.current
  const [red] = await app.people('red')
  const { response } = await app.stranger().call('people.signIn', { email: red.email, password: red.password })
  expect(response.headers.getSetCookie()[0]).toMatch(/^parley_session=.+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/)

  const [name, value] = red.cookie!.split('=', 2) as [string, string]
  const [token] = decodeURIComponent(value).split('.') as [string]
  for (const forged of [token, `${token}.`, `${token}.AAAA`, `x${decodeURIComponent(value)}`, '%', '']) {
    const answer = await app.stranger().fetch('/api/me', { headers: { cookie: `${name}=${encodeURIComponent(forged)}` } })
    expect({ forged, status: answer.status }).toEqual({ forged, status: 401 })
  }
})

test('sessions are listed and revoked, one by one and all others; those of others are not found', async () => {
  const app = shared.current
  const [red, blue] = await app.people('red', 'blue')
  const phone = app.stranger()
  await phone.get('people.signIn', { email: red.email, password: red.password })

  const sessions = await red.get('people.listSessions')
  expect(sessions).toHaveLength(2)
  expect(sessions.filter(({ isCurrent }) => isCurrent)).toHaveLength(1)
  expect(sessions[0]).toMatchObject({ ipAddress: '127.0.0.1', userAgent: expect.any(String) })
  const other = sessions.find(({ isCurrent }) => !isCurrent)!

  expect(await blue.call('people.revokeSession', { id: other.id })).toFailWith('session.not_found')
  expect(await phone.call('people.me')).toSucceed()
  await red.get('people.revokeSession', { id: other.id })
  expect(await phone.call('people.me')).toFailWith('auth.required')

  await phone.get('people.signIn', { email: red.email, password: red.password })
  await red.get('people.revokeOtherSessions')
  expect(await phone.call('people.me')).toFailWith('auth.required')
  expect(await red.call('people.me')).toSucceed()
})

test('credentials change only with the current password, and end every other session', async () => {
  const app = shared.current
  const [red, blue] = await app.people('red', 'blue')
  const phone = app.stranger()
  await phone.get('people.signIn', { email: red.email, password: red.password })
  const next = { email: 'red2@example.org', password: 'a whole new one' }

  expect(await red.call('people.setCredentials', next)).toFailWith('auth.invalid_credentials')
  expect(await red.call('people.setCredentials', { ...next, currentPassword: 'guess' })).toFailWith('auth.invalid_credentials')
  expect(await red.call('people.setCredentials', { ...next, email: blue.email, currentPassword: red.password })).toFailWith(
    'auth.email_taken',
  )
  expect(await red.call('people.setCredentials', { ...next, currentPassword: red.password })).toSucceed()

  expect(await red.get('people.me')).toMatchObject({ email: next.email })
  expect(await phone.call('people.me')).toFailWith('auth.required')
  expect(await phone.call('people.signIn', { email: next.email, password: red.password })).toFailWith('auth.invalid_credentials')
  expect(await phone.call('people.signIn', next)).toSucceed()
})

test('too many attempts for one e-mail are refused for a while, whatever the password', async () => {
  const app = shared.current
  const [red, blue] = await app.people('red', 'blue')
  const client = app.stranger()
  for (let attempt = 0; attempt < 10; attempt++) {
    expect(await client.call('people.signIn', { email: red.email, password: `guess ${attempt}` })).toFailWith('auth.invalid_credentials')
  }
  const refused = await client.call('people.signIn', { email: red.email, password: red.password })
  expect(refused).toFailWith('request.rate_limited')
  expect(Number(refused.response.headers.get('retry-after'))).toBeGreaterThan(800)
  expect(await client.call('people.signIn', { email: blue.email, password: blue.password })).toSucceed()
})

test('profile and settings are kept; what cannot be is refused with its place', async () => {
  const app = shared.current
  const [red] = await app.people('red')
  const me = await red.get('people.updateProfile', { firstName: 'Ada', lastName: 'Red', timezone: 'Europe/Athens', lat: 37.98, bio: 'Ω' })
  expect(me).toMatchObject({ name: 'Ada Red', profile: { firstName: 'Ada', timezone: 'Europe/Athens', lat: 37.98, bio: 'Ω', city: null } })
  expect(await red.get('people.updateSettings', { theme: 'dark' })).toMatchObject({ settings: { theme: 'dark', defaultModelId: null } })
  expect(await red.get('people.me')).toMatchObject({ name: 'Ada Red', settings: { theme: 'dark' } })

  const answer = await red.call('people.updateProfile', { timezone: 'Mars/Olympus', lat: 37 })
  expect(answer).toFailWith('request.invalid')
  expect(answer.ok || answer.problem.issues).toEqual([{ path: ['timezone'], message: expect.stringContaining('IANA') }])
  expect(await red.call('people.updateProfile', { lat: 91, lng: -181, extra: 1 } as never)).toMatchObject({
    problem: { issues: [{ path: ['lat'] }, { path: ['lng'] }, { message: expect.stringContaining('extra') }] },
  })
  expect(await red.call('people.updateSettings', { defaultModelId: crypto.randomUUID() })).toFailWith('model.not_found')
})

test('an API key works by its scopes until it is revoked or has expired, and is shown once', async () => {
  const app = shared.current
  const [red, blue] = await app.people('red', 'blue')
  const { apiKey, secret } = await red.get('people.createApiKey', { name: 'laptop', scopes: ['usage:read'] })
  expect(secret).toMatch(/^pk_[0-9A-Za-z]{43}$/)
  expect(secret.startsWith(apiKey.prefix)).toBe(true)
  expect(JSON.stringify(await red.get('people.listApiKeys'))).not.toContain(secret)

  const narrow = app.withKey(secret)
  expect(await narrow.call('people.me')).toFailWith('auth.scope_missing')
  expect(await narrow.call('people.createApiKey', { name: 'wider', scopes: ['*'] })).toFailWith('auth.scope_missing')
  const wide = await red.get('people.createApiKey', { name: 'all' })
  const program = app.withKey(wide.secret)
  expect(await program.get('people.me')).toMatchObject({ id: red.id })
  expect((await red.get('people.listApiKeys')).find(({ id }) => id === wide.apiKey.id)!.lastUsedAt).not.toBeNull()
  expect(
    await program.call('people.setCredentials', { email: 'x@example.org', password: 'taken over', currentPassword: red.password }),
  ).toFailWith('auth.forbidden')

  expect(await blue.call('people.revokeApiKey', { id: wide.apiKey.id })).toFailWith('api-key.not_found')
  expect(await blue.call('people.createApiKey', { name: 'theirs', workspaceId: red.workspaceId })).toFailWith('workspace.not_found')
  await red.get('people.revokeApiKey', { id: wide.apiKey.id })
  expect(await program.call('people.me')).toFailWith('auth.key_invalid')

  const old = await red.get('people.createApiKey', { name: 'old', expiresInDays: 1 })
  await app.deps.db
    .updateTable('api_key')
    .set({ expires_at: new Date(Date.now() - 1000) })
    .where('id', '=', old.apiKey.id)
    .execute()
  expect(await app.withKey(old.secret).call('people.me')).toFailWith('auth.key_invalid')
  expect(await app.withKey('pk_nonsense').call('people.me')).toFailWith('auth.key_invalid')
  expect(await app.withKey('').fetch('/api/me', { headers: { authorization: 'Basic eDp5' } })).toMatchObject({ status: 401 })
})

test('who is disabled is out at once: session, key and sign-in; who is inactive may return', async () => {
  const app = shared.current
  const admin = await app.admin()
  const [red] = await app.people('red')
  const program = app.withKey((await red.get('people.createApiKey', { name: 'all' })).secret)
  expect(await program.call('people.me')).toSucceed()
  const told: string[] = []
  app.deps.door.onActorInvalidated((principalId) => told.push(principalId))

  expect(await red.call('people.updateUser', { id: red.id, role: 'Admin' })).toFailWith('auth.forbidden')
  expect(await red.call('people.listUsers')).toFailWith('auth.forbidden')
  expect(await admin.get('people.updateUser', { id: red.id, status: 'disabled' })).toMatchObject({ status: 'disabled' })

  expect(told).toContain(red.id)
  expect(await red.call('people.me')).toFailWith('auth.required')
  expect(await program.call('people.me')).toFailWith('auth.disabled')
  const client = app.stranger()
  expect(await client.call('people.signIn', { email: red.email, password: 'wrong' })).toFailWith('auth.invalid_credentials')
  expect(await client.call('people.signIn', { email: red.email, password: red.password })).toFailWith('auth.disabled')
  expect(client.cookie).toBeUndefined()

  await admin.get('people.updateUser', { id: red.id, status: 'inactive' })
  expect(await program.call('people.me')).toFailWith('auth.key_invalid')
  expect(await client.get('people.signIn', { email: red.email, password: red.password })).toMatchObject({ status: 'active' })
  expect(await program.call('people.me')).toSucceed()
})

test('the last administrator stays one; roles take effect at once', async () => {
  await using app = await startTestApp()
  const admin = await app.admin()
  const [red] = await app.people('red')
  expect(await admin.call('people.updateUser', { id: admin.id, role: 'User' })).toFailWith('user.last_admin')
  expect(await admin.call('people.updateUser', { id: admin.id, status: 'disabled' })).toFailWith('user.last_admin')
  expect(await admin.call('people.updateUser', { id: crypto.randomUUID(), role: 'User' })).toFailWith('user.not_found')

  expect(await red.call('people.listUsers')).toFailWith('auth.forbidden')
  await admin.get('people.updateUser', { id: red.id, role: 'Admin' })
  expect((await red.get('people.listUsers')).map(({ name, role }) => [name, role])).toEqual([
    ['admin', 'Admin'],
    ['red', 'Admin'],
  ])
  expect(await red.call('people.updateUser', { id: admin.id, role: 'User' })).toSucceed()
  expect(await admin.call('people.listUsers')).toFailWith('auth.forbidden')
})

test('the administrator of the environment is made once and keeps a password changed later', async () => {
  await using app = await startTestApp({
    env: { ADMIN_EMAIL: 'Ops@Example.org', ADMIN_PASSWORD: 'from the environment', SIGN_UP: 'closed' },
  })
  const ops = app.stranger()
  expect(await app.app.makeEntryToken()).toBeUndefined()
  expect(await ops.get('people.signIn', { email: 'ops@example.org', password: 'from the environment' })).toMatchObject({ role: 'Admin' })
  expect(await app.stranger().call('people.signUp', { name: 'Eve', email: 'eve@example.org', password: 'long enough' })).toFailWith(
    'auth.sign_up_closed',
  )
})
