import { afterAll, beforeEach, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, messagesOf, scripted, startTurn, textOf } from '../../../../test/support/turn-client.ts'

const provider: ProviderServer = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const shared = useTestApp({
  env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), EGRESS_ALLOW: '127.0.0.1' },
})

let ada: Person
let models: Record<string, string>
beforeEach(async () => {
  await shared.current.app.listing?.firstRound
  ;[ada] = await shared.current.people('ada')
  const listed = await ada.get('models.list', { workspaceId: ada.workspaceId })
  models = Object.fromEntries(listed.models.map(({ internalName, id }) => [internalName, id]))
})

const make = (rest: object) =>
  ada.get('agents.create', { workspaceId: ada.workspaceId, name: 'Tides', modelId: models['gpt-4o'] as never, ...rest })
const converse = (rest: object, person = ada) => person.get('conversations.create', { workspaceId: ada.workspaceId, ...rest })
async function ask(id: string, rest: object = {}, person = ada) {
  const response = await startTurn(person, id, { text: scripted({ text: 'It is low.' }), ...rest })
  if (!response.ok) return { code: ((await response.json()) as { code: string }).code, sent: '' }
  await allEvents(response)
  return { code: undefined, sent: JSON.stringify(provider.requests.at(-1)!.body) }
}
const snapshots = async () =>
  (
    await shared.current.deps.db.selectFrom('settings_snapshot').select('settings').where('workspace_id', '=', ada.workspaceId).execute()
  ).map(({ settings }) => settings)

test('a turn runs with what its agent is made of, and the conversation with where each value comes from', async () => {
  const { workspaceId } = ada
  await ada.get('workspaces.updateSettings', { workspaceId, systemPrompt: 'Be the workspace.', temperature: 0.75, topP: 0.5 })
  const agent = await make({
    instructions: 'You know tides. It is {{weekday}} for {{user}}, and the port is {{port = Brest}}.',
    parameters: { temperature: 0.25, maxTokens: 345 },
    tools: ['calculate'],
    maxSteps: 7,
  })
  const { id, agentId } = await converse({ agentId: agent.id })
  expect(agentId).toBe(agent.id)

  const { sent } = await ask(id)

  expect(textOf((await messagesOf(ada, id))[1])).toBe('It is low.')
  expect(sent).toMatch(/You know tides\. It is \w+day for ada, and the port is Brest\./)
  for (const part of ['gpt-4o', '"temperature":0.25', '345', '"top_p":0.5', 'calculate']) expect(sent).toContain(part)
  expect(sent).not.toMatch(/Be the workspace|fetch_page/)
  const version = await shared.current.deps.db
    .selectFrom('agent_version')
    .select('id')
    .where('agent_id', '=', agent.id)
    .executeTakeFirstOrThrow()
  expect(await snapshots()).toEqual([
    expect.objectContaining({ agentId: agent.id, agentVersionId: version.id, maxSteps: 7, tools: ['calculate'], modelOrigin: 'agent' }),
  ])
  expect(await ada.get('conversations.getSettings', { id })).toMatchObject({
    effective: {
      systemPrompt: { origin: 'agent' },
      temperature: { value: 0.25, origin: 'agent' },
      maxTokens: { value: 345, origin: 'agent' },
      topP: { value: 0.5, origin: 'workspace' },
    },
    model: { origin: 'agent' },
    problem: null,
  })
})

test('what a message or the conversation chooses stands before the agent, and the agent before the workspace', async () => {
  const agent = await make({ instructions: 'By the agent.', parameters: { temperature: 0.25 } })
  const { id } = await converse({ agentId: agent.id })
  await ada.get('conversations.updateSettings', { id, systemPrompt: 'By the conversation.' })
  await ada.get('conversations.update', { id, modelId: models['gpt-4o-mini'] as never })
  expect((await ask(id)).sent).toMatch(/"model":"gpt-4o-mini".*By the conversation/)
  expect((await ask(id, { modelId: models['gpt-4o'] })).sent).toContain('"model":"gpt-4o"')
  await ada.get('conversations.updateSettings', { id, systemPrompt: null })
  expect((await ask(id)).sent).toMatch(/By the agent.*/)

  expect((await ada.get('conversations.update', { id, agentId: null })).agentId).toBeNull()
  const { sent } = await ask(id)
  expect(sent).not.toMatch(/By the agent|"temperature":0.25/)
})

test('a turn takes the version of now; an agent without tools offers none', async () => {
  const agent = await make({ instructions: 'First.', tools: [] })
  const { id } = await converse({ agentId: agent.id })
  const first = (await ask(id)).sent
  expect(first).toContain('First.')
  expect(first).not.toContain('"tools"')
  await ada.get('agents.update', { id: agent.id, instructions: 'Second.', tools: null })
  const second = (await ask(id)).sent
  expect(second).toContain('Second.')
  expect(second).toMatch(/fetch_page/)
  const usage = await ada.get('agents.usage', { id: agent.id, timeZone: 'Europe/Berlin' })
  expect(usage.total).toMatchObject({ turns: 2, calls: 2, unknownCostCalls: 0 })
  expect(usage.days).toHaveLength(1)
  expect(usage.days[0]).toMatchObject({ turns: 2, tokens: usage.total.tokens, costNanoUsd: usage.total.costNanoUsd })
  expect(usage.total.tokens).toBeGreaterThan(0)
})

