import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiServer, startApiServer } from '../../../../test/support/api-server.ts'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, conversationWith, messagesOf, scripted, startTurn } from '../../../../test/support/turn-client.ts'

let api: ApiServer
let provider: ProviderServer
beforeAll(async () => {
  api = await startApiServer()
  provider = await startProviderServer()
})
afterAll(() => Promise.all([api.close(), provider.close()]))
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })

const add = (person: Person, more: object) =>
  person.call('customTools.create', {
    workspaceId: person.workspaceId,
    name: 'Web search',
    configuration: { kind: 'web_search', provider: 'brave', ...more },
  })

test('each provider is asked in its own way', async () => {
  const [red] = await shared.current.people('red')
  expect(await add(red, {})).toMatchObject({ problem: { code: 'request.invalid', issues: [{ path: ['key'] }] } })
  expect(await add(red, { provider: 'searxng' })).toMatchObject({ problem: { issues: [{ path: ['baseUrl'] }] } })
  const made = await add(red, { key: 'brave-key', baseUrl: `${api.url}/res/v1` })
  if (!made.ok) throw new Error(JSON.stringify(made.problem))
  const { id, slug } = made.value
  expect(slug).toBe('web_search')
  expect(await add(red, { key: 'other' })).toFailWith('custom-tool.search_exists')
  const search = (args: Record<string, string | number> = { query: 'tall lamps' }) =>
    red.get('customTools.test', { id, operation: 'search', arguments: args })
  const result = `1. Lamps\nhttps://lamps.example/tall\nAll about lamps.\n\n2. http://light.example/\nhttp://light.example/\n${'x'.repeat(1_000)}…`

  expect(await search()).toMatchObject({ isWorking: true, result })
  expect(api.requests.at(-1)?.url).toBe('/res/v1/web/search?q=tall+lamps&count=5')
  expect(await search({ query: '', count: 50 })).toMatchObject({ isWorking: false, result: expect.stringContaining('not valid') })

  const change = (configuration: { provider: 'tavily' | 'searxng'; key?: string | null; baseUrl: string }) =>
    red.call('customTools.update', { id, configuration: { kind: 'web_search', ...configuration } })
  expect(await change({ provider: 'tavily', baseUrl: api.url })).toMatchObject({ problem: { issues: [{ path: ['key'] }] } })
  expect(await change({ provider: 'tavily', baseUrl: api.url, key: 'tvly-1' })).toMatchObject({ ok: true })
  expect(await search({ query: 'lamps', count: 1 })).toMatchObject({ isWorking: true, result: expect.stringMatching(/^1\. Lamps/) })
  expect(api.requests.at(-1)).toMatchObject({
    method: 'POST',
    body: '{"query":"lamps","max_results":1}',
    headers: { authorization: 'Bearer tvly-1' },
  })
  expect(await change({ provider: 'searxng', baseUrl: api.url, key: null })).toMatchObject({ ok: true })
  expect(await search()).toMatchObject({ isWorking: true, result })
  expect(api.requests.at(-1)).toMatchObject({ url: '/search?q=tall+lamps&format=json' })
  expect(api.requests.at(-1)?.headers.authorization).toBeUndefined()
})

test('what was found is kept with the answer as its sources', async () => {
  const [red] = await shared.current.people('red')
  const { workspaceId } = red
  const { id: connectionId } = await red.get('connections.create', {
    workspaceId,
    provider: 'openai-compatible',
    baseUrl: provider.baseUrl('compatible'),
  })
  const { models } = await red.get('models.list', { workspaceId })
  const { internalName } = models.find((model) => model.connectionId === connectionId && model.kind === 'chat')!
  expect(await add(red, { provider: 'searxng', baseUrl: api.url, permission: 'allow' })).toMatchObject({ ok: true })
  const id = await conversationWith(red, internalName)
  const call = { name: 'web_search', arguments: { query: 'lamps' } }
  await allEvents(await startTurn(red, id, { text: scripted({ toolRounds: [[call], [call]], text: 'Lamps are tall.' }) }))
  const parts = (await messagesOf(red, id)).at(-1)?.parts ?? []
  expect(parts.filter(({ type }) => type === 'tool-call')).toMatchObject([{ state: 'completed' }, { state: 'completed' }])
  expect(parts.filter(({ type }) => type === 'source')).toMatchObject([
    { url: 'https://lamps.example/tall', title: 'Lamps' },
    { url: 'http://light.example/', title: null },
  ])
})
