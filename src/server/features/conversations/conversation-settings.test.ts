import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { useConversationApp } from '../../../../test/support/conversation-app.ts'
import type { Person } from '../../../../test/support/test-app.ts'
import { allEvents, messagesOf, scripted, startTurn } from '../../../../test/support/turn-client.ts'

const { provider, shared, begin } = await useConversationApp({ EGRESS_ALLOW: '127.0.0.1' })

let alice: Person
let id: string
beforeEach(async () => {
  ;[alice, id] = await begin()
})
async function sentBy(conversationId = id) {
  await allEvents(await startTurn(alice, conversationId, { text: 'hello' }))
  return JSON.stringify(provider.requests.at(-1)!.body)
}

test('what a conversation sets stands before what the workspace says, and both are shown with where they come from', async () => {
  const { workspaceId } = alice
  await alice.get('workspaces.updateSettings', { workspaceId, systemPrompt: 'Be the workspace.', temperature: 0.9 })

  const set = await alice.get('conversations.updateSettings', { id, systemPrompt: 'Be brief.', maxTokens: 321, topP: 0.25 })

  expect(set).toMatchObject({
    effective: {
      systemPrompt: { value: 'Be brief.', origin: 'conversation' },
      temperature: { value: 0.9, origin: 'workspace' },
      maxTokens: { value: 321, origin: 'conversation' },
      topP: { value: 0.25, origin: 'conversation' },
    },
    inherited: { systemPrompt: { value: 'Be the workspace.', origin: 'workspace' }, topP: null },
    model: { origin: 'conversation', provider: 'openai' },
    key: { origin: 'house' },
    problem: null,
  })
  const sent = await sentBy()
  for (const value of ['Be brief.', '321', '0.25', '0.9']) expect(sent).toContain(value)
  expect(sent).not.toContain('Be the workspace.')
})

test('null goes back, what is left out stays, and a parameter that nobody set is not sent', async () => {
  await alice.get('conversations.updateSettings', { id, systemPrompt: 'Be brief.', temperature: 0.5, topP: 0.25 })

  const back = await alice.get('conversations.updateSettings', { id, systemPrompt: null, topP: null })

  expect(back.effective).toMatchObject({ systemPrompt: null, topP: null, temperature: { value: 0.5, origin: 'conversation' } })
  const sent = await sentBy()
  expect(sent).toContain('"temperature":0.5')
  expect(sent).not.toMatch(/top_p|Be brief/)
  expect(await alice.call('conversations.updateSettings', { id, temperature: 3 })).toFailWith('request.invalid')
})

test('a fork has them too, and then its own', async () => {
  await alice.get('conversations.updateSettings', { id, systemPrompt: 'Be brief.' })
  await sentBy()
  const fork = await alice.get('conversations.fork', { id, messageId: (await messagesOf(alice, id))[1]!.id })
  await alice.get('conversations.updateSettings', { id, systemPrompt: null })

  expect(await sentBy(fork.id)).toContain('Be brief.')
  expect(await sentBy()).not.toContain('Be brief.')
})

test('a chosen key pays; where no model can answer a conversation says so and keeps what it set', async () => {
  const { workspaceId } = alice
  const baseUrl = provider.baseUrl('anthropic')
  const own = await alice.get('connections.create', { workspaceId, provider: 'anthropic', apiKey: 'sk-own', baseUrl })
  const modelId = (await alice.get('models.list', { workspaceId })).models.find((model) => model.provider === 'anthropic')!.id
  await alice.get('conversations.update', { id, modelId, connectionId: own.id })
  const set = await alice.get('conversations.updateSettings', { id, temperature: 0.5 })
  expect(set.key).toMatchObject({ connectionId: own.id, origin: 'conversation' })

  // As it is where somebody else's key was taken out of the workspace.
  const [bob] = await shared.current.people('bob')
  const theirs = await bob.get('connections.create', { workspaceId: bob.workspaceId, provider: 'anthropic', apiKey: 'sk-his', baseUrl })
  await sql`update conversation set model_id = (select model_id from connection_model where connection_id = ${theirs.id} limit 1), connection_id = null
    where id = ${id}`.execute(shared.current.deps.db)

  expect(await alice.get('conversations.getSettings', { id })).toMatchObject({
    effective: { temperature: { value: 0.5, origin: 'conversation' } },
    model: null,
    key: null,
    problem: { code: 'model.not_found' },
  })
})

