import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { useTestApp } from '../../../../test/support/test-app.ts'

let provider: ProviderServer
beforeAll(async () => {
  provider = await startProviderServer()
})
afterAll(() => provider.close())
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })
const key = 'sk-a-good-key-1234'

test('a key is tested live, sealed, and never comes back', async () => {
  const app = shared.current
  const [red] = await app.people('red')
  const baseUrl = provider.baseUrl('openai')
  const created = await red.get('connections.create', {
    workspaceId: red.workspaceId,
    provider: 'openai',
    apiKey: key,
    baseUrl,
    headers: { 'X-Team': 'secret team' },
  })

  expect(created).toMatchObject({
    ownership: 'own',
    keyLast4: '1234',
    headerNames: ['X-Team'],
    status: 'ready',
    isDefault: true,
    isManaged: false,
    name: 'OpenAI',
  })
  expect(created.modelCount).toBeGreaterThan(0)
  expect(provider.requests.at(-1)).toMatchObject({ apiKey: key, headers: { 'x-team': 'secret team' } })

  const list = await red.get('connections.list', { workspaceId: red.workspaceId })
  expect(list.map(({ provider: name, ownership }) => [name, ownership])).toEqual([
    ['openai', 'own'],
    ['built-in', 'house'],
  ])
  expect(JSON.stringify(list)).not.toContain(key)
  const stored = await app.deps.db.selectFrom('connection').selectAll().where('id', '=', created.id).executeTakeFirstOrThrow()
  for (const bytes of [stored.sealed_key!, stored.sealed_headers!]) expect(bytes.toString('latin1')).not.toMatch(/sk-a-good|secret team/)
})

test('what does not work is not saved, and is said in words', async () => {
  const [red] = await shared.current.people('red')
  const { workspaceId } = red
  const before = await red.get('connections.list', { workspaceId })
  const create = (input: object) => red.call('connections.create', { workspaceId, provider: 'openai', ...input })

  expect(await create({ apiKey: 'sk-bad-key', baseUrl: provider.baseUrl('openai') })).toFailWith('connection.rejected')
  expect(await create({ apiKey: key, baseUrl: 'http://127.0.0.1:1/v1' })).toFailWith('connection.unreachable')
  expect(await create({ apiKey: key, baseUrl: 'http://169.254.169.254/latest' })).toFailWith('connection.address_forbidden')
  expect(await create({})).toMatchObject({ problem: { code: 'request.invalid', issues: [{ path: ['apiKey'] }] } })
  const headers = { 'X-Ok': 'a\nb', Host: 'elsewhere', 'a b': 'c' }
  const unsendable = await create({ apiKey: 'sk key–1', headers, baseUrl: 'file:///etc/passwd' })
  expect(unsendable.ok || unsendable.problem.issues!.map(({ path }) => path.join('.'))).toEqual([
    'apiKey',
    'baseUrl',
    'headers.X-Ok',
    'headers.Host',
    'headers.a b',
  ])
  expect(await create({ provider: 'ollama' })).toMatchObject({ problem: { code: 'request.invalid', issues: [{ path: ['baseUrl'] }] } })
  expect(await create({ provider: 'built-in', apiKey: key })).toFailWith('request.invalid')
  expect(await red.get('connections.list', { workspaceId })).toEqual(before)
})

test('a sealed key does not follow a changed address: it is asked for again', async () => {
  const app = shared.current
  const [red] = await app.people('red')
  const created = await red.get('connections.create', {
    workspaceId: red.workspaceId,
    provider: 'openai',
    apiKey: key,
    baseUrl: provider.baseUrl('openai'),
  })
  const elsewhere = provider.baseUrl('openai').replace('127.0.0.1', 'localhost')

  expect(await red.call('connections.update', { id: created.id, baseUrl: elsewhere })).toMatchObject({
    problem: { issues: [{ path: ['apiKey'] }] },
  })
  // Whoever changes the row itself gets nothing sent elsewhere either: the key does not open.
  await app.deps.db.updateTable('connection').set({ base_url: elsewhere }).where('id', '=', created.id).execute()
  const seen = provider.requests.length
  expect(await red.call('connections.test', { id: created.id })).toFailWith('internal')
  expect(provider.requests.length).toBe(seen)
  await app.deps.db
    .updateTable('connection')
    .set({ base_url: provider.baseUrl('openai') })
    .where('id', '=', created.id)
    .execute()

  const renamed = await red.get('connections.update', { id: created.id, name: 'Mine' })
  expect(renamed).toMatchObject({ name: 'Mine', keyLast4: '1234' })
  const rotated = await red.get('connections.update', { id: created.id, apiKey: 'sk-another-key-5678' })
  expect(rotated).toMatchObject({ keyLast4: '5678', status: 'ready' })
  expect(await red.call('connections.update', { id: created.id, apiKey: 'sk-bad-key' })).toFailWith('connection.rejected')
  expect(await red.get('connections.test', { id: created.id })).toMatchObject({ status: 'ready' })
  expect(provider.requests.at(-1)).toMatchObject({ apiKey: 'sk-another-key-5678' })
})

