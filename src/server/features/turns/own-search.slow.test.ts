import { beforeAll, expect, test } from 'vitest'
import type { ToolCallPart } from '../../../contract/messages.ts'
import { type ApiServer, startApiServer } from '../../../../test/support/api-server.ts'
import { useConversationApp } from '../../../../test/support/conversation-app.ts'
import type { Served } from '../../../../test/support/provider-server/index.ts'
import type { Person } from '../../../../test/support/test-app.ts'
import { allEvents, conversationWith, messagesOf, scripted, startTurn, textOf } from '../../../../test/support/turn-client.ts'

const { provider, shared } = await useConversationApp({ EGRESS_ALLOW: '127.0.0.1' })
let api: ApiServer
beforeAll(async () => {
  api = await startApiServer()
  return () => api.close()
})

const search = { query: 'tall lamps', results: [{ url: 'https://lamps.example/tall', title: 'Lamps' }] }
const answer = { search, text: 'Lamps are tall, and some are taller.', usage: { input: 1000, output: 100 } }

/** Somebody in Athens with their own key of this provider, and a conversation of theirs. */
async function begin(
  served: Exclude<Served, 'compatible' | 'ollama' | 'openai'>,
  model: string,
  sharesLocation = true,
): Promise<[Person, string]> {
  const [person] = await shared.current.people('ada')
  const { workspaceId } = person
  await person.get('connections.create', { workspaceId, provider: served, apiKey: 'sk-1', baseUrl: provider.baseUrl(served) })
  await person.get('people.updateProfile', { city: 'Athens', country: 'Greece', timezone: 'Europe/Athens', lat: 37.98381, lng: 23.72754 })
  await person.get('people.updateSettings', { sharesLocation })
  return [person, await conversationWith(person, model)]
}

async function ask(person: Person, id: string, script: object = answer) {
  await allEvents(await startTurn(person, id, { text: scripted(script) }))
  const message = (await messagesOf(person, id)).at(-1)!
  const calls = message.parts.filter((part): part is ToolCallPart => part.type === 'tool-call')
  return { message, calls, sources: message.parts.filter(({ type }) => type === 'source'), body: provider.requests.at(-1)!.body }
}

test('Google searches with its own tool and the place on the map, alone since it takes no other beside it', async () => {
  const [ada, id] = await begin('google', 'gemini-2.5-pro')
  const without = await ask(ada, id)
  expect(JSON.stringify(without.body)).not.toMatch(/googleSearch|latLng/)
  expect(JSON.stringify(without.body.tools)).toContain('calculate')

  const set = await ada.get('conversations.updateSettings', { id, webSearch: 'provider' })
  expect(set).toMatchObject({
    searches: ['provider'],
    effective: { webSearch: { value: 'provider', origin: 'conversation' } },
    inherited: { webSearch: { value: 'off', origin: 'system' } },
  })
  const { body, calls, sources, message } = await ask(ada, id)

  expect(body).toMatchObject({
    tools: [{ googleSearch: {} }],
    toolConfig: { retrievalConfig: { latLng: { latitude: 37.98, longitude: 23.73 } } },
  })
  expect(JSON.stringify(body)).not.toContain('Athens')
  expect(calls).toMatchObject([{ toolName: 'web_search', arguments: { query: 'tall lamps' }, state: 'completed', isProviders: true }])
  expect(sources).toMatchObject([{ url: 'https://lamps.example/tall', title: 'Lamps' }])
  expect(textOf(message)).toBe(answer.text)
  // What came of it is not told again as if it were one of our tools.
  const { body: next } = await ask(ada, id, { text: 'Yes.' })
  expect(JSON.stringify(next.contents)).not.toMatch(/functionCall|functionResponse/)
})

test('Anthropic searches between its words, which stay one text, and is paid for it', async () => {
  const [ada, id] = await begin('anthropic', 'claude-sonnet-4-5')
  const plain = (await ask(ada, id, { text: 'Lamps.', usage: answer.usage })).message.answer!.costNanoUsd!
  await ada.get('conversations.updateSettings', { id, webSearch: 'provider' })
  const { body, calls, sources, message } = await ask(ada, id)

  const tools = body.tools as { type?: string; name: string; user_location?: object }[]
  expect(tools.find(({ type }) => type === 'web_search_20250305')).toMatchObject({
    max_uses: 5,
    user_location: { type: 'approximate', city: 'Athens', country: 'GR', timezone: 'Europe/Athens' },
  })
  expect(tools.map(({ name }) => name)).toContain('calculate')
  expect(calls).toMatchObject([
    { toolName: 'web_search', arguments: { query: 'tall lamps' }, result: '1. Lamps\nhttps://lamps.example/tall', state: 'completed' },
  ])
  expect(sources).toHaveLength(1)
  expect(message.parts.filter(({ type }) => type === 'text')).toMatchObject([{ text: answer.text }])
  expect(JSON.stringify(message)).not.toContain('c2VhbGVk')
  // Ten dollars for a thousand.
  expect(BigInt(message.answer!.costNanoUsd!) - BigInt(plain)).toBe(10_000_000n)
})

