import { sql } from 'kysely'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, conversationWith, messagesOf, startTurn } from '../../../../test/support/turn-client.ts'

const provider: ProviderServer = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const shared = useTestApp({
  env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), EGRESS_ALLOW: '127.0.0.1' },
})

let alice: Person
let id: string
beforeEach(async () => {
  await shared.current.app.listing?.firstRound
  ;[alice] = await shared.current.people('alice')
  id = await conversationWith(alice, 'gpt-4o')
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