test('a connection that stops working says why, and keeps its models', async () => {
  const [red] = await shared.current.people('red')
  const created = await red.get('connections.create', {
    workspaceId: red.workspaceId,
    provider: 'anthropic',
    apiKey: key,
    baseUrl: provider.baseUrl('anthropic'),
  })
  const own = await startProviderServer({ port: 0 })
  const moved = await red.get('connections.update', { id: created.id, baseUrl: own.baseUrl('anthropic'), apiKey: key })
  await own.close()
  const tested = await red.get('connections.test', { id: created.id })
  expect(tested).toMatchObject({
    status: 'error',
    statusReason: expect.stringContaining('could not be reached'),
    modelCount: moved.modelCount,
  })
})

test('one default for each person and provider; the newest choice wins', async () => {
  const [red, blue] = await shared.current.people('red', 'blue')
  const make = (person: typeof red, name: string) =>
    person.get('connections.create', {
      workspaceId: person.workspaceId,
      provider: 'xai',
      apiKey: key,
      baseUrl: provider.baseUrl('xai'),
      name,
    })
  const [first, , theirs] = [await make(red, 'first'), await make(red, 'second'), await make(blue, 'theirs')]
  const defaults = async (person: typeof red) =>
    (await person.get('connections.list', { workspaceId: person.workspaceId }))
      .filter(({ isDefault, ownership }) => isDefault && ownership === 'own')
      .map(({ name }) => name)
  expect(await defaults(red)).toEqual(['second'])
  await red.get('connections.update', { id: first.id, isDefault: true })
  expect(await defaults(red)).toEqual(['first'])
  expect(await defaults(blue)).toEqual([theirs.name])
})

test('whose connection it is decides who may see and change it', async () => {
  const app = shared.current
  const admin = await app.admin()
  const [red, blue] = await app.people('red', 'blue')
  const input = { provider: 'openai' as const, apiKey: key, baseUrl: provider.baseUrl('openai') }
  const own = await red.get('connections.create', { ...input, workspaceId: red.workspaceId })
  for (const person of [blue, admin]) {
    expect(await person.call('connections.update', { id: own.id, name: 'x' })).toFailWith('connection.not_found')
    expect(await person.call('connections.test', { id: own.id })).toFailWith('connection.not_found')
    expect(await person.call('connections.delete', { id: own.id })).toFailWith('connection.not_found')
  }
  expect(await blue.call('connections.list', { workspaceId: red.workspaceId })).toFailWith('workspace.not_found')
  expect(await blue.call('connections.create', { ...input, workspaceId: red.workspaceId })).toFailWith('workspace.not_found')
  // An administrator may look into any workspace, and sees no personal key there.
  expect((await admin.get('connections.list', { workspaceId: red.workspaceId })).map(({ id }) => id)).not.toContain(own.id)

  expect(await red.call('connections.create', { ...input, workspaceId: red.workspaceId, ownership: 'house' })).toFailWith('auth.forbidden')
  const house = await admin.get('connections.create', { ...input, workspaceId: admin.workspaceId, ownership: 'house', name: 'House key' })
  expect((await red.get('connections.list', { workspaceId: red.workspaceId })).map(({ name }) => name)).toContain('House key')
  expect(await red.call('connections.update', { id: house.id, name: 'mine' })).toFailWith('auth.forbidden')
  expect(await red.call('connections.delete', { id: house.id })).toFailWith('auth.forbidden')

  const team = await admin.get('workspaces.create', { name: 'Team' })
  const shared_ = await admin.get('connections.create', { ...input, workspaceId: team.id, ownership: 'workspace' })
  await app.addMember(team.id, red, 'User')
  expect(await red.call('connections.update', { id: shared_.id, name: 'x' })).toFailWith('auth.forbidden')
  expect(await red.call('connections.create', { ...input, workspaceId: team.id, ownership: 'workspace' })).toFailWith('auth.forbidden')
  expect(await red.call('connections.create', { ...input, workspaceId: team.id })).toSucceed()
  expect(await blue.call('connections.update', { id: shared_.id, name: 'x' })).toFailWith('connection.not_found')

  expect(await red.get('connections.delete', { id: own.id })).toEqual({ ok: true })
  expect(await red.call('connections.delete', { id: own.id })).toFailWith('connection.not_found')
  await admin.get('connections.delete', { id: house.id })
})

test('the built-in connection is always there and cannot be changed', async () => {
  const app = shared.current
  const admin = await app.admin()
  const [builtIn] = (await admin.get('connections.list', { workspaceId: admin.workspaceId })).filter(
    ({ provider: name }) => name === 'built-in',
  )
  expect(builtIn).toMatchObject({ ownership: 'house', isManaged: true, status: 'ready', modelCount: 2 })
  expect(await admin.call('connections.update', { id: builtIn!.id, name: 'x' })).toFailWith('connection.managed')
  expect(await admin.call('connections.delete', { id: builtIn!.id })).toFailWith('connection.managed')
})
