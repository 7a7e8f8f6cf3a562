import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiServer, shopDescription, startApiServer } from '../../../../test/support/api-server.ts'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { conversationWith, eventually, scripted, startTurn, allEvents, textOf, messagesOf } from '../../../../test/support/turn-client.ts'

let provider: ProviderServer
let shop: ApiServer
let other: ApiServer
beforeAll(async () => {
  provider = await startProviderServer()
  other = await startApiServer()
  shop = await startApiServer(other.url)
})
afterAll(() => Promise.all([provider.close(), shop.close(), other.close()]))
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })

type Auth =
  | { kind: 'none' }
  | { kind: 'bearer'; token: string }
  | { kind: 'api_key'; in: 'header' | 'query'; name: string; value: string }
  | { kind: 'basic'; username: string; password: string }
  | { kind: 'oauth_client_credentials'; tokenUrl: string; clientId: string; clientSecret: string }

async function addShop(
  person: Person,
  operations: Record<string, 'allow' | 'ask' | 'deny'>,
  auth: Auth = { kind: 'none' },
  name = 'Lamp shop',
) {
  const source = { url: `${shop.url}/openapi.json` }
  const configuration = { kind: 'http_api' as const, source, baseUrl: `${shop.url}/v1`, auth, operations }
  return person.get('customTools.create', { workspaceId: person.workspaceId, name, configuration })
}

test('a description says what it offers, where, and what cannot be called from here', async () => {
  const [red] = await shared.current.people('red')
  const described = await red.get('customTools.describe', { workspaceId: red.workspaceId, source: { url: `${shop.url}/openapi.json` } })

  expect(described).toMatchObject({ title: 'Shop', version: '2.1', servers: [`${shop.url}/v1`] })
  expect(described.security).toEqual([
    { kind: 'api_key', in: 'header', name: 'X-Shop-Key' },
    { kind: 'oauth_client_credentials', tokenUrl: `${shop.url}/token`, clientId: '', scope: 'read' },
  ])
  const byName = Object.fromEntries(described.operations.map((one) => [one.name, one]))
  expect(byName.getItem).toMatchObject({ key: 'GET /items/{id}', isReadOnly: true, refusal: null })
  expect(byName.makeOrder).toMatchObject({ key: 'POST /orders', isReadOnly: false, refusal: null })
  expect(byName.upload?.refusal).toContain('application/octet-stream')
  expect(byName.far?.refusal).toContain('outside of the document')
})

