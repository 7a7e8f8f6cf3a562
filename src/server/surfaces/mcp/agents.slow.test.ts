import { Client, type ElicitRequest, type ElicitResult, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { AppScope } from '../../../contract/app-choices.ts'
import { letIn } from '../../../../test/support/app-client.ts'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import {
  allEvents,
  conversationWith,
  eventually,
  messagesOf,
  scripted,
  startTurn,
  textOf as textOfMessage,
} from '../../../../test/support/turn-client.ts'
import type { Tool } from '../../features/tools/index.ts'
import { z } from 'zod'

const asksFirst: Tool = {
  name: 'asks_first',
  description: 'Needs a permission.',
  input: z.object({ what: z.string() }),
  isRepeatable: true,
  permission: 'ask',
  timeoutMs: 5_000,
  run: async (input) => `it ran with ${(input as { what: string }).what}`,
}

const provider = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const shared = useTestApp({ env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai') }, tools: [asksFirst] })
beforeAll(() => shared.current.app.listing?.firstRound)

type Elicit = (request: ElicitRequest) => ElicitResult

async function connect(bearer: string, elicit?: Elicit): Promise<Client> {
  const transport = new StreamableHTTPClientTransport(new URL(`${shared.current.url}/mcp`), {
    requestInit: { headers: { authorization: `Bearer ${bearer}` } },
  })
  const client = new Client(
    { name: 'test', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } }, capabilities: elicit ? { elicitation: { form: {} } } : {} },
  )
  if (elicit) client.setRequestHandler('elicitation/create', (request) => elicit(request))
  await client.connect(transport)
  return client
}

async function byKey(person: Person, elicit?: Elicit): Promise<Client> {
  return connect((await person.get('people.createApiKey', { name: 'mcp' })).secret, elicit)
}

const byToken = async (person: Person, scopes: AppScope[], elicit?: Elicit) =>
  connect((await letIn(shared.current, person, scopes)).access, elicit)

async function addAgent(person: Person, name: string, more: object = {}): Promise<string> {
  const { models } = await person.get('models.list', { workspaceId: person.workspaceId })
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
  const agent = { workspaceId: person.workspaceId, name, modelId, description: 'Knows tides.', tools: ['asks_first'], ...more }
  return (await person.get('agents.create', agent)).id
}

const textOf = (result: { content: unknown }) => (result.content as { text: string }[]).map(({ text }) => text).join('')
const call = (client: Client, name: string, args: Record<string, unknown> = {}) => client.callTool({ name, arguments: args })
const idIn = (text: string) => /conversation id ([0-9a-f-]{36})/.exec(text)![1]!

test('agents are listed, described, completed and asked, and go on where they were asked', async () => {
  const [ada, bob] = await shared.current.people('ada', 'bob')
  const id = await addAgent(ada, 'Harbour')
  await addAgent(bob, 'Of Bob')
  const client = await byKey(ada)
  expect(textOf(await call(client, 'list_agents'))).toBe(`- Harbour, id ${id}: Knows tides.`)
  const first = textOf(await call(client, 'ask_agent', { agent: 'harbour', text: scripted({ text: 'High at noon.' }) }))
  expect(first).toContain('High at noon.')
  const conversationId = idIn(first)
  expect(await ada.get('conversations.get', { id: conversationId })).toMatchObject({ agentId: id })
  const again = textOf(
    await call(client, 'ask_agent', { agent: id, text: scripted({ text: 'Low at six.' }), conversation_id: conversationId }),
  )
  expect(again).toContain('Low at six.')
  expect(await messagesOf(ada, conversationId)).toHaveLength(4)

  const other = await conversationWith(ada, 'gpt-4o')
  expect(textOf(await call(client, 'ask_agent', { agent: id, text: 'x', conversation_id: other }))).toContain(
    'is not answered by this agent',
  )
  expect(textOf(await call(client, 'ask_agent', { agent: 'Of Bob', text: 'x' }))).toContain('There is no such agent.')

  const { resources } = await client.listResources()
  expect(resources).toContainEqual(expect.objectContaining({ uri: `parley://agents/${id}`, title: 'Harbour' }))
  const { contents } = await client.readResource({ uri: `parley://agents/${id}` })
  expect(contents[0]).toMatchObject({ text: expect.stringContaining('Knows tides.') as string })
  const completed = await client.complete({
    ref: { type: 'ref/resource', uri: 'parley://agents/{id}' },
    argument: { name: 'id', value: 'harb' },
  })
  expect(completed.completion.values).toEqual([id])
  await client.close()
})

test('choices of a prompt are completed', async () => {
  const [ada] = await shared.current.people('ada')
  const { id } = await ada.get('prompts.create', {
    workspaceId: ada.workspaceId,
    name: 'Tone',
    content: 'Write it in a {{tone = formal | friendly | funny}} tone.',
  })
  const client = await byKey(ada)
  const { prompts } = await client.listPrompts()
  const name = prompts[0]!.arguments![0]!.name
  const { completion } = await client.complete({ ref: { type: 'ref/prompt', name: id }, argument: { name, value: 'f' } })
  expect(completion.values).toEqual(['formal', 'friendly', 'funny'])
  await client.close()
})

test.each(['allow', 'deny', 'declined'])('a permission is asked for at the client, and %s is what happens', async (answer) => {
  const [ada] = await shared.current.people('ada')
  const asked: string[] = []
  const client = await byKey(ada, ({ params }) => {
    asked.push(params.message)
    return answer === 'declined' ? { action: 'decline' } : { action: 'accept', content: { answer } }
  })
  const toolRounds = [
    [
      { name: 'asks_first', arguments: { what: 'one' } },
      { name: 'asks_first', arguments: { what: 'two' } },
    ],
    [{ name: 'asks_first', arguments: { what: 'three' } }],
  ]
  const id = await addAgent(ada, 'Asker')
  const said = textOf(await call(client, 'ask_agent', { agent: id, text: scripted({ toolRounds, text: 'done' }) }))
  expect(said).toContain('done')
  expect(asked).toEqual(['one', 'two', 'three'].map((what) => `A model wants to use the tool asks_first with {"what":"${what}"}. May it?`))
  const parts = (await messagesOf(ada, idIn(said)))[1]!.parts.filter((part) => part.type === 'tool-call')
  expect(parts.map(({ state }) => state)).toEqual(Array.from({ length: 3 }, () => (answer === 'allow' ? 'completed' : 'denied')))
  await client.close()
})

test('an app that may not decide for the person is told where they do; one that may, asks', async () => {
  const [ada] = await shared.current.people('ada')
  const id = await addAgent(ada, 'Asker')
  const text = scripted({ toolRounds: [[{ name: 'asks_first', arguments: { what: 'it' } }]], text: 'done' })
  let asked = 0
  const elicit: Elicit = () => {
    asked++
    return { action: 'accept', content: { answer: 'allow' } }
  }
  const narrow = await byToken(ada, ['agents:use'], elicit)
  const waits = textOf(await call(narrow, 'ask_agent', { agent: id, text }))
  expect(waits).toMatch(/asks_first wants to be allowed, at http:\/\/localhost:\d+\/c\//)
  expect(asked).toBe(0)
  const wide = await byToken(ada, ['agents:use', 'tools:decide'], elicit)
  expect(textOf(await call(wide, 'ask_agent', { agent: id, text }))).toContain('done')
  expect(asked).toBe(1)
  await narrow.close()
  await wide.close()
})

test('a state that was changed, or is of somebody else, decides nothing', async () => {
  const [ada, eve] = await shared.current.people('ada', 'eve')
  const id = await addAgent(ada, 'Asker')
  const token = (await letIn(shared.current, ada, ['agents:use', 'tools:decide'])).access
  const ofEve = (await letIn(shared.current, eve, ['agents:use', 'tools:decide'])).access
  const raw = async (bearer: string, params: object) => {
    const meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {} } },
    }
    const response = await fetch(`${shared.current.url}/mcp`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'ask_agent',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { ...params, _meta: meta } }),
    })
    const body = await response.text()
    return JSON.parse(body.startsWith('{') ? body : /^data: (.+)$/m.exec(body)![1]!) as {
      result?: { resultType?: string; requestState?: string; inputRequests?: object }
      error?: { code: number; message: string }
    }
  }
  const text = scripted({ toolRounds: [[{ name: 'asks_first', arguments: { what: 'it' } }]], text: 'done' })
  const params = { name: 'ask_agent', arguments: { agent: id, text } }
  const { result } = await raw(token, params)
  expect(result).toMatchObject({ resultType: 'input_required', inputRequests: { 'call-0': { method: 'elicitation/create' } } })
  const answers = { 'call-0': { action: 'accept', content: { answer: 'allow' } } }
  const state = result!.requestState!
  const changed = `${state.slice(0, 20)}${state[20] === 'A' ? 'B' : 'A'}${state.slice(21)}`
  expect((await raw(token, { ...params, inputResponses: answers, requestState: changed })).error?.message).toMatch(/requestState/)
  expect((await raw(ofEve, { ...params, inputResponses: answers, requestState: state })).error?.message).toMatch(/requestState/)
  // Whoever cancels is asked again.
  const cancelled = await raw(token, { ...params, inputResponses: { 'call-0': { action: 'cancel' } }, requestState: state })
  expect(cancelled.result?.resultType).toBe('input_required')
  const done = await raw(token, { ...params, inputResponses: answers, requestState: state })
  expect(JSON.stringify(done.result)).toContain('done')
})

