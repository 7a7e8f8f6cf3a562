import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HttpMcpServer, startHttpMcpServer } from '../../../../test/support/mcp-server/index.ts'
import { useTestApp } from '../../../../test/support/test-app.ts'

const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })
let http: HttpMcpServer
beforeAll(async () => {
  http = await startHttpMcpServer()
})
afterAll(() => http[Symbol.asyncDispose]())

test('prompts of a server are listed from what is known, and their text is asked for when they are used', async () => {
  const [alice, bob] = await shared.current.people('alice', 'bob')
  const { workspaceId } = alice
  const { id } = await alice.get('mcpServers.create', { workspaceId, name: 'Tools', transport: 'http', url: http.url })
  expect(await alice.get('mcpServers.listPrompts', { workspaceId })).toEqual([])
  await alice.get('mcpServers.test', { id })
  const calls = http.requests.length
  const listed = await alice.get('mcpServers.listPrompts', { workspaceId })
  expect(http.requests.length).toBe(calls)
  expect(listed).toMatchObject([
    { serverId: id, serverName: 'Tools', name: 'greet', arguments: [] },
    {
      name: 'review',
      title: 'Review',
      description: 'Has something reviewed.',
      arguments: [
        { name: 'what', isRequired: true },
        { name: 'tone', isRequired: false },
      ],
    },
  ])
  const [greet, review] = listed
  // The same prompt keeps its id when the list is read again.
  await alice.get('mcpServers.test', { id })
  expect((await alice.get('mcpServers.listPrompts', { workspaceId })).map((prompt) => prompt.id)).toEqual([greet!.id, review!.id])

  expect(await alice.get('mcpServers.usePrompt', { id: greet!.id })).toEqual({ text: 'Say hello.' })
  expect(await alice.get('mcpServers.usePrompt', { id: review!.id, arguments: { what: 'my essay' } })).toEqual({
    text: 'Review {{this}}: my essay (kindly)',
  })
  expect(await alice.call('mcpServers.usePrompt', { id: review!.id, arguments: { tone: 'harsh' } })).toFailWith('request.invalid')
  expect(await alice.call('mcpServers.usePrompt', { id: greet!.id, arguments: { more: 'x' } })).toFailWith('request.invalid')
  expect(await bob.call('mcpServers.usePrompt', { id: greet!.id })).toFailWith('mcp-prompt.not_found')
  expect(await bob.call('mcpServers.listPrompts', { workspaceId })).toFailWith('workspace.not_found')

  await alice.get('mcpServers.update', { id, isEnabled: false })
  expect(await alice.get('mcpServers.listPrompts', { workspaceId })).toEqual([])
  expect(await alice.call('mcpServers.usePrompt', { id: greet!.id })).toFailWith('mcp-prompt.not_found')
})

test('a server that is gone says so when its prompt is used', async () => {
  const [alice] = await shared.current.people('alice')
  const { workspaceId } = alice
  const dying = await startHttpMcpServer()
  const { id } = await alice.get('mcpServers.create', { workspaceId, name: 'Dying', transport: 'http', url: dying.url })
  await alice.get('mcpServers.test', { id })
  const [prompt] = await alice.get('mcpServers.listPrompts', { workspaceId })
  await dying[Symbol.asyncDispose]()
  expect(await alice.call('mcpServers.usePrompt', { id: prompt!.id })).toFailWith('mcp-server.failed')
})
