import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ApiServer, startApiServer } from '../../../../test/support/api-server.ts'
import { useConversationApp } from '../../../../test/support/conversation-app.ts'
import type { Person } from '../../../../test/support/test-app.ts'
import { eventually, messagesOf, scripted, startTurn, allEvents } from '../../../../test/support/turn-client.ts'

const { begin } = await useConversationApp({ EGRESS_ALLOW: '127.0.0.1' })
let shop: ApiServer
let other: ApiServer
beforeAll(async () => {
  shop = await startApiServer()
  other = await startApiServer()
})
afterAll(() => Promise.all([shop.close(), other.close()]))

type Auth = { kind: 'none' } | { kind: 'api_key'; in: 'query'; name: string; value: string }

async function add(person: Person, operations: Record<string, 'allow' | 'ask'>, auth: Auth = { kind: 'none' }) {
  const source = { url: `${shop.url}/openapi.json` }
  const configuration = { kind: 'http_api' as const, source, baseUrl: `${shop.url}/v1`, auth, operations }
  return person.get('customTools.create', { workspaceId: person.workspaceId, name: 'Shop', configuration })
}

/** Two passes with the same tool, the second of which comes after `meanwhile`. */
async function callTwice(person: Person, conversationId: string, name: string, meanwhile: () => Promise<unknown>) {
  const before = shop.requests.length
  const pass = [{ name, arguments: {} }]
  const running = startTurn(person, conversationId, {
    text: scripted({ toolRounds: [pass, pass], firstDelayMs: 1_500, text: 'done' }),
  }).then(allEvents)
  await eventually(
    () => Promise.resolve(shop.requests.length),
    (count) => count > before,
  )
  await meanwhile()
  await running
  return (await messagesOf(person, conversationId))
    .at(-1)!
    .parts.flatMap((part) => (part.type === 'tool-call' ? [[part.state, part.result]] : []))
}

test('a tool that became another one while an answer is written is not called by it any more', async () => {
  const [alice, id] = await begin()
  const tool = await add(alice, { 'GET /items': 'allow' })
  const calls = await callTwice(alice, id, `${tool.slug}__listItems`, () =>
    alice.get('customTools.update', { id: tool.id, configuration: { kind: 'http_api', baseUrl: `${other.url}/v1` } }),
  )
  expect(calls).toEqual([
    ['completed', expect.stringContaining('Status 200')],
    ['failed', 'This tool is not the one any more that was offered here. Go on without it.'],
  ])
  expect(other.requests).toEqual([])
})

test('a tool that asks a person from now on is not called without', async () => {
  const [alice, id] = await begin()
  const tool = await add(alice, { 'GET /items': 'allow' })
  const calls = await callTwice(alice, id, `${tool.slug}__listItems`, () =>
    alice.get('customTools.update', { id: tool.id, permissions: { listItems: 'ask' } } as never),
  )
  expect(calls[1]).toEqual(['failed', expect.stringContaining('asks a person first')])
})

test('an API that repeats its key in an answer does not tell it to the model', async () => {
  const [alice] = await begin()
  const { id } = await add(alice, { 'GET /items': 'allow' }, { kind: 'api_key', in: 'query', name: 'key', value: 'k-secret-123' })
  const { result } = await alice.get('customTools.test', { id, operation: 'listItems' })
  expect(shop.requests.at(-1)?.url).toContain('key=k-secret-123')
  expect(result).toContain('/v1/items?key=[hidden: key]')
  expect(result).not.toContain('k-secret')
})