test('what is not granted is not listed and refused; an app reads what it began and no more', async () => {
  const [ada] = await shared.current.people('ada')
  const agent = await addAgent(ada, 'Harbour')
  const secret = await conversationWith(ada, 'gpt-4o')
  await startTurn(ada, secret, { text: 'A secret.' }).then(allEvents)
  await ada.get('prompts.create', { workspaceId: ada.workspaceId, name: 'Mine', content: 'Hello.' })
  const listed = async (scopes: AppScope[]) => {
    const client = await byToken(ada, scopes)
    const [{ tools }, { prompts }, { resources }] = await Promise.all([client.listTools(), client.listPrompts(), client.listResources()])
    await client.close()
    return { tools: tools.map(({ name }) => name), prompts: prompts.length, resources: resources.map(({ title }) => title) }
  }
  expect(await listed(['conversations:read'])).toEqual({
    tools: ['list_conversations', 'search_conversations', 'read_conversation'],
    prompts: 0,
    resources: ['A secret.'],
  })
  expect(await listed(['conversations:write'])).toEqual({ tools: ['ask'], prompts: 0, resources: [] })
  expect(await listed(['agents:use'])).toEqual({ tools: ['list_agents', 'ask_agent'], prompts: 0, resources: ['Harbour'] })
  expect(await listed(['prompts:read'])).toEqual({ tools: [], prompts: 1, resources: [] })

  const writer = await byToken(ada, ['conversations:write', 'agents:use'])
  await expect(writer.readResource({ uri: `parley://conversations/${secret}` })).rejects.toThrow()
  expect(textOf(await call(writer, 'ask', { text: 'And?', conversation_id: secret }))).toBe('There is no such conversation.')
  const begun = textOf(await call(writer, 'ask_agent', { agent, text: scripted({ text: 'Begun.' }) }))
  const on = await call(writer, 'ask_agent', { agent, text: scripted({ text: 'Gone on.' }), conversation_id: idIn(begun) })
  expect(textOf(on)).toContain('Gone on.')
  // Once the person has joined, it is theirs to show.
  await startTurn(ada, idIn(begun), { text: scripted({ text: 'private' }) }).then(allEvents)
  const after = await call(writer, 'ask_agent', { agent, text: 'x', conversation_id: idIn(begun) })
  expect(textOf(after)).toBe('There is no such conversation.')
  await writer.close()
})