test('an agent that is deleted or shared no more answers nobody, and says so; the conversation stays', async () => {
  const [bea] = await shared.current.people('bea')
  await shared.current.addMember(ada.workspaceId, bea, 'User')
  const agent = await make({ instructions: 'Ours.' })
  expect(await bea.call('conversations.create', { workspaceId: ada.workspaceId, agentId: agent.id })).toFailWith('agent.not_found')
  await ada.get('agentRoles.grant', { id: agent.id, email: bea.email, role: 'agent user' })
  const { id } = await converse({ agentId: agent.id }, bea)
  expect((await ask(id, {}, bea)).sent).toContain('Ours.')

  await ada.get('agentRoles.revoke', { id: agent.id, userId: bea.id })
  expect((await ask(id, {}, bea)).code).toBe('agent.not_available')
  expect(await bea.get('conversations.getSettings', { id })).toMatchObject({ model: null, problem: { code: 'agent.not_available' } })
  expect(await messagesOf(bea, id)).toHaveLength(2)
  await bea.get('conversations.update', { id, agentId: null })
  expect((await ask(id, {}, bea)).code).toBeUndefined()

  const mine = await converse({ agentId: agent.id })
  await ada.get('agents.delete', { id: agent.id })
  expect((await ask(mine.id)).code).toBe('agent.not_available')
  await ada.get('agents.restore', { id: agent.id })
  expect((await ask(mine.id)).code).toBeUndefined()
  const elsewhere = await bea.get('agents.create', { workspaceId: bea.workspaceId, name: 'Elsewhere' })
  expect(await bea.call('conversations.create', { workspaceId: ada.workspaceId, agentId: elsewhere.id })).toFailWith('agent.not_found')
})

test('a key that an agent names pays for whom it is in reach, and nobody else', async () => {
  const [bea] = await shared.current.people('bea')
  const { workspaceId } = ada
  await shared.current.addMember(workspaceId, bea, 'User')
  const own = await ada.get('connections.create', {
    workspaceId,
    provider: 'openai-compatible',
    baseUrl: provider.baseUrl('compatible'),
    isDefault: false,
  })
  const listed = await ada.get('models.list', { workspaceId })
  const model = listed.models.find(({ connectionId, kind }) => connectionId === own.id && kind === 'chat')!
  const agent = await make({ modelId: model.id, connectionId: own.id, visibility: 'workspace' })
  expect((await ask((await converse({ agentId: agent.id })).id)).code).toBeUndefined()
  expect((await ask((await converse({ agentId: agent.id }, bea)).id, {}, bea)).code).toBe('model.not_found')
  const keys = await shared.current.deps.db
    .selectFrom('usage')
    .select(['principal_id', 'connection_id'])
    .where('workspace_id', '=', workspaceId)
    .where('purpose', '=', 'answer')
    .execute()
  expect(keys).toEqual([{ principal_id: ada.id, connection_id: own.id }])
})

test('an agent asks another one, whose answer it reads; its question stands in a child conversation, and depth has an end', async () => {
  const { workspaceId } = ada
  await make({ name: 'Poet', instructions: 'You rhyme.' })
  const editor = await make({ name: 'Editor', instructions: 'You edit.', tools: ['ask_agent'] })
  const { id } = await converse({ agentId: editor.id })
  const asks = (agent: string, question: string) => ({
    toolRounds: [[{ name: 'ask_agent', arguments: { agent, question } }]],
    text: 'done',
  })

  await ask(id, { text: scripted(asks('poet', scripted({ text: 'The sea, the sea.' }))) })

  const answer = (await messagesOf(ada, id))[1]!
  expect(answer.parts).toContainEqual(expect.objectContaining({ type: 'tool-call', state: 'completed', result: 'The sea, the sea.' }))
  expect(textOf(answer)).toBe('done')
  const [child] = await ada.get('conversations.children', { id })
  expect(child).toMatchObject({ state: 'completed', conversation: { spawnedByMessageId: answer.id, workspaceId } })
  const usage = await ada.get('agents.usage', { id: child!.conversation.agentId! })
  expect(usage.total.turns).toBe(1)
  const { rows } = await ada.get('usage.list', { workspaceId })
  expect(
    rows
      .slice(0, 3)
      .map(({ type }) => type)
      .toSorted((a, b) => (a < b ? -1 : 1)),
  ).toEqual(['agent', 'user', 'user'])

  await ask(id, { text: scripted(asks('Nobody', 'x')) })
  const failed = (await messagesOf(ada, id))[3]!
  expect(failed.parts).toContainEqual(
    expect.objectContaining({ type: 'tool-call', state: 'failed', result: expect.stringMatching(/no agent named Nobody.*Editor, Poet/) }),
  )

  // Each one asks itself again.
  const deep = await converse({ agentId: editor.id })
  let question = scripted({ text: 'the end' })
  for (const _ of [1, 2, 3, 4]) question = scripted(asks('Editor', question))
  await ask(deep.id, { text: question })
  let at: string | undefined = deep.id
  let conversations = 0
  const results: unknown[] = []
  while (at) {
    conversations++
    for (const part of (await messagesOf(ada, at))[1]!.parts) if (part.type === 'tool-call') results.push(part.result)
    at = (await ada.get('conversations.children', { id: at as never }))[0]?.conversation.id
  }
  expect(conversations).toBe(4)
  expect(results.at(-1)).toMatch(/3 agents deep/)
})
