import { describe, expect, test } from 'vitest'
import { useTestApp } from '../support/test-app.ts'

/** What the reference models keep of people, their sessions and their workspaces, each asked for by the name that carries it. */

const shared = useTestApp()

test('an account has an id, a name, an e-mail, a status, a role, and the times of its making and last change', async () => {
  const app = shared.current
  const admin = await app.admin()
  const [ada] = await app.people('ada')
  const listed = async () => (await admin.get('people.listUsers')).find(({ id }) => id === ada.id)
  expect(await listed()).toMatchObject({ name: 'ada', email: ada.email, status: 'active', role: 'User' })
  expect(Math.abs(Date.now() - Date.parse((await listed())!.createdAt))).toBeLessThan(60_000)

  const changedAt = async () => {
    const row = await app.deps.db.selectFrom('user_account').select('updated_at').where('id', '=', ada.id).executeTakeFirstOrThrow()
    return row.updated_at.getTime()
  }
  const before = await changedAt()
  await admin.get('people.updateUser', { id: ada.id, status: 'inactive' })
  expect(await changedAt()).toBeGreaterThan(before)
  expect(await listed()).toMatchObject({ status: 'inactive' })
})

test('a way to sign in belongs to one user, and no two have the same', async () => {
  const app = shared.current
  await app.admin()
  const email = 'grace@example.org'
  const me = await app.stranger().get('people.signUp', { name: 'Grace', email, password: 'a good password' })
  const ways = await app.deps.db.selectFrom('account').selectAll().where('user_id', '=', me.id).execute()
  expect(ways).toMatchObject([{ provider_id: 'credential', account_id: me.id }])
  const { id: _, ...copy } = ways[0]!
  await expect(
    app.deps.db
      .insertInto('account')
      .values({ ...copy, id: crypto.randomUUID() })
      .execute(),
  ).rejects.toMatchObject({ code: '23505' })
  expect(await app.stranger().call('people.signUp', { name: 'Other', email, password: 'a good password' })).toFailWith('auth.email_taken')
})

test('a profile keeps every field, and takes each back', async () => {
  const [ada] = await shared.current.people('ada')
  const profile = {
    firstName: 'Ada',
    lastName: 'Lovelace',
    bio: 'Counts.',
    pictureUrl: 'https://example.org/ada.png',
    city: 'London',
    region: 'England',
    country: 'United Kingdom',
    postalCode: 'SW1Y 4LB',
    lat: 51.507,
    lng: -0.134,
    timezone: 'Europe/London',
  }
  await ada.get('people.updateProfile', profile)
  expect((await ada.get('people.me')).profile).toEqual(profile)

  const { firstName: _, lastName: __, ...optional } = profile
  const nothing = Object.fromEntries(Object.keys(optional).map((name) => [name, null]))
  await ada.get('people.updateProfile', { firstName: '', lastName: '', ...nothing })
  expect((await ada.get('people.me')).profile).toEqual({ firstName: '', lastName: '', ...nothing })
})

test('the theme is that of the system until another is chosen', async () => {
  const [ada] = await shared.current.people('ada')
  const theme = async () => (await ada.get('people.me')).settings.theme
  expect(await theme()).toBe('system')
  for (const choice of ['dark', 'light', 'system'] as const) {
    await ada.get('people.updateSettings', { theme: choice })
    expect(await theme()).toBe(choice)
  }
})

test('the default model is kept, and names its provider', async () => {
  const [ada] = await shared.current.people('ada')
  const { models } = await ada.get('models.list', { workspaceId: ada.workspaceId })
  const chat = models.find(({ kind }) => kind === 'chat')!
  expect(chat.provider).toBe('built-in')
  await ada.get('people.updateSettings', { defaultModelId: chat.id })
  expect((await ada.get('people.me')).settings.defaultModelId).toBe(chat.id)
})