test('an app stays in the workspace it was let into', async () => {
  const [ada, bob] = await shared.current.people('ada', 'bob')
  await shared.current.addMember(bob.workspaceId, ada, 'User')
  const mine = await conversationWith(ada, 'gpt-4o')
  await startTurn(ada, mine, { text: 'At home.' }).then(allEvents)
  await addAgent(ada, 'Harbour')
  const { access } = await letIn(shared.current, ada, ['conversations:read', 'conversations:write', 'agents:use'], bob.workspaceId)
  const client = await connect(access)
  expect(textOf(await call(client, 'list_conversations'))).toBe('There are none.')
  expect(textOf(await call(client, 'list_agents'))).toBe('There are none.')
  expect(textOf(await call(client, 'read_conversation', { conversation_id: mine }))).toBe('There is no such conversation.')
  expect(textOf(await call(client, 'ask', { text: 'x', conversation_id: mine }))).toBe('There is no such conversation.')
  expect(textOf(await call(client, 'search_conversations', { query: 'home' }))).toBe('Nothing was found.')
  await client.close()
})

test('who is disconnected in the middle of an answer hears no more, and the answer stops', async () => {
  const [ada] = await shared.current.people('ada')
  const app = await letIn(shared.current, ada, ['conversations:write'])
  const client = await connect(app.access)
  const begun = Promise.withResolvers<void>()
  const asked = client.callTool(
    { name: 'ask', arguments: { text: scripted({ text: 'word '.repeat(2_000), delayMs: 50 }) } },
    { onprogress: ({ progress }) => progress > 0 && begun.resolve() },
  )
  await begun.promise
  const [conversation] = (await ada.get('conversations.list', { workspaceId: ada.workspaceId })).conversations
  await ada.get('apps.disconnect', { id: app.id })
  expect(textOf(await asked)).toBe('You are not signed in.')
  const stopped = await eventually(
    () => messagesOf(ada, conversation!.id),
    (messages) => messages[1]?.answer?.state === 'stopped',
  )
  expect(textOfMessage(stopped[1]).length).toBeLessThan(5_000)
  await client.close()
})

