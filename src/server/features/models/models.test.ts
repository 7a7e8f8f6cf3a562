import { inspect } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import type { Actor } from '../../platform/auth/index.ts'

let provider: ProviderServer
beforeAll(async () => {
  provider = await startProviderServer()
})
afterAll(() => provider.close())
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })

const actorOf = (person: Person): Promise<Actor> =>
  shared.current.deps.door.authenticate({
    method: 'GET',
    isUpgrade: false,
    header: (name) => (name === 'cookie' ? person.cookie : undefined),
  })
const connect = (person: Person, input: object = {}) =>
  person.get('connections.create', {
    workspaceId: person.workspaceId,
    provider: 'openai',
    apiKey: 'sk-a-good-key-1234',
    baseUrl: provider.baseUrl('openai'),
    ...input,
  })
const usable = (person: Person, workspaceId = person.workspaceId) => person.get('models.list', { workspaceId })

test('without any key there are the built-in models, for free', async () => {
  const [red] = await shared.current.people('red')
  const { models, effective } = await usable(red)
  expect(models.map(({ kind, price, keyOrigin }) => [kind, price.origin, price.inputPer1k, keyOrigin])).toEqual([
    ['chat', 'free', '0', 'house'],
    ['embedding', 'free', '0', 'house'],
  ])
  expect(effective).toEqual({ modelId: models[0]!.id, origin: 'system' })
})

test('the model: message, conversation, person, workspace, system, and it says which', async () => {
  const app = shared.current
  const [red] = await app.people('red')
  await connect(red)
  const { models } = await usable(red)
  const chat = models.filter(({ kind, provider: name }) => kind === 'chat' && name === 'openai')
  const [first, second, third, fourth] = chat as [(typeof chat)[0], (typeof chat)[0], (typeof chat)[0], (typeof chat)[0]]
  const actor = await actorOf(red)
  const resolve = async (request: object = {}) => {
    const { model, modelOrigin } = await app.app.resolver.resolve(actor, { workspaceId: red.workspaceId, ...request })
    return [model.id, modelOrigin]
  }

  expect((await resolve())[1]).toBe('system')
  await red.get('workspaces.updateSettings', {
    workspaceId: red.workspaceId,
    defaultModelId: first.id,
    temperature: 0.4,
    systemPrompt: 'Be brief.',
  })
  expect(await resolve()).toEqual([first.id, 'workspace'])
  await red.get('people.updateSettings', { defaultModelId: second.id })
  expect(await resolve()).toEqual([second.id, 'user'])
  const conversation = { modelId: third.id, connectionId: null }
  expect(await resolve({ conversation })).toEqual([third.id, 'conversation'])
  expect(await resolve({ conversation, requestedModelId: fourth.id })).toEqual([fourth.id, 'message'])
  expect(await app.app.resolver.resolve(actor, { workspaceId: red.workspaceId })).toMatchObject({
    parameters: { temperature: { value: 0.4, origin: 'workspace' }, maxTokens: null },
    systemPrompt: { value: 'Be brief.', origin: 'workspace' },
  })
  await red.get('workspaces.updateSettings', { workspaceId: red.workspaceId, defaultModelId: null, temperature: null, systemPrompt: '' })
  await red.get('people.updateSettings', { defaultModelId: null })
  expect((await resolve())[1]).toBe('system')
})

test('the key: the chosen one, the own default, other own ones, the workspace, the house', async () => {
  const app = shared.current
  const admin = await app.admin()
  const [red, blue] = await app.people('red', 'blue')
  // The same large provider at its own address is one model for everybody; these connections are made to offer it.
  const team = await admin.get('workspaces.create', { name: 'Team' })
  await app.addMember(team.id, red, 'User')
  const ids: Record<string, string> = {}
  const insert = async (name: string, owner: Person | null, workspaceId: string, isDefault: boolean) => {
    ids[name] = crypto.randomUUID()
    await app.deps.db
      .insertInto('connection')
      .values({
        id: ids[name],
        workspace_id: workspaceId,
        owner_id: owner?.id ?? null,
        provider: 'google',
        name,
        is_default: isDefault,
        status: 'ready',
      })
      .execute()
    await app.deps.db.insertInto('connection_model').values({ connection_id: ids[name], model_id: modelId }).execute()
    app.app.resolver.invalidate()
  }
  const systemWorkspaceId = '00000000-0000-7000-8000-000000000001'
  const modelId = crypto.randomUUID()
  await app.deps.db
    .insertInto('model')
    .values({ id: modelId, workspace_id: systemWorkspaceId, provider: 'google', internal_name: 'gemini-x', name: 'Gemini X' })
    .execute()
  const actor = await actorOf(red)
  const pays = async (request: object = {}) => {
    const { connection, keyOrigin } = await app.app.resolver.resolve(actor, { workspaceId: team.id, requestedModelId: modelId, ...request })
    return [connection.name, keyOrigin]
  }

  await expect(pays()).rejects.toMatchObject({ code: 'model.no_key' })
  await insert('house', null, systemWorkspaceId, true)
  expect(await pays()).toEqual(['house', 'house'])
  await insert('team', null, team.id, true)
  expect(await pays()).toEqual(['team', 'workspace'])
  await insert('theirs', blue, blue.workspaceId, true)
  expect(await pays()).toEqual(['team', 'workspace'])
  await insert('other', red, red.workspaceId, false)
  expect(await pays()).toEqual(['other', 'user'])
  await insert('default', red, red.workspaceId, true)
  expect(await pays()).toEqual(['default', 'user'])
  expect(await pays({ conversation: { modelId: null, connectionId: ids.team } })).toEqual(['team', 'conversation'])
  expect(await pays({ conversation: { modelId: null, connectionId: ids.theirs } })).toEqual(['default', 'user'])
  expect(await pays({ requestedConnectionId: ids.house })).toEqual(['house', 'conversation'])
  await expect(pays({ requestedConnectionId: ids.theirs })).rejects.toMatchObject({ code: 'connection.not_found' })
  await app.deps.db.deleteFrom('connection').where('provider', '=', 'google').execute()
  app.app.resolver.invalidate()
})