describe('a session', () => {
  test('belongs to its user and has a token, a browser, its times and its end', async () => {
    const app = shared.current
    const [ada] = await app.people('ada')
    const [session] = await ada.get('people.listSessions')
    expect(session).toMatchObject({ isCurrent: true, ipAddress: '127.0.0.1', userAgent: 'test' })
    const stored = await app.deps.db.selectFrom('session').selectAll().where('id', '=', session!.id).executeTakeFirstOrThrow()
    expect(stored.user_id).toBe(ada.id)
    expect(decodeURIComponent(ada.cookie!)).toContain(stored.token)
    expect(session).toMatchObject({
      createdAt: stored.created_at.toISOString(),
      updatedAt: stored.updated_at.toISOString(),
      expiresAt: stored.expires_at.toISOString(),
    })
    expect(stored.expires_at.getTime()).toBeGreaterThan(Date.now())
  })

  test('ends by itself', async () => {
    const app = shared.current
    const [ada] = await app.people('ada')
    expect(await ada.call('people.me')).toSucceed()
    await app.deps.db
      .updateTable('session')
      .set({ expires_at: new Date(Date.now() - 1000) })
      .where('user_id', '=', ada.id)
      .execute()
    app.deps.door.invalidate(ada.id)
    expect(await ada.call('people.me')).toFailWith('auth.required')
  })
})

describe('roles', () => {
  test('give what their policies say', async () => {
    const app = shared.current
    const admin = await app.admin()
    const [ada] = await app.people('ada')
    const may = async () => (await ada.get('people.me')).access.system
    expect(await may()).not.toContain('*:*')
    await admin.get('people.updateUser', { id: ada.id, role: 'Admin' })
    expect(await may()).toEqual(['*:*'])

    // A right is a pair: taking one from the role takes it from everybody who has the role.
    await admin.get('people.updateUser', { id: ada.id, role: 'User' })
    expect(await may()).toContain('usage:read')
    const ofUsers = `select role.id, policy.id from role, policy where role.name = 'User' and policy.resource = 'usage' and policy.action = 'read'`
    const change = async (statement: string) => {
      await app.deps.database.execute(statement)
      app.deps.door.invalidate(ada.id)
    }
    await change(`delete from role_policy where (role_id, policy_id) in (${ofUsers})`)
    expect(await may()).not.toContain('usage:read')
    await change(`insert into role_policy (role_id, policy_id) ${ofUsers}`)
    expect(await may()).toContain('usage:read')
  })
})

describe('a workspace', () => {
  test('has a name, which can be changed, and the time it was made', async () => {
    const app = shared.current
    const admin = await app.admin()
    const team = await admin.get('workspaces.create', { name: 'Team' })
    await admin.get('workspaces.rename', { workspaceId: team.id, name: 'Blue team' })
    const [found] = (await admin.get('workspaces.list')).filter(({ id }) => id === team.id)
    expect(found).toMatchObject({ name: 'Blue team', kind: 'team', createdAt: team.createdAt })
    expect(Math.abs(Date.now() - Date.parse(team.createdAt))).toBeLessThan(60_000)
  })

  test('has settings of its own, which keep every field', async () => {
    const [ada, grace] = await shared.current.people('ada', 'grace')
    const settings = {
      systemPrompt: 'Be kind.',
      thinking: 'low' as const,
      temperature: 1.2,
      maxTokens: 900,
      topP: 0.9,
      frequencyPenalty: 1,
      presencePenalty: -1,
      trashAfterDays: 90,
      purgeAfterDays: 7,
    }
    await ada.get('workspaces.updateSettings', { workspaceId: ada.workspaceId, ...settings })
    expect(await ada.get('workspaces.getSettings', { workspaceId: ada.workspaceId })).toEqual({ defaultModelId: null, ...settings })
    expect(await grace.get('workspaces.getSettings', { workspaceId: grace.workspaceId })).toMatchObject({
      systemPrompt: null,
      temperature: null,
    })
  })
})

test('an API key is found by its hash alone, and a person may have any number', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const keys = [await ada.get('people.createApiKey', { name: 'one' }), await ada.get('people.createApiKey', { name: 'two' })]
  for (const { secret } of keys) expect(await app.withKey(secret).get('people.me')).toMatchObject({ id: ada.id })
  const stored = await app.deps.db.selectFrom('api_key').selectAll().where('user_id', '=', ada.id).execute()
  expect(stored).toHaveLength(2)
  for (const { secret } of keys) expect(JSON.stringify(stored)).not.toContain(secret)
  await app.deps.db
    .updateTable('api_key')
    .set({ key_hash: Buffer.alloc(32) })
    .where('id', '=', keys[0]!.apiKey.id)
    .execute()
  app.deps.door.invalidate(ada.id)
  expect(await app.withKey(keys[0]!.secret).call('people.me')).toFailWith('auth.key_invalid')
})