test('what Anthropic found goes back to it within the turn', async () => {
  const [ada, id] = await begin('anthropic', 'claude-sonnet-4-5')
  await ada.get('conversations.updateSettings', { id, webSearch: 'provider' })
  const first = { ...answer, toolRounds: [[{ name: 'calculate', arguments: { expression: '6*7' } }]], searchWithTools: true }
  const { body, calls } = await ask(ada, id, first)
  expect(calls.map(({ toolName, isProviders }) => [toolName, isProviders])).toEqual([
    ['web_search', true],
    ['calculate', undefined],
    ['web_search', true],
  ])
  const sent = JSON.stringify(body.messages)
  expect(sent).toContain('"type":"server_tool_use","id":"srvtoolu_parley"')
  expect(sent).toContain('"encrypted_content":"c2VhbGVk"')
})

test('xAI searches, and is told no place', async () => {
  const [ada, id] = await begin('xai', 'grok-4')
  await ada.get('conversations.updateSettings', { id, webSearch: 'provider' })
  const { body, calls, sources, message } = await ask(ada, id)
  expect(body.tools).toContainEqual(expect.objectContaining({ type: 'web_search' }))
  expect(JSON.stringify(body)).not.toContain('Athens')
  expect(calls).toMatchObject([{ toolName: 'web_search', state: 'completed', isProviders: true, arguments: { query: 'tall lamps' } }])
  expect(sources).toMatchObject([{ url: 'https://lamps.example/tall' }])
  expect(textOf(message)).toBe(answer.text)
})

test('the place is told only by who agreed, and what searches follows message by message what was chosen', async () => {
  const [ada, id] = await begin('anthropic', 'claude-sonnet-4-5', false)
  const { workspaceId } = ada
  await ada.get('people.updateSettings', { webSearch: 'provider' })
  const own = await ask(ada, id)
  expect(JSON.stringify(own.body)).toContain('web_search_20250305')
  expect(JSON.stringify(own.body)).not.toMatch(/Athens|user_location/)

  const configuration = { kind: 'web_search' as const, provider: 'searxng' as const, baseUrl: api.url, permission: 'allow' as const }
  await ada.get('customTools.create', { workspaceId, name: 'Web search', configuration })
  expect((await ada.get('conversations.getSettings', { id })).searches).toEqual(['service', 'provider'])
  const named = (body: Record<string, unknown>) =>
    (body.tools as { type?: string; name: string }[]).filter(({ name }) => name === 'web_search').map(({ type }) => type)
  expect(named((await ask(ada, id)).body)).toEqual(['web_search_20250305'])
  await ada.get('conversations.updateSettings', { id, webSearch: 'service' })
  expect(named((await ask(ada, id)).body)).not.toContain('web_search_20250305')
  await ada.get('conversations.updateSettings', { id, webSearch: 'off' })
  expect(named((await ask(ada, id)).body)).toEqual([])

  // An agent's choice stands before the person's, and the conversation's before both.
  const { id: agentId } = await ada.get('agents.create', {
    workspaceId,
    name: 'Offline',
    icon: '🤖',
    color: 'grey',
    parameters: { webSearch: 'off' },
  })
  await ada.get('conversations.updateSettings', { id, webSearch: null })
  await ada.get('conversations.update', { id, agentId })
  expect((await ada.get('conversations.getSettings', { id })).effective.webSearch).toEqual({ value: 'off', origin: 'agent' })
  expect(named((await ask(ada, id)).body)).toEqual([])
})

test('a model whose provider does not search takes the service, or none', async () => {
  const [ada] = await begin('xai', 'grok-4')
  const id = await conversationWith(ada, 'grok-3-mini')
  const set = await ada.get('conversations.updateSettings', { id, webSearch: 'provider' })
  expect(set).toMatchObject({ searches: [], effective: { webSearch: null } })
  expect(JSON.stringify((await ask(ada, id, { text: 'Hm.' })).body.tools)).not.toContain('web_search')
})

test.each([
  ['google', 'gemini-2.5-pro'],
  ['anthropic', 'claude-sonnet-4-5'],
  ['xai', 'grok-4'],
] as const)(
  'what a guardrail hides of an answer is not told by the search of %s either, and what is withheld is paid for',
  async (served, model) => {
    const [ada, id] = await begin(served, model)
    await ada.get('conversations.updateSettings', { id, webSearch: 'provider' })
    const { workspaceId } = ada
    const hides = { kind: 'pattern' as const, words: ['tall'] }
    const { id: rule } = await ada.get('guardrails.create', {
      workspaceId,
      name: 'A rule',
      configuration: hides,
      places: ['output'],
      action: 'redact',
    })
    const ends = async () => {
      // What is asked itself holds the script.
      const events = await allEvents(await startTurn(ada, id, { text: scripted(answer) }))
      const message = (await messagesOf(ada, id)).at(-1)!
      return { told: JSON.stringify([events, message.parts]), message }
    }
    const hidden = await ends()
    expect(textOf(hidden.message)).toContain('are [hidden], and')
    expect(hidden.told).toContain('web_search')
    expect(hidden.told).not.toMatch(/\btall\b/)

    await ada.get('guardrails.update', { id: rule, isEnabled: false })
    await ada.get('guardrails.create', {
      workspaceId,
      name: 'Another',
      configuration: { kind: 'length', max: 3 },
      places: ['output'],
      action: 'block',
    })
    const withheld = await ends()
    expect(withheld.told).not.toMatch(/\btall\b|web_search/)
    expect(withheld.message.answer!.costNanoUsd).toBe(hidden.message.answer!.costNanoUsd)
  },
)
