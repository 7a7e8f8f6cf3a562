import { afterAll, beforeAll, expect, test } from 'vitest'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, conversationWith, eventually, messagesOf, scripted, startTurn, textOf } from '../../../../test/support/turn-client.ts'

const provider = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const shared = useTestApp({ env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai') } })
beforeAll(() => shared.current.app.listing?.firstRound)

const textsOf = async (person: Person, workspaceId = person.workspaceId) =>
  (await person.get('memories.list', { workspaceId })).memories.map(({ text }) => text)
const say = (person: Person, conversationId: string, calls: { name: string; arguments: object }[], words = 'hello') =>
  startTurn(person, conversationId, {
    text: scripted({ ...(calls.length > 0 && { toolRounds: [calls as never] }), text: 'Done. {{results}}' }, words),
  }).then(allEvents)
const lastRequest = () => JSON.stringify(provider.requests.at(-1)!.body)
const toolsOf = () => provider.requests.at(-1)!.asked!.toolNames
const answerOf = async (person: Person, id: string) => textOf((await messagesOf(person, id)).at(-1))

test('what a model is asked to remember is kept once, told in other conversations, and forgotten', async () => {
  const [ada] = await shared.current.people('ada')
  const first = await conversationWith(ada, 'gpt-4o')
  await ada.get('conversations.update', { id: first, title: 'Kitchen' })
  await say(ada, first, [{ name: 'remember', arguments: { text: 'Ada is allergic to nuts.' } }])
  await say(ada, first, [{ name: 'remember', arguments: { text: 'Ada is allergic to nuts.' } }])
  const { memories, isOn } = await ada.get('memories.list', { workspaceId: ada.workspaceId })
  expect(isOn).toBe(true)
  expect(memories).toMatchObject([{ text: 'Ada is allergic to nuts.', agentId: null, source: { conversationId: first, title: 'Kitchen' } }])
  expect(await answerOf(ada, first)).toContain('Remembered as [')

  const second = await conversationWith(ada, 'gpt-4o')
  await say(ada, second, [])
  const mark = memories[0]!.id.slice(-8)
  expect(lastRequest()).toContain(`- [${mark}] Ada is allergic to nuts.`)
  await say(ada, second, [{ name: 'forget', arguments: { memory: '00000000' } }])
  expect(await answerOf(ada, second)).toContain('Nothing is remembered under this mark')
  await say(ada, second, [{ name: 'forget', arguments: { memory: mark } }])
  expect(await textsOf(ada)).toEqual([])
  await say(ada, second, [], 'and now')
  expect(lastRequest()).not.toContain('<memory>')
})

test('its owner writes, changes and erases them, one or all, and nobody else does', async () => {
  const [ada, bea] = await shared.current.people('ada', 'bea')
  const { workspaceId } = ada
  await shared.current.addMember(workspaceId, bea, 'User')
  const { id } = await ada.get('memories.create', { workspaceId, text: ' Lives in Rome. ' })
  await ada.get('memories.create', { workspaceId, text: 'Has a cat.' })
  expect(await ada.get('memories.update', { id, text: 'Lives in Oslo.' })).toMatchObject({ id, text: 'Lives in Oslo.', source: null })
  expect(await textsOf(ada)).toEqual(['Lives in Oslo.', 'Has a cat.'])
  expect(await textsOf(bea, workspaceId)).toEqual([])
  expect(await bea.call('memories.update', { id, text: 'x' })).toFailWith('memory.not_found')
  expect(await bea.call('memories.delete', { id })).toFailWith('memory.not_found')
  await bea.get('memories.clear', { workspaceId })
  // What says the same as another becomes that one.
  const other = await ada.get('memories.create', { workspaceId, text: 'Lives in Bern.' })
  expect(await ada.get('memories.update', { id: other.id, text: 'Has a cat.' })).toMatchObject({ text: 'Has a cat.' })
  expect((await textsOf(ada)).toSorted()).toEqual(['Has a cat.', 'Lives in Oslo.'])
  await ada.get('memories.delete', { id })
  expect(await ada.call('memories.delete', { id })).toFailWith('memory.not_found')
  await ada.get('memories.clear', { workspaceId })
  expect(await textsOf(ada)).toEqual([])
  for (const text of ['', ' ', 'x'.repeat(1001)])
    expect(await ada.call('memories.create', { workspaceId, text })).toFailWith('request.invalid')
})

test('switched off, models are told nothing and can keep nothing', async () => {
  const [ada] = await shared.current.people('ada')
  const { workspaceId } = ada
  await ada.get('memories.create', { workspaceId, text: 'Plays the harp.' })
  const id = await conversationWith(ada, 'gpt-4o')
  await say(ada, id, [])
  expect(lastRequest()).toContain('Plays the harp.')
  expect(toolsOf()).toEqual(expect.arrayContaining(['remember', 'forget', 'recall']))
  await ada.get('memories.switch', { workspaceId, isOn: false })
  await say(ada, id, [{ name: 'remember', arguments: { text: 'Sings.' } }], 'again')
  expect(lastRequest()).not.toContain('Plays the harp.')
  expect(toolsOf()).toContain('recall')
  expect(toolsOf()).not.toContain('remember')
  expect(await ada.get('memories.list', { workspaceId })).toMatchObject({ isOn: false, memories: [{ text: 'Plays the harp.' }] })
  await ada.get('memories.switch', { workspaceId, isOn: true })
  await say(ada, id, [], 'once more')
  expect(lastRequest()).toContain('Plays the harp.')
})

test('where others read along, or nothing is kept, nothing is told, remembered or recalled', async () => {
  const [ada, bea] = await shared.current.people('ada', 'bea')
  const { workspaceId } = ada
  await shared.current.addMember(workspaceId, bea, 'User')
  for (const person of [ada, bea]) await person.get('memories.create', { workspaceId, text: `A secret of ${person.email}.` })
  const open = await conversationWith(ada, 'gpt-4o')
  await shared.current.deps.db.updateTable('conversation').set({ visibility: 'workspace' }).where('id', '=', open).execute()
  const temporary = await ada.get('conversations.create', { workspaceId, isTemporary: true })
  await ada.get('conversations.update', { id: temporary.id, modelId: (await ada.get('conversations.get', { id: open })).modelId })
  for (const [person, id] of [
    [ada, open],
    [bea, open],
    [ada, temporary.id],
  ] as const) {
    await say(person, id, [
      { name: 'remember', arguments: { text: 'Told here.' } },
      { name: 'recall', arguments: { query: 'secret' } },
    ])
    expect(lastRequest()).not.toContain('A secret of')
    expect(toolsOf()).not.toEqual(expect.arrayContaining(['recall']))
    expect(await textsOf(person, workspaceId)).toEqual([`A secret of ${person.email}.`])
  }
})

test('what models are told is bounded, and what is kept too', async () => {
  const [ada] = await shared.current.people('ada')
  const { workspaceId } = ada
  const db = shared.current.deps.db
  const text = (at: number) => `${at} ${'x'.repeat(490)}`
  for (let at = 0; at < 199; at++)
    await db
      .insertInto('memory')
      .values({
        id: crypto.randomUUID(),
        workspace_id: workspaceId,
        owner_id: ada.id,
        agent_id: null,
        text: text(at),
        source_conversation_id: null,
        source_turn_id: null,
      })
      .execute()
  await ada.get('memories.create', { workspaceId, text: 'The newest.' })
  expect(await ada.call('memories.create', { workspaceId, text: 'One more.' })).toFailWith('memory.too_many')
  // What is there already is no other one.
  await ada.get('memories.create', { workspaceId, text: 'The newest.' })
  const id = await conversationWith(ada, 'gpt-4o')
  await say(ada, id, [])
  const block = /<memory>.*<\/memory>/s.exec(lastRequest())![0]
  expect(block).toContain('The newest.')
  expect(block.length).toBeLessThan(7_500)
})

test('a model finds what was said in other conversations of the person, by words and days, with their addresses', async () => {
  const [ada, bea] = await shared.current.people('ada', 'bea')
  const { workspaceId } = ada
  await shared.current.addMember(workspaceId, bea, 'User')
  const old = await conversationWith(ada, 'gpt-4o')
  await ada.get('conversations.update', { id: old, title: 'Holidays' })
  await say(ada, old, [], 'We sailed to Elba in a hired boat')
  await say(bea, await conversationWith(bea, 'gpt-4o'), [], 'Bea sailed to Corsica')
  const [question] = await messagesOf(ada, old)
  await eventually(
    () => ada.get('search.messages', { workspaceId, query: 'sailed ' }),
    ({ messages }) => messages.length > 0,
  )

  const id = await conversationWith(ada, 'gpt-4o')
  await say(ada, id, [{ name: 'recall', arguments: { query: 'sailing' } }])
  const words = await answerOf(ada, id)
  expect(words).toContain(`Holidays (${question!.createdAt.slice(0, 10)}, the person)\n/c/${old}?message=${question!.id}`)
  expect(words).toContain('sailed to Elba')
  expect(words).not.toContain('Corsica')
  await say(ada, id, [{ name: 'recall', arguments: { query: 'sailing', to: '2020-12-31' } }])
  expect(await answerOf(ada, id)).toContain('Nothing was found')
})
