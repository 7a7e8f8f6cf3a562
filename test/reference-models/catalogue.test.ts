import { afterAll, beforeAll, expect, test } from 'vitest'
import { toLLMConnection } from '../../src/bindings/from-contract.ts'
import { type ProviderServer, startProviderServer } from '../support/provider-server/index.ts'
import { useTestApp } from '../support/test-app.ts'

/** What the reference models keep of providers, keys, models and prices, each asked for by the name that carries it. */

let provider: ProviderServer
beforeAll(async () => {
  provider = await startProviderServer()
})
afterAll(() => provider.close())
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })

test.each([
  ['openai', 'gpt-4o'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['google', 'gemini-2.5-flash'],
  ['xai', 'grok-4'],
  ['openai-compatible', 'deepseek-chat'],
] as const)('%s can be connected, and its %s answers', async (kind, internalName) => {
  const [ada] = await shared.current.people('ada')
  const { workspaceId } = ada
  const baseUrl = provider.baseUrl(kind === 'openai-compatible' ? 'compatible' : kind)
  const connection = await ada.get('connections.create', { workspaceId, provider: kind, apiKey: `sk-${kind}-0042`, baseUrl })
  expect(connection).toMatchObject({ provider: kind, baseUrl, status: 'ready' })
  const { models } = await ada.get('models.list', { workspaceId })
  const model = models.find((one) => one.connectionId === connection.id && one.internalName === internalName)!
  expect(model).toMatchObject({ provider: kind, kind: 'chat', connectionName: connection.name })

  const conversation = await ada.get('conversations.create', { workspaceId, modelId: model.id })
  const response = await ada.fetch(`/api/conversations/${conversation.id}/turns`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ text: `Hello ${kind}` }),
  })
  expect(await response.text()).toContain('event: turn-ended')
  const answer = (await ada.get('conversations.messages', { id: conversation.id })).messages[1]!
  expect(answer.answer).toMatchObject({ state: 'completed', provider: kind, modelName: model.name, keyOrigin: 'user' })
  expect(provider.requests.at(-1)).toMatchObject({ apiKey: `sk-${kind}-0042` })
})

test('a connection has a name, an address, headers and the times of its making and last change', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const { workspaceId } = ada
  const baseUrl = provider.baseUrl('compatible')
  const headers = { 'X-Team': 'blue' }
  const made = await ada.get('connections.create', {
    workspaceId,
    provider: 'openai-compatible',
    name: 'Lab',
    apiKey: 'sk-laboratory-0123-9876',
    baseUrl,
    headers,
  })
  const read = async () => (await ada.get('connections.list', { workspaceId })).find(({ id }) => id === made.id)!
  expect(await read()).toMatchObject({ name: 'Lab', baseUrl, headerNames: ['X-Team'], keyLast4: '9876' })
  expect(Math.abs(Date.now() - Date.parse(made.createdAt))).toBeLessThan(60_000)

  const stored = () => app.deps.db.selectFrom('connection').selectAll().where('id', '=', made.id).executeTakeFirstOrThrow()
  const before = await stored()
  expect(before.owner_id).toBe(ada.id)
  await ada.get('connections.update', { id: made.id, name: 'Laboratory' })
  expect((await stored()).updated_at.getTime()).toBeGreaterThan(before.updated_at.getTime())

  expect(toLLMConnection(await read())).toMatchObject({
    name: 'Laboratory',
    api_key: '••••9876',
    base_url: baseUrl,
    custom_headers: { 'X-Team': '••••' },
  })
})

test('a model has names, a kind, limits and prices, each of which an administrator may correct', async () => {
  const app = shared.current
  const admin = await app.admin()
  const [ada] = await app.people('ada')
  const { workspaceId } = ada
  const connection = await ada.get('connections.create', {
    workspaceId,
    provider: 'google',
    apiKey: 'g-1234',
    baseUrl: provider.baseUrl('google'),
  })
  const read = async () => {
    const { models } = await ada.get('models.list', { workspaceId })
    return models.find((one) => one.connectionId === connection.id && one.internalName === 'gemini-2.5-flash')!
  }
  const model = await read()
  expect(model).toMatchObject({
    provider: 'google',
    kind: 'chat',
    name: expect.stringMatching(/gemini/i),
    maxContext: 1_048_576,
    maxOutput: 65_536,
  })

  const limits = { maxContext: 5000, maxOutput: 600, maxReasoning: 70, summarizeThreshold: 4000 }
  const price = { inputPer1k: '1', outputPer1k: '2', reasoningPer1k: '3', cacheReadPer1k: '4', cacheWritePer1k: '5' }
  await admin.get('models.override', { id: model.id, name: 'Flash', description: 'Quick.', ...limits, price })
  expect(await read()).toMatchObject({
    name: 'Flash',
    description: 'Quick.',
    internalName: 'gemini-2.5-flash',
    ...limits,
    price: { ...price, origin: 'admin' },
  })

  const { updated_at, created_at } = await app.deps.db.selectFrom('model').selectAll().where('id', '=', model.id).executeTakeFirstOrThrow()
  expect(updated_at.getTime()).toBeGreaterThan(created_at.getTime())
  const prices = await app.deps.db
    .selectFrom('model_price')
    .selectAll()
    .where('model_id', '=', model.id)
    .orderBy('valid_from', 'desc')
    .execute()
  expect(prices[0]).toMatchObject({
    input_per_1k: 1n,
    output_per_1k: 2n,
    reasoning_per_1k: 3n,
    cache_read_per_1k: 4n,
    cache_write_per_1k: 5n,
  })
  expect(prices.length).toBeGreaterThan(1) // the price before is history, not gone
})

test('models that embed and models that rerank are told from those that chat', async () => {
  const [ada] = await shared.current.people('ada')
  const { workspaceId } = ada
  await ada.get('connections.create', {
    workspaceId,
    provider: 'openai-compatible',
    apiKey: 'sk-1234',
    baseUrl: provider.baseUrl('compatible'),
  })
  const { models } = await ada.get('models.list', { workspaceId })
  const kindOf = (name: string) => models.find(({ internalName }) => internalName === name)?.kind
  expect(kindOf('deepseek-chat')).toBe('chat')
  expect(kindOf('nomic-embed-text')).toBe('embedding')
  expect(kindOf('bge-reranker-v2-m3')).toBe('reranking')
})
