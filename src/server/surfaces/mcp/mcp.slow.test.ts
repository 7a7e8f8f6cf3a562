import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, conversationWith, eventually, scripted, startTurn } from '../../../../test/support/turn-client.ts'

const provider = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const shared = useTestApp({ env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai') } })
beforeAll(() => shared.current.app.listing?.firstRound)

type Mode = '2025-11-25' | '2026-07-28'

async function open(person: Person, mode: Mode, scopes: string[] = ['*']): Promise<Client> {
  const { secret } = await person.get('people.createApiKey', { name: 'mcp', scopes: scopes as never })
  const transport = new StreamableHTTPClientTransport(new URL(`${shared.current.url}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${secret}` } },
  })
  const client = new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode: mode === '2026-07-28' ? { pin: '2026-07-28' } : 'legacy' } },
  )
  await client.connect(transport)
  return client
}

const textOf = (result: { content: unknown }) => (result.content as { text: string }[]).map(({ text }) => text).join('')
const call = (client: Client, name: string, args: Record<string, unknown> = {}) => client.callTool({ name, arguments: args })

test.each<Mode>(['2025-11-25', '2026-07-28'])('a client of %s lists, searches, reads and asks, with progress', async (mode) => {
  const [ada] = await shared.current.people('ada')
  const id = await conversationWith(ada, 'gpt-4o')
  await startTurn(ada, id, { text: 'Where do puffins nest?' }).then(allEvents)
  await ada.get('conversations.update', { id, title: 'Birds' })
  const client = await open(ada, mode)

  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toEqual([
    'list_conversations',
    'search_conversations',
    'read_conversation',
    'ask',
    'list_agents',
    'ask_agent',
  ])
  expect(textOf(await call(client, 'list_conversations'))).toContain(`Birds (${new Date().toISOString().slice(0, 10)}), id ${id}`)
  await eventually(
    () => ada.get('search.messages', { workspaceId: ada.workspaceId, query: 'puffin ' }),
    ({ messages }) => messages.length > 0,
  )
  expect(textOf(await call(client, 'search_conversations', { query: 'puffins' }))).toContain(`id ${id}`)
  expect(textOf(await call(client, 'read_conversation', { conversation_id: id }))).toContain('Where do puffins nest?')

  const told: number[] = []
  const script = scripted({ text: 'On cliffs, in burrows that they dig.', delayMs: 5 }, 'And?')
  const answer = await client.callTool(
    { name: 'ask', arguments: { conversation_id: id, text: script } },
    { onprogress: ({ progress }) => void told.push(progress) },
  )
  expect(textOf(answer)).toContain('On cliffs, in burrows that they dig.')
  expect(textOf(answer)).toContain(`conversation id ${id}`)
  expect(told.length).toBeGreaterThan(0)

  const { resources } = await client.listResources()
  expect(resources).toMatchObject([{ uri: `parley://conversations/${id}`, title: 'Birds', mimeType: 'text/markdown' }])
  const { contents } = await client.readResource({ uri: resources[0]!.uri })
  expect(contents[0]).toMatchObject({ mimeType: 'text/markdown', text: expect.stringContaining('On cliffs') as string })
  expect((await client.listResourceTemplates()).resourceTemplates).toHaveLength(2)
  await client.close()
})

test.each<Mode>(['2025-11-25', '2026-07-28'])('prompts of the library are prompts of %s, with their variables', async (mode) => {
  const [ada] = await shared.current.people('ada')
  const content = 'Explain {{topic: what it is about}} in {{words = 50}} words to {{user}}.'
  const { id } = await ada.get('prompts.create', { workspaceId: ada.workspaceId, name: 'Explain', content })
  const client = await open(ada, mode)
  const { prompts } = await client.listPrompts()
  expect(prompts).toMatchObject([
    {
      name: id,
      title: 'Explain',
      arguments: [
        { name: 'topic', description: 'what it is about', required: true },
        { name: 'words', required: false },
      ],
    },
  ])
  const { messages } = await client.getPrompt({ name: id, arguments: { topic: 'rain' } })
  expect(messages).toEqual([{ role: 'user', content: { type: 'text', text: 'Explain rain in 50 words to ada.' } }])
  await expect(client.getPrompt({ name: id, arguments: {} })).rejects.toThrow(/topic has to be given/)
  await expect(client.getPrompt({ name: 'none', arguments: {} })).rejects.toThrow(/no prompt named/)
  await client.close()
})