/** A conversation with a model of a provider, by a key of alice's. */
async function thinkingWith(served: 'anthropic' | 'google' | 'xai', name: RegExp) {
  const { workspaceId } = alice
  const baseUrl = provider.baseUrl(served)
  const { id: connectionId } = await alice.get('connections.create', { workspaceId, provider: served, apiKey: 'sk-own', baseUrl })
  const { models } = await alice.get('models.list', { workspaceId })
  const model = models.find((one) => one.connectionId === connectionId && name.test(one.internalName))
  if (!model) throw new Error(`none of ${models.map(({ internalName }) => internalName).join(', ')}`)
  await alice.get('conversations.update', { id, modelId: model.id })
}

test('how much a model thinks is set where it can be told, sent, recorded, and refused elsewhere', async () => {
  const { workspaceId } = alice
  expect((await alice.get('conversations.getSettings', { id })).thinkingLevels).toEqual([])
  expect(await alice.call('conversations.updateSettings', { id, thinking: 'high' })).toFailWith('model.thinking_unsupported')

  await thinkingWith('anthropic', /sonnet-4/)
  await alice.get('workspaces.updateSettings', { workspaceId, thinking: 'low' })
  expect(await alice.get('conversations.getSettings', { id })).toMatchObject({
    thinkingLevels: ['off', 'low', 'medium', 'high'],
    effective: { thinking: { value: 'low', origin: 'workspace' } },
  })
  expect(await alice.get('conversations.updateSettings', { id, thinking: 'high' })).toMatchObject({
    effective: { thinking: { value: 'high', origin: 'conversation' } },
    inherited: { thinking: { value: 'low', origin: 'workspace' } },
  })
  expect(await sentBy()).toMatch(/"thinking":\{"type":"(enabled|adaptive)"/)
  const recorded = async () => {
    const { rows } = await sql<{ thinking: string | null }>`
      select s.settings ->> 'thinking' as thinking from turn t join settings_snapshot s on s.id = t.settings_id
      where t.conversation_id = ${id} order by t.created_at desc limit 1`.execute(shared.current.deps.db)
    return rows[0]!.thinking
  }
  expect(await recorded()).toBe('high')
  await alice.get('conversations.updateSettings', { id, thinking: 'off' })
  expect(await sentBy()).not.toMatch(/"thinking":\{"type":"(enabled|adaptive)"/)
  expect(await recorded()).toBe('off')

  // Another model that cannot be told gets nothing of it, and it is there again when the first one is.
  const answeredBy = await alice.get('conversations.get', { id })
  const { models } = await alice.get('models.list', { workspaceId })
  await alice.get('conversations.update', { id, modelId: models.find(({ internalName }) => internalName === 'gpt-4o')!.id })
  expect(await alice.get('conversations.getSettings', { id })).toMatchObject({ thinkingLevels: [], effective: { thinking: null } })
  expect(await sentBy()).not.toMatch(/reasoning|thinking/)
  expect(await recorded()).toBeNull()
  await alice.get('conversations.update', { id, modelId: answeredBy.modelId })
  expect((await alice.get('conversations.getSettings', { id })).effective.thinking).toEqual({ value: 'off', origin: 'conversation' })
})

test('thoughts come back, are kept with how long they took, and go back signed with the results of tools', async () => {
  await thinkingWith('anthropic', /sonnet-4/)
  await alice.get('conversations.updateSettings', { id, thinking: 'high' })
  const call = { name: 'calculate', arguments: { expression: '6 * 7' } }
  const before = provider.requests.length
  await allEvents(
    await startTurn(alice, id, { text: scripted({ toolRounds: [[call]], text: 'It is 42.', reasoning: 'I have to multiply.' }) }),
  )
  const [, answer] = await messagesOf(alice, id)
  const thoughts = answer!.parts.filter((part) => part.type === 'reasoning')
  expect(thoughts[0]).toMatchObject({ text: 'I have to multiply.', durationMs: expect.any(Number) })
  expect(JSON.stringify(answer)).not.toContain('c2lnbmF0dXJl')
  const [first, second] = provider.requests.slice(before).map(({ body }) => JSON.stringify(body))
  expect(first).toMatch(/"thinking":\{"type":"(enabled|adaptive)"/)
  expect(second).toMatch(/"thinking":\{"type":"(enabled|adaptive)"/)
  expect(second).toContain('"signature":"c2lnbmF0dXJl"')
})

test.each([
  ['google', /gemini-2\.5-flash/, 'off', '"thinkingBudget":0'],
  ['xai', /^grok-4\.3|grok-3-mini/, 'high', '"effort":"high"'],
] as const)('%s is told in its own words', async (served, name, thinking, expected) => {
  await thinkingWith(served, name)
  await alice.get('conversations.updateSettings', { id, thinking })
  expect(await sentBy()).toContain(expected)
})
