import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SignInServer, startSignInServer } from '../../../../test/support/mcp-server/sign-in-server.ts'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, conversationWith, messagesOf, scripted, startTurn } from '../../../../test/support/turn-client.ts'

const provider = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const shared = useTestApp({
  env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), EGRESS_ALLOW: '127.0.0.1' },
})
let server: SignInServer
beforeAll(async () => {
  server = await startSignInServer()
  await shared.current.app.listing?.firstRound
})
afterAll(() => server[Symbol.asyncDispose]())

async function add(person: Person, workspaceId = person.workspaceId): Promise<string> {
  return (await person.get('mcpServers.create', { workspaceId, name: 'Signed', transport: 'http', url: server.url, credentials: 'oauth' }))
    .id
}

async function signIn(person: Person, id: string) {
  const { url } = await person.get('mcpServers.authorize', { id })
  return person.get('mcpServers.finishAuthorization', await server.signIn(url))
}

/** As a model's call does it, without a model. */
async function connectAs(person: Person, id: string) {
  return person.get('mcpServers.test', { id })
}

test('a person signs in and calls with a token of their own; another one has to do so too', async () => {
  const [alice, bert] = await shared.current.people('alice', 'bert')
  await shared.current.addMember(alice.workspaceId, bert, 'Super User')
  const id = await add(alice)
  expect(await connectAs(alice, id)).toMatchObject({ myCredential: 'missing', status: 'disconnected', toolCount: 0 })
  expect(await signIn(alice, id)).toMatchObject({ myCredential: 'ready' })
  expect(await connectAs(alice, id)).toMatchObject({ status: 'connected', toolCount: 12 })
  expect(await connectAs(bert, id)).toMatchObject({ myCredential: 'missing' })
  await signIn(bert, id)
  expect(await connectAs(bert, id)).toMatchObject({ myCredential: 'ready', status: 'connected' })
  // One registration for the workspace.
  expect(server.counts['/register']).toBe(1)
  const rows = await shared.current.deps.db.selectFrom('mcp_credential').select('sealed').where('server_id', '=', id).execute()
  expect(rows).toHaveLength(2)
  expect(rows.every(({ sealed }) => !sealed.toString('latin1').includes('access_token'))).toBe(true)
})

test('what is brought back counts once, for whom and in the session that left', async () => {
  const [alice, mallory] = await shared.current.people('alice', 'mallory')
  await shared.current.addMember(alice.workspaceId, mallory, 'User')
  const id = await add(alice)
  const back = await server.signIn((await alice.get('mcpServers.authorize', { id })).url)
  expect(await mallory.call('mcpServers.finishAuthorization', back)).toFailWith('mcp-server.sign_in_expired')
  const { secret } = await alice.get('people.createApiKey', { name: 'key' })
  expect(await shared.current.withKey(secret).call('mcpServers.finishAuthorization', back)).toFailWith('mcp-server.sign_in_expired')
  expect(await alice.call('mcpServers.finishAuthorization', { ...back, state: 'x' })).toFailWith('mcp-server.sign_in_expired')
  expect(await alice.call('mcpServers.finishAuthorization', back)).toSucceed()
  expect(await alice.call('mcpServers.finishAuthorization', back)).toFailWith('mcp-server.sign_in_expired')

  const again = await server.signIn((await alice.get('mcpServers.authorize', { id })).url)
  expect(await alice.call('mcpServers.finishAuthorization', { ...again, iss: 'https://evil.example' })).toFailWith(
    'mcp-server.sign_in_failed',
  )
  const denied = await server.signIn((await alice.get('mcpServers.authorize', { id })).url)
  expect(await alice.call('mcpServers.finishAuthorization', { state: denied.state, error: 'access_denied' })).toFailWith(
    'mcp-server.sign_in_failed',
  )
})

test('a token that is over is renewed once, however many calls want it at the same moment', async () => {
  const [alice] = await shared.current.people('alice')
  const id = await add(alice)
  await signIn(alice, id)
  await connectAs(alice, id)
  const tools = await alice.get('mcpServers.listTools', { id })
  await alice.get('mcpServers.setPermissions', { id, toolIds: tools.map((tool) => tool.id), permission: 'allow' })
  const before = server.counts['/token']!
  server.expireAll()
  const conversationId = await conversationWith(alice, 'gpt-4o')
  const calls = Array.from({ length: 8 }, (_, n) => ({ name: 'signed__add', arguments: { a: n, b: 1 } }))
  await allEvents(await startTurn(alice, conversationId, { text: scripted({ toolRounds: [calls], text: 'done' }) }))
  const parts = (await messagesOf(alice, conversationId))[1]!.parts.slice(0, 8)
  expect(parts).toMatchObject(calls.map((_, n) => ({ state: 'completed', result: String(n + 1) })))
  expect(server.counts['/token']).toBe(before + 1)

  // One that is about to be over is renewed before it is used.
  await shared.current.deps.db
    .updateTable('mcp_credential')
    .set({ expires_at: new Date(Date.now() + 10_000) })
    .where('server_id', '=', id)
    .execute()
  await connectAs(alice, id)
  expect(server.counts['/token']).toBe(before + 2)
})

test('a grant that was withdrawn asks the person to connect again', async () => {
  const [alice] = await shared.current.people('alice')
  const id = await add(alice)
  await signIn(alice, id)
  await connectAs(alice, id)
  server.withdrawAll()
  expect(await connectAs(alice, id)).toMatchObject({ myCredential: 'failed' })
  expect(await signIn(alice, id)).toMatchObject({ myCredential: 'ready' })
  expect(await connectAs(alice, id)).toMatchObject({ myCredential: 'ready', status: 'connected' })
})