test('what an app sets going is cut like the app, is on its bill, and holds to the budget', async () => {
  const [ada] = await shared.current.people('ada')
  const { workspaceId } = ada
  const secret = await conversationWith(ada, 'gpt-4o')
  await startTurn(ada, secret, { text: 'A heron stood in the harbour.' }).then(allEvents)
  await eventually(
    () => ada.get('search.messages', { workspaceId, query: 'heron ' }),
    ({ messages }) => messages.length > 0,
  )
  const agent = await addAgent(ada, 'Remembers', { tools: ['recall'] })
  const text = scripted({ toolRounds: [[{ name: 'recall', arguments: { query: 'harbour' } }]], text: 'done' })
  const recalledBy = async (scopes: AppScope[]) => {
    const app = await letIn(shared.current, ada, scopes)
    const client = await connect(app.access)
    const said = textOf(await call(client, 'ask_agent', { agent, text }))
    await client.close()
    const part = (await messagesOf(ada, idIn(said)))[1]!.parts.find((one) => one.type === 'tool-call')
    return { id: app.id, part }
  }
  const wide = await recalledBy(['agents:use', 'conversations:read'])
  expect(wide.part).toMatchObject({ state: 'completed', result: expect.stringContaining('heron') as string })
  const narrow = await recalledBy(['agents:use'])
  expect(narrow.part).toMatchObject({ state: 'failed' })
  expect(JSON.stringify(narrow.part)).not.toContain('heron')
  const spent = await shared.current.deps.db.selectFrom('usage').select('api_key_id').where('principal_id', '=', ada.id).execute()
  expect(spent.filter((row) => row.api_key_id === narrow.id)).toHaveLength(2)

  await ada.get('workspaces.setBudget', { workspaceId, limitNanoUsd: '1', period: 'month' })
  const client = await byToken(ada, ['conversations:write'])
  const refused = await call(client, 'ask', { text: 'hello' })
  expect(refused.isError).toBe(true)
  expect(textOf(refused)).toMatch(/budget/i)
  await client.close()
})
