import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { startProviderServer, type ProviderServer, type Served } from '../../../../test/support/provider-server/index.ts'
import type { Provider } from '../../../contract/models.ts'
import { createEgress } from '../egress/index.ts'
import { Secret } from '../vault/secret.ts'
import { createLlm, type ConnectionTarget } from './index.ts'

const egress = createEgress({ allow: [] })
const llm = createLlm({ egress })
let server: ProviderServer
const opened: (() => Promise<unknown>)[] = []

beforeAll(async () => {
  server = await startProviderServer()
})
afterEach(async () => {
  for (const close of opened.splice(0)) await close()
})
afterAll(async () => {
  await llm.close()
  await egress.close()
  await server.close()
})

function connection(provider: Provider, baseUrl: string, key: string | null = 'sk-good'): ConnectionTarget {
  return { provider, connectionId: 'one', baseUrl, apiKey: key === null ? null : new Secret(key), headers: {}, allowsPrivateAddress: true }
}

async function answering(handler: RequestListener): Promise<string> {
  const upstream = createServer(handler)
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  opened.push(() => new Promise((resolve) => (upstream.closeAllConnections(), upstream.close(resolve))))
  return `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`
}

const list = (target: ConnectionTarget) => llm.listModels(target, new AbortController().signal)

test.each<[Provider, Served]>([
  ['openai', 'openai'],
  ['anthropic', 'anthropic'],
  ['google', 'google'],
  ['xai', 'xai'],
  ['openai-compatible', 'compatible'],
  ['ollama', 'ollama'],
])('%s lists its models with the key, and refuses a bad one', async (provider, served) => {
  const models = await list(connection(provider, server.baseUrl(served)))
  expect(models.filter(({ kind }) => kind === 'chat').length).toBeGreaterThanOrEqual(2)
  await expect(list(connection(provider, server.baseUrl(served), 'sk-bad'))).rejects.toMatchObject({ code: 'connection.rejected' })
})

test('each kind is told apart, and what nothing here calls is left out', async () => {
  const kinds = Object.fromEntries(
    (await list(connection('openai', server.baseUrl('openai')))).map(({ internalName, kind }) => [internalName, kind]),
  )
  expect(kinds).toMatchObject({ 'gpt-4o': 'chat', 'text-embedding-3-small': 'embedding', 'gpt-image-1': 'image' })
  for (const name of ['whisper-1', 'tts-1', 'omni-moderation-latest']) expect(kinds).not.toHaveProperty(name)
  const compatible = await list(connection('openai-compatible', server.baseUrl('compatible')))
  expect(compatible.find(({ internalName }) => internalName === 'bge-reranker-v2-m3')?.kind).toBe('reranking')
  const ollama = await list(connection('ollama', server.baseUrl('ollama'), null))
  expect(ollama.find(({ internalName }) => internalName === 'nomic-embed-text:latest')?.kind).toBe('embedding')
})

test('names and limits are taken where the provider tells them', async () => {
  const google = await list(connection('google', server.baseUrl('google')))
  expect(google.find(({ internalName }) => internalName === 'gemini-2.5-pro')).toEqual({
    internalName: 'gemini-2.5-pro',
    name: 'Gemini 2.5 Pro',
    kind: 'chat',
    maxContext: 1_048_576,
    maxOutput: 65_536,
  })
  expect(google.find(({ internalName }) => internalName === 'gemini-embedding-001')).toMatchObject({ kind: 'embedding', maxOutput: null })
})

test('an address is taken with and without its version', async () => {
  expect(await list(connection('openai-compatible', server.url))).not.toHaveLength(0)
  expect(await list(connection('anthropic', server.url))).not.toHaveLength(0)
  expect(await list(connection('ollama', `${server.url}/ollama/`))).not.toHaveLength(0)
  expect(await list(connection('ollama', `${server.url}/ollama/v1`))).not.toHaveLength(0)
})

test('all pages are read', async () => {
  const url = await answering((request, response) => {
    const after = new URL(request.url!, 'http://x').searchParams.get('after_id')
    const ids = after === null ? ['a', 'b'] : after === 'b' ? ['c'] : []
    response.end(JSON.stringify({ data: ids.map((id) => ({ id, display_name: id })), has_more: after === null, last_id: ids.at(-1) }))
  })
  expect((await list(connection('anthropic', url))).map(({ internalName }) => internalName)).toEqual(['a', 'b', 'c'])
})

test.each([[429, '{}', 'a key that is used too much is a good key', []]])('%i: %s: %s', async (status, body, _why, expected) => {
  const url = await answering((_request, response) => response.writeHead(status).end(body))
  expect(await list(connection('openai', url))).toEqual(expected)
})

test.each<[number, string, string, RegExp | undefined]>([
  [401, '{}', 'connection.rejected', undefined],
  [403, '{}', 'connection.rejected', undefined],
  [400, '{"error":{"message":"API key not valid"}}', 'connection.rejected', undefined],
  [404, 'Not found', 'connection.unreachable', /404.*nothing is at this address/],
  [500, 'oops', 'connection.unreachable', /500/],
  [200, '<html>Welcome</html>', 'connection.unreachable', /not with a list of models/],
  [200, '{"data":"none"}', 'connection.unreachable', /not with a list of models/],
])('status %i with %s is %s', async (status, body, code, detail) => {
  const url = await answering((_request, response) => response.writeHead(status).end(body))
  const error = await list(connection('openai', url)).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  expect(error).toMatchObject({ code })
  if (detail) expect((error as { detail: string }).detail).toMatch(detail)
})

test('nobody there, and an address that may not be called', async () => {
  await expect(list(connection('openai', 'http://127.0.0.1:1/v1'))).rejects.toMatchObject({ code: 'connection.unreachable' })
  const forbidden = { ...connection('openai', server.baseUrl('openai')), allowsPrivateAddress: false }
  await expect(list(forbidden)).rejects.toMatchObject({ code: 'connection.address_forbidden' })
})

test('an Ollama is found where one answers, and nowhere else', async () => {
  expect(await llm.findOllama(`${server.url}`)).toBeNull()
  const url = await answering((request, response) => response.end(request.url === '/api/tags' ? '{"models":[]}' : ''))
  const root = url.replace('/v1', '')
  expect(await llm.findOllama(root)).toBe(root)
  expect(await llm.findOllama('http://127.0.0.1:1')).toBeNull()
})

test('the built-in models are always there', async () => {
  expect(await list(connection('built-in', '', null))).toEqual([
    expect.objectContaining({ internalName: 'parley-offline', kind: 'chat' }),
    expect.objectContaining({ internalName: 'parley-embed-en', kind: 'embedding' }),
  ])
})