test('what is no description is refused in words', async () => {
  const [red] = await shared.current.people('red')
  const describe = (source: { text: string } | { url: string }) =>
    red.call('customTools.describe', { workspaceId: red.workspaceId, source })
  const paths = { '/a': { get: {} } }

  expect(await describe({ text: '{"swagger": "2.0"}' })).toMatchObject({
    problem: { code: 'custom-tool.description_unreadable', detail: expect.stringContaining('Swagger 2.0') },
  })
  expect(await describe({ text: JSON.stringify({ openapi: '4.0.0', paths }) })).toMatchObject({
    problem: { detail: expect.stringContaining('OpenAPI 4.0.0') },
  })
  expect(await describe({ text: 'a: [1, 2' })).toMatchObject({ problem: { detail: expect.stringContaining('neither JSON nor YAML') } })
  expect(await describe({ text: JSON.stringify({ openapi: '3.1.0', paths: {} }) })).toMatchObject({
    problem: { detail: expect.stringContaining('no operations') },
  })
  expect(await describe({ text: '['.repeat(20_000) })).toFailWith('custom-tool.description_unreadable')
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${`*${'abcdefgh'[index]},`.repeat(9)}]`),
  ].join('\n')
  expect(await describe({ text: bomb })).toFailWith('custom-tool.description_unreadable')
  expect(await describe({ url: `${shop.url}/v1/broken` })).toMatchObject({ problem: { code: 'custom-tool.description_unreachable' } })
  expect(await describe({ url: 'http://10.0.0.1/openapi.json' })).toFailWith('connection.address_forbidden')
  expect(await describe({ url: 'http://169.254.169.254/latest' })).toFailWith('connection.address_forbidden')
  expect(await describe({ text: 'openapi: 3.1.0\npaths:\n  /a:\n    get: {}\n' })).toMatchObject({
    ok: true,
    value: { operations: [{ key: 'GET /a', name: 'get_a' }] },
  })
})

test('arguments go where the description says, and nowhere else', async () => {
  const [red] = await shared.current.people('red')
  const names = ['GET /items', 'GET /items/{id}', 'PUT /items/{id}', 'GET /names/{name}', 'POST /orders']
  const tool = await addShop(red, Object.fromEntries(names.map((name) => [name, 'allow'])), {
    kind: 'api_key',
    in: 'query',
    name: 'key',
    value: 'k-1',
  })
  const call = (operation: string, args: Record<string, never> | object) =>
    red.get('customTools.test', { id: tool.id, operation, arguments: args as Record<string, never> })

  expect(tool.operations.find(({ name }) => name === 'makeOrder')?.inputSchema).toEqual({
    type: 'object',
    additionalProperties: false,
    required: ['body'],
    properties: {
      body: {
        type: 'object',
        description: '',
        required: ['item'],
        properties: {
          item: { type: 'integer', description: 'Which one' },
          count: { type: 'integer', exclusiveMinimum: 0 },
          note: { type: ['string', 'null'] },
          parts: { type: 'array', items: {} },
        },
      },
    },
  })
  expect(await call('getItem', { id: 7 })).toMatchObject({
    isWorking: true,
    result: 'Status 200, application/json\n\n{"id":7,"name":"A lamp","price":12.5}',
  })
  expect(shop.requests.at(-1)?.url).toBe('/v1/items/7?key=k-1')
  await call('listItems', {
    q: 'a&b',
    tag: ['x', 'y'],
    ids: [1, 2],
    filter: { colour: 'red' },
    'X-Trace': 't',
    Authorization: 'mine',
    key: 'other',
  })
  expect(shop.requests.at(-1)).toMatchObject({
    url: '/v1/items?q=a%26b&tag=x&tag=y&ids=1%2C2&filter%5Bcolour%5D=red&key=k-1',
    headers: { 'x-trace': 't' },
  })
  expect(shop.requests.at(-1)?.headers.authorization).toBeUndefined()
  await call('replaceItem', { id: 7, body: { name: 'é &' } })
  expect(shop.requests.at(-1)).toMatchObject({
    method: 'PUT',
    body: 'name=%C3%A9+%26',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  })
  await call('makeOrder', { body: { item: 7 } })
  expect(shop.requests.at(-1)).toMatchObject({ method: 'POST', body: '{"item":7}', headers: { 'content-type': 'application/json' } })
  await call('getNamed', { name: 'a/../b?c#d' })
  expect(shop.requests.at(-1)?.url).toBe('/v1/names/a%2F..%2Fb%3Fc%23d?key=k-1')

  const before = shop.requests.length
  for (const name of ['..', '.', '']) expect(await call('getNamed', { name })).toMatchObject({ isWorking: false })
  expect(await call('getItem', {})).toMatchObject({ isWorking: false, result: 'These arguments are missing: id.' })
  expect(await call('listItems', { 'X-Trace': 'a\r\nX-Evil: 1' })).toMatchObject({ isWorking: false })
  expect(shop.requests.length).toBe(before)
})

test('credentials are sealed, sent to their host only, and asked for again where the host changes', async () => {
  const app = shared.current
  const [red] = await app.people('red')
  const tool = await addShop(red, { 'GET /items': 'allow', 'GET /moved': 'allow' }, { kind: 'bearer', token: 'tok-secret-1' })
  const { id } = tool
  expect(JSON.stringify(await red.get('customTools.list', { workspaceId: red.workspaceId }))).not.toContain('tok-secret')
  const row = await app.deps.db.selectFrom('custom_tool').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  expect(JSON.stringify(row.configuration) + row.sealed_credentials!.toString('latin1')).not.toContain('tok-secret')

  await red.get('customTools.test', { id, operation: 'getMoved' })
  expect(shop.requests.at(-1)?.headers.authorization).toBe('Bearer tok-secret-1')
  expect(other.requests.at(-1)).toMatchObject({ url: '/v1/landed' })
  expect(other.requests.at(-1)?.headers.authorization).toBeUndefined()

  const move = (auth?: Auth) =>
    red.call('customTools.update', { id, configuration: { kind: 'http_api', baseUrl: other.url, ...(auth && { auth }) } })
  expect(await move()).toMatchObject({ problem: { code: 'request.invalid', issues: [{ path: ['auth'] }] } })
  expect(await move({ kind: 'basic', username: 'ada', password: 'p:w' })).toMatchObject({
    ok: true,
    value: { configuration: { auth: { kind: 'basic', username: 'ada' } } },
  })
  await red.get('customTools.test', { id, operation: 'listItems' })
  expect(other.requests.at(-1)?.headers.authorization).toBe(`Basic ${Buffer.from('ada:p:w').toString('base64')}`)
  // Somebody with the database but without the key of the vault cannot have them sent elsewhere.
  const moved = JSON.stringify({
    kind: 'http_api',
    baseUrl: shop.url,
    auth: { kind: 'basic', username: 'ada' },
    documentTitle: '',
    documentVersion: '',
  })
  await app.deps.db.updateTable('custom_tool').set({ configuration: moved }).where('id', '=', id).execute()
  const seen = shop.requests.length
  expect(await red.call('customTools.test', { id, operation: 'listItems' })).toFailWith('internal')
  expect(shop.requests.length).toBe(seen)
})

test('a client of OAuth gets one token, and another when it is refused', async () => {
  const [red] = await shared.current.people('red')
  const auth = { kind: 'oauth_client_credentials' as const, tokenUrl: `${shop.url}/token`, clientId: 'shop', clientSecret: 's3cret' }
  const { id } = await addShop(red, { 'GET /private': 'allow' }, auth)
  const tokensBefore = shop.requests.filter(({ url }) => url === '/token').length
  const answers = await Promise.all([1, 2, 3].map(() => red.get('customTools.test', { id, operation: 'getPrivate' })))
  expect(answers.filter(({ isWorking }) => isWorking).length).toBeGreaterThan(0)
  const last = await red.get('customTools.test', { id, operation: 'getPrivate' })
  expect(last).toMatchObject({ isWorking: true, result: expect.stringContaining('"secret":42') })
  const used = shop.requests.filter(({ url }) => url === '/token').length - tokensBefore
  expect(used).toBeGreaterThan(1)
  await red.get('customTools.test', { id, operation: 'getPrivate' })
  expect(shop.requests.filter(({ url }) => url === '/token').length - tokensBefore).toBe(used)

  await red.get('customTools.update', { id, configuration: { kind: 'http_api', auth: { ...auth, clientSecret: 'wrong' } } })
  expect(await red.get('customTools.test', { id, operation: 'getPrivate' })).toMatchObject({
    isWorking: false,
    result: expect.stringContaining('status 401'),
  })
})

test('what goes wrong is told as it is, and no answer is larger than permitted', async () => {
  const [red] = await shared.current.people('red')
  const { id } = await addShop(red, Object.fromEntries(['/huge', '/broken', '/picture'].map((path) => [`GET ${path}`, 'allow'])))
  const call = (operation: string) => red.get('customTools.test', { id, operation })
  expect(await call('getBroken')).toMatchObject({
    isWorking: false,
    result: 'The API answered with status 500.\n\n{"error":"database on fire"}',
  })
  expect(await call('getHuge')).toMatchObject({ isWorking: false, result: expect.stringContaining('larger than permitted') })
  expect(await call('getPicture')).toMatchObject({
    isWorking: true,
    result: expect.stringContaining('(image/png, 4 bytes, which is not text)'),
  })
  await red.get('customTools.update', { id, configuration: { kind: 'http_api', baseUrl: 'http://10.0.0.1/v1' } })
  expect(await call('getBroken')).toMatchObject({ isWorking: false, result: expect.stringContaining('private network') })
})

test('names stay when the tool is renamed, and are unique in a workspace', async () => {
  const [red, blue] = await shared.current.people('red', 'blue')
  const first = await addShop(red, { 'GET /items': 'allow' })
  const second = await addShop(red, { 'GET /items': 'allow' })
  expect([first.slug, second.slug]).toEqual(['lamp_shop', 'lamp_shop_2'])
  expect((await addShop(blue, { 'GET /items': 'allow' })).slug).toBe('lamp_shop')
  expect(await red.get('customTools.update', { id: first.id, name: 'Other' })).toMatchObject({ name: 'Other', slug: 'lamp_shop' })
  expect((await addShop(red, { 'GET /items': 'allow' }, { kind: 'none' }, '灯')).slug).toBe('tool')
})

test('a model calls it, as far as it is permitted and as long as it is there', async () => {
  const app = shared.current
  const [red] = await app.people('red')
  const { id: connectionId } = await red.get('connections.create', {
    workspaceId: red.workspaceId,
    provider: 'openai-compatible',
    baseUrl: provider.baseUrl('compatible'),
  })
  const { models } = await red.get('models.list', { workspaceId: red.workspaceId })
  const { internalName } = models.find((model) => model.connectionId === connectionId && model.kind === 'chat')!
  const tool = await addShop(red, { 'GET /items/{id}': 'allow', 'POST /orders': 'deny' })
  const id = await conversationWith(red, internalName)
  const ask = async () => {
    const text = scripted({ toolRounds: [[{ name: 'lamp_shop__getItem', arguments: { id: 7 } }]], text: 'It costs 12.5.' })
    await allEvents(await startTurn(red, id, { text }))
    const message = (await messagesOf(red, id)).at(-1)
    expect(textOf(message)).toContain('12.5')
    return message?.parts.find((part) => part.type === 'tool-call')
  }
  expect(await ask()).toMatchObject({ state: 'completed', result: expect.stringContaining('"name":"A lamp"') })
  const offered = provider.requests.at(-1)?.body as { tools?: { function: { name: string } }[] } | undefined
  const names = offered?.tools?.map((one) => one.function.name)
  expect(names).toContain('lamp_shop__getItem')
  expect(names).not.toContain('lamp_shop__makeOrder')

  await red.get('customTools.update', { id: tool.id, isEnabled: false })
  await eventually(ask, (part) => part?.type === 'tool-call' && part.state === 'failed')
})

test('a member who runs nothing sees the tools and changes none', async () => {
  const app = shared.current
  const [red, blue] = await app.people('red', 'blue')
  await app.addMember(red.workspaceId, blue, 'User')
  const { id } = await addShop(red, { 'GET /items': 'allow' })
  expect(await blue.get('customTools.list', { workspaceId: red.workspaceId })).toHaveLength(1)
  expect(await blue.call('customTools.update', { id, name: 'mine' })).toFailWith('auth.forbidden')
  expect(await blue.call('customTools.test', { id, operation: 'listItems' })).toFailWith('auth.forbidden')
  const source = { text: JSON.stringify(shopDescription) }
  expect(await blue.call('customTools.describe', { workspaceId: red.workspaceId, source })).toFailWith('auth.forbidden')
})