test("nobody reads, asks in or learns of somebody else's conversations, and a key does what its scopes say", async () => {
  const [ada, bea] = await shared.current.people('ada', 'bea')
  const id = await conversationWith(ada, 'gpt-4o')
  await startTurn(ada, id, { text: 'A secret.' }).then(allEvents)
  const client = await open(bea, '2026-07-28')
  for (const [name, args] of [
    ['read_conversation', { conversation_id: id }],
    ['ask', { conversation_id: id, text: 'hello' }],
  ] as const) {
    const answer = await call(client, name, args)
    expect(answer.isError).toBe(true)
    expect(textOf(answer)).toBe('There is no such conversation.')
  }
  expect(textOf(await call(client, 'list_conversations'))).toBe('There are none.')
  await expect(client.readResource({ uri: `parley://conversations/${id}` })).rejects.toThrow()
  expect(textOf(await call(client, 'ask', { text: 7 }))).toContain('The arguments are not valid')
  await expect(call(client, 'no_such_tool')).rejects.toThrow(/no tool named/)
  await client.close()

  const narrow = await open(ada, '2026-07-28', ['conversation:read'])
  expect(textOf(await call(narrow, 'list_conversations'))).toContain(id)
  await expect(call(narrow, 'ask', { conversation_id: id, text: 'hello' })).rejects.toThrow(/no tool named/)
  expect((await narrow.listTools()).tools.map(({ name }) => name)).toEqual(['list_conversations'])
  expect((await narrow.listPrompts()).prompts).toEqual([])
  await narrow.close()
})

test('an answer that waits for a permission, or fails, says so', async () => {
  const [ada] = await shared.current.people('ada')
  const client = await open(ada, '2026-07-28')
  const id = await conversationWith(ada, 'gpt-4o')
  const toolRounds = [[{ name: 'fetch_page', arguments: { url: 'https://example.org/' } }]]
  expect(textOf(await call(client, 'ask', { conversation_id: id, text: scripted({ toolRounds, text: 'x' }) }))).toContain(
    `fetch_page wants to be allowed, at ${shared.current.deps.config.http.publicUrl ?? 'http://localhost'}`,
  )
  const other = await conversationWith(ada, 'gpt-4o')
  expect(textOf(await call(client, 'ask', { conversation_id: other, text: scripted({ fault: 'invalid-key' as never }) }))).toContain(
    'ended early',
  )
  await client.close()
})

test('only a key opens it: no cookie, no stranger, no foreign site or name', async () => {
  const [ada] = await shared.current.people('ada')
  const { secret } = await ada.get('people.createApiKey', { name: 'mcp' })
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })
  const post = (headers: Record<string, string>) =>
    fetch(`${shared.current.url}/mcp`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream', ...headers },
    })
  const authorization = `Bearer ${secret}`
  expect((await post({ authorization })).status).toBe(200)
  const refused = await post({ cookie: ada.cookie! })
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
    401,
    `Bearer resource_metadata="${shared.current.url}/.well-known/oauth-protected-resource/mcp"`,
  ])
  expect((await post({ authorization: 'Bearer wrong' })).status).toBe(401)
  expect((await post({ authorization, origin: 'https://evil.example' })).status).toBe(403)
  expect((await post({ authorization, 'content-type': 'text/plain' })).status).toBe(415)
  const keys = await ada.get('people.listApiKeys')
  await ada.get('people.revokeApiKey', { id: keys[0]!.id })
  expect((await post({ authorization })).status).toBe(401)
})
