import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHttpMcpServer, stdioServer } from '../../../../test/support/mcp-server/index.ts'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import {
  allEvents,
  eventsUntil,
  eventually,
  followTurn,
  messagesOf,
  scripted,
  startTurn,
  turnIdOf,
} from '../../../../test/support/turn-client.ts'

const provider = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const shared = useTestApp({
  env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), EGRESS_ALLOW: '127.0.0.1' },
})
let admin: Person
beforeAll(async () => {
  admin = await shared.current.admin()
  await shared.current.app.listing?.firstRound
})

const secret = 'sealed-value-4711'

async function team() {
  const workspaceId = (await admin.get('workspaces.create', { name: 'Team' })).id
  const { models } = await admin.get('models.list', { workspaceId })
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
  return { workspaceId, conversationId: (await admin.get('conversations.create', { workspaceId, modelId })).id }
}

const calling = (...names: string[]) =>
  scripted({ toolRounds: names.map((name) => [{ name, arguments: name.endsWith('add') ? { a: 1, b: 1 } : {} }]), text: 'done' })

async function add(
  workspaceId: string,
  allowed: string[],
  server: object = { transport: 'stdio', ...stdioServer(), env: { TOKEN: secret } },
) {
  const { id } = await admin.get('mcpServers.create', { workspaceId, name: 'local', ...server } as never)
  await admin.get('mcpServers.test', { id })
  const tools = await admin.get('mcpServers.listTools', { id })
  const toolIds = tools.filter(({ name }) => allowed.includes(name)).map((tool) => tool.id)
  if (toolIds.length > 0) await admin.get('mcpServers.setPermissions', { id, toolIds, permission: 'allow' })
  return id
}

/** Until it waits for a person's word, which it then is given for good. */
async function alwaysAllow(conversationId: string, words: string) {
  const seen = await eventsUntil(await startTurn(admin, conversationId, { text: words }), (event) => event.type === 'turn-waiting')
  const { id, waitingFor } = await eventually(
    () => admin.get('turns.get', { id: turnIdOf(seen) }),
    ({ state }) => state === 'waiting',
  )
  await admin.get('turns.decide', { id, callId: waitingFor[0]!.callId, decision: 'always-allow' })
  await allEvents(await followTurn(admin, id))
}

const lastCall = async (conversationId: string) => (await messagesOf(admin, conversationId)).at(-1)!.parts[0]

test('"always" is said of a tool as it was: it asks again when it has changed, and so does another server of the same name', async () => {
  const { workspaceId, conversationId } = await team()
  const id = await add(workspaceId, ['change'])
  await alwaysAllow(conversationId, calling('local__add'))
  await alwaysAllow(conversationId, calling('local__mixed'))
  await allEvents(await startTurn(admin, conversationId, { text: calling('local__change') }))
  await eventually(
    () => admin.get('mcpServers.listTools', { id }),
    (tools) => tools.some(({ description }) => description.includes('stranger')),
  )
  const kept = await admin.get('toolPermissions.list', { id: conversationId })
  expect(kept.map(({ toolName }) => toolName)).toEqual(['local__mixed'])
  await alwaysAllow(conversationId, calling('local__add'))

  await admin.get('mcpServers.delete', { id })
  expect(await admin.get('toolPermissions.list', { id: conversationId })).toEqual([])
})

test('what a server is trusted with comes back neither in its failures, its history nor its answers', async () => {
  const { workspaceId, conversationId } = await team()
  const id = await add(workspaceId, ['spill', 'environment'])
  await allEvents(await startTurn(admin, conversationId, { text: calling('local__spill') }))
  const call = await lastCall(conversationId)
  expect(call).toMatchObject({ state: 'failed', result: expect.stringContaining('the key [hidden: TOKEN] is refused') })
  const server = await eventually(
    () => admin.get('mcpServers.get', { id }),
    ({ status }) => status === 'error',
  )
  expect(server.statusReason).toContain('the key [hidden: TOKEN] is refused')
  expect(JSON.stringify([server, await admin.get('mcpServers.listEvents', { id })])).not.toContain(secret)

  await using http = await startHttpMcpServer()
  http.answerWith = (request, response) => {
    const error = { code: -32_000, message: `You are ${request.headers['authorization']}` }
    const answer = (body: string) => JSON.stringify({ jsonrpc: '2.0', id: (JSON.parse(body) as { id?: number }).id ?? null, error })
    response.writeHead(200, { 'content-type': 'application/json' })
    void text(request).then((body) => response.end(body === '' ? '' : answer(body)))
  }
  const headers = { authorization: `Bearer ${secret}` }
  const told = await admin.get('mcpServers.create', { workspaceId, name: 'http', transport: 'http', url: http.url, headers })
  const failed = await admin.get('mcpServers.test', { id: told.id })
  expect(failed.statusReason).toContain('You are [hidden: authorization]')
  expect(JSON.stringify(failed)).not.toContain(secret)
})

test('how far a tool is, is shown', async () => {
  const { workspaceId, conversationId } = await team()
  await add(workspaceId, ['count'])
  const events = await allEvents(await startTurn(admin, conversationId, { text: calling('local__count') }))
  expect(events.map(({ event }) => event)).toContainEqual(
    expect.objectContaining({ type: 'tool-progress', progress: { message: 'three of four', fraction: 0.75 } }),
  )
})

test('a server that is switched off while an answer runs is not called by it any more', async () => {
  const { workspaceId, conversationId } = await team()
  await using http = await startHttpMcpServer()
  const id = await add(workspaceId, ['hang', 'add'], { transport: 'http', url: http.url })
  const before = http.requests.length
  const running = startTurn(admin, conversationId, { text: calling('local__hang', 'local__add') })
  await expect.poll(() => http.requests.length).toBeGreaterThan(before)
  await admin.get('mcpServers.update', { id, isEnabled: false })
  await allEvents(await running)
  const { parts } = (await messagesOf(admin, conversationId)).at(-1)!
  const calls = parts.filter(({ type }) => type === 'tool-call')
  expect(calls).toMatchObject([{ state: 'failed' }, { state: 'failed', result: expect.stringContaining('switched off') }])
})

test('an API and a server of the same name are called by two names', async () => {
  const { workspaceId } = await team()
  const server = await admin.get('mcpServers.create', { workspaceId, name: 'crm', transport: 'http', url: 'https://crm.example/mcp' })
  const description = JSON.stringify({ openapi: '3.1.0', paths: { '/a': { get: {} } } })
  const configuration = {
    kind: 'http_api',
    source: { text: description },
    baseUrl: 'https://crm.example',
    auth: { kind: 'none' },
    operations: { 'GET /a': 'ask' },
  }
  const api = await admin.get('customTools.create', { workspaceId, name: 'CRM', configuration } as never)
  const other = await admin.get('mcpServers.create', { workspaceId, name: 'crm', transport: 'http', url: 'https://crm.example/mcp' })
  expect(new Set([server.slug, api.slug, other.slug]).size).toBe(3)
  const shop = await admin.get('customTools.create', { workspaceId, name: 'shop', configuration } as never)
  const third = await admin.get('mcpServers.create', { workspaceId, name: 'shop', transport: 'http', url: 'https://crm.example/mcp' })
  expect(third.slug).not.toBe(shop.slug)
})