test('models of an own endpoint are nobody else’s; what is out of reach is not found or has no key', async () => {
  const app = shared.current
  const [red, blue] = await app.people('red', 'blue')
  await connect(red, { provider: 'openai-compatible', baseUrl: provider.baseUrl('compatible') })
  const own = (await usable(red)).models.find(({ provider: name }) => name === 'openai-compatible')!
  expect((await usable(blue)).models.map(({ id }) => id)).not.toContain(own.id)

  expect(await blue.call('people.updateSettings', { defaultModelId: own.id })).toFailWith('model.not_found')
  expect(await blue.call('workspaces.updateSettings', { workspaceId: blue.workspaceId, defaultModelId: own.id })).toFailWith(
    'model.not_found',
  )
  await expect(
    app.app.resolver.resolve(await actorOf(blue), { workspaceId: blue.workspaceId, requestedModelId: own.id }),
  ).rejects.toMatchObject({ code: 'model.not_found' })
  expect(await blue.call('models.list', { workspaceId: red.workspaceId })).toFailWith('workspace.not_found')
})

test('a deleted key takes its models along, and a default that went with it is passed over', async () => {
  const app = shared.current
  const [red] = await app.people('red')
  const connection = await connect(red)
  const { models } = await usable(red)
  const model = models.find(({ provider: name, kind }) => name === 'openai' && kind === 'chat')!
  await red.get('people.updateSettings', { defaultModelId: model.id })
  expect((await usable(red)).effective).toEqual({ modelId: model.id, origin: 'user' })
  await red.get('connections.delete', { id: connection.id })
  expect((await usable(red)).effective.origin).toBe('system')
})

test('an administrator corrects a model and its price; null takes a correction back', async () => {
  const app = shared.current
  const admin = await app.admin()
  const [red] = await app.people('red')
  await connect(red)
  const before = (await usable(red)).models.find(
    ({ provider: name, kind, price }) => name === 'openai' && kind === 'chat' && price.origin === 'catalogue',
  )!
  const price = { inputPer1k: '1000', outputPer1k: '2000', reasoningPer1k: null, cacheReadPer1k: null, cacheWritePer1k: null }
  expect(await red.call('models.override', { id: before.id, name: 'x' })).toFailWith('auth.forbidden')
  expect(await admin.call('models.override', { id: crypto.randomUUID(), name: 'x' })).toFailWith('model.not_found')

  await admin.get('models.override', { id: before.id, name: 'House special', maxOutput: 99, price })
  const find = async () => (await usable(red)).models.find(({ id }) => id === before.id)!
  expect(await find()).toMatchObject({
    name: 'House special',
    maxOutput: 99,
    maxContext: before.maxContext,
    price: { ...price, origin: 'admin' },
  })
  const [connection] = (await red.get('connections.list', { workspaceId: red.workspaceId })).filter(
    ({ provider: name }) => name === 'openai',
  )
  await red.get('connections.test', { id: connection!.id }) // the catalogue comes by again
  expect(await find()).toMatchObject({ name: 'House special', price: { origin: 'admin' } })

  await admin.get('models.override', { id: before.id, name: null, maxOutput: null, price: null })
  expect(await find()).toEqual(before)
})

test('the target of a call carries the opened key and no more than its call needs', async () => {
  const app = shared.current
  const [red] = await app.people('red')
  await connect(red)
  const model = (await usable(red)).models.find(({ provider: name }) => name === 'openai')!
  const resolution = await app.app.resolver.resolve(await actorOf(red), {
    workspaceId: red.workspaceId,
    requestedModelId: model.id,
    kind: model.kind,
  })
  expect(inspect(resolution, { depth: null })).not.toContain('sk-a-good')
  const target = await app.app.resolver.openTarget(resolution.connection.id, resolution.model.internalName)
  expect(target).toMatchObject({ provider: 'openai', internalName: model.internalName, baseUrl: provider.baseUrl('openai') })
  expect(target.apiKey!.reveal()).toBe('sk-a-good-key-1234')
  expect(String(target.apiKey)).toBe('[secret]')
})
