import { expect, test } from 'vitest'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { eventually } from '../../../../test/support/turn-client.ts'
import { newId } from '../../platform/ids.ts'
import { appendMessage } from '../conversations/index.ts'

const server = useTestApp()

async function say(person: Person, ...texts: string[]): Promise<string> {
  const { id } = await person.get('conversations.create', { workspaceId: person.workspaceId, title: texts[0]!.slice(0, 40) })
  for (const [index, text] of texts.entries()) {
    await appendMessage(server.current.deps.db, {
      id: newId(),
      conversationId: id,
      authorId: person.id,
      role: index % 2 === 0 ? 'user' : 'assistant',
      text,
    })
  }
  return id
}

const search = async (person: Person, query: string, filters: object = {}) =>
  (await person.get('search.messages', { workspaceId: person.workspaceId, query, ...filters })).messages

const shown = ({ snippet }: { snippet: { text: string; isHit: boolean }[] }) =>
  snippet.map(({ text, isHit }) => (isHit ? `[${text}]` : text)).join('')

/** The hits with their marks, once there are so many. */
const found = async (person: Person, query: string, count: number, filters: object = {}) =>
  (
    await eventually(
      () => search(person, query, filters),
      (messages) => messages.length === count,
    )
  ).map(shown)

test('finds what was said, in any form of its words, wherever the accents are', async () => {
  const [alice] = await server.current.people('alice')
  await say(
    alice,
    'We were running through the old harbour of Lisbon yesterday evening.',
    'Die alten Häuser am Hafen wurden im letzten Jahr alle verkauft.',
    'Nous avons mangé dans un petit café près de la gare hier soir.',
  )
  expect(await found(alice, 'runs', 1)).toEqual(['We were [running] through the old harbour of Lisbon yesterday evening.'])
  expect(await found(alice, 'HAUS', 1)).toEqual(['Die alten [Häuser] am Hafen wurden im letzten Jahr alle verkauft.'])
  expect(await found(alice, 'cafe gare', 1)).toEqual(['Nous avons mangé dans un petit [café] près de la [gare] hier soir.'])
  expect(await search(alice, 'harbour gare')).toEqual([])
})

test('as somebody types: the last word may be a beginning, until a space or a quotation mark ends it', async () => {
  const [alice] = await server.current.people('alice')
  await say(alice, 'The migration of the database took an hour.')
  expect(await found(alice, 'data', 1)).toEqual(['The migration of the [database] took an hour.'])
  expect(await search(alice, 'd')).toHaveLength(1)
  expect(await search(alice, 'data ')).toEqual([])
  expect(await search(alice, '"data"')).toEqual([])
})

test('what stands in quotation marks, or is written together, stands together in a hit', async () => {
  const [alice] = await server.current.people('alice')
  await say(alice, 'The quick brown fox has a user_message_id.', 'A brown and quick fox; the message of a user has an id.')
  await found(alice, 'quick fox ', 2)
  expect((await search(alice, '"quick brown" fox')).map(shown)).toEqual(['The [quick] [brown] [fox] has a user_message_id.'])
  expect((await search(alice, 'user_message_id')).map(shown)).toEqual(['The quick brown fox has a [user]_[message]_[id].'])
})

test('scripts without spaces are found by any part of them', async () => {
  const [alice] = await server.current.people('alice')
  await say(alice, '明日は東京都で会議があります。', '서버를 다시 시작했습니다', 'พรุ่งนี้เปิดกี่โมง')
  expect(await found(alice, '東京', 1)).toEqual(['明日は[東京]都で会議があります。'])
  expect(await found(alice, '京都で会', 1)).toEqual(['明日は東[京都で会]議があります。'])
  expect(await found(alice, '都', 1)).toHaveLength(1)
  expect(await search(alice, '京東')).toEqual([])
  expect(await found(alice, '서버', 1)).toEqual(['[서버]를 다시 시작했습니다'])
  expect(await search(alice, 'เปิดกี่')).toHaveLength(1)
})

test('what is deleted is not found, what is restored is found again; nobody finds what is not theirs', async () => {
  const [alice, bob] = await server.current.people('alice', 'bob')
  await server.current.addMember(alice.workspaceId, bob, 'User')
  const id = await say(alice, 'A secret about zebras')
  await found(alice, 'zebras', 1)
  expect((await bob.get('search.messages', { workspaceId: alice.workspaceId, query: 'zebras' })).messages).toEqual([])

  await alice.get('conversations.delete', { id })
  expect(await search(alice, 'zebras')).toEqual([])
  await alice.get('conversations.restore', { id })
  await found(alice, 'zebras', 1)
})

test('what is temporary is not found until it is kept; a deleted branch is not found until that is taken back', async () => {
  const [alice] = await server.current.people('alice')
  const { workspaceId } = alice
  const { id } = await alice.get('conversations.create', { workspaceId, isTemporary: true })
  const kept = await say(alice, 'A walrus that everybody may know of')
  const message = { conversationId: id, authorId: alice.id, role: 'user' as const, text: 'A walrus in passing' }
  await appendMessage(server.current.deps.db, { id: newId(), ...message })
  await found(alice, 'walrus', 1)
  await alice.get('conversations.update', { id, isTemporary: false })
  await found(alice, 'walrus', 2)

  const [said] = (await alice.get('conversations.messages', { id: kept })).messages
  await alice.get('conversations.deleteBranch', { id: kept, messageId: said!.id })
  expect((await search(alice, 'walrus')).map(shown)).toEqual(['A [walrus] in passing'])
  await alice.get('conversations.restoreBranch', { id: kept, messageId: said!.id })
  expect(await search(alice, 'walrus')).toHaveLength(2)
})

test('what an agent answered, and was asked, is found by the agent; somebody else cannot ask for it', async () => {
  const [alice, bob] = await server.current.people('alice', 'bob')
  const { workspaceId } = alice
  const { id: agentId } = await alice.get('agents.create', { workspaceId, name: 'Reckoner', instructions: 'You count.' })
  const { id } = await alice.get('conversations.create', { workspaceId, agentId })
  const { turnId } = await alice.get('turns.start', { id, text: 'What is 6 times 7?' })
  await (await alice.fetch(`/api/turns/${turnId}/events`)).text()
  await say(alice, 'That was 6 times something.')
  await found(alice, '6 times', 2)

  expect(await found(alice, '6 times', 1, { agentId })).toHaveLength(1)
  expect(await search(alice, '6 tim', { agentId })).toHaveLength(1)
  expect(await bob.call('search.messages', { workspaceId: bob.workspaceId, query: '6 times', agentId })).toFailWith('agent.not_found')
})

test('the answer of a model is found once it has ended, by its model and by when it was given', async () => {
  const [alice] = await server.current.people('alice')
  const { id } = await alice.get('conversations.create', { workspaceId: alice.workspaceId })
  const { turnId } = await alice.get('turns.start', { id, text: 'What is 6 times 7?' })
  await (await alice.fetch(`/api/turns/${turnId}/events`)).text()
  const [answer] = await eventually(
    async () => (await search(alice, '42')).filter(({ role }) => role === 'assistant'),
    (messages) => messages.length === 1,
  )
  expect(answer).toMatchObject({ conversationId: id, conversationTitle: 'What is 6 times 7?', modelName: expect.any(String) as string })

  const { modelId } = (await alice.get('conversations.messages', { id })).messages.at(-1)!.answer!
  await say(alice, 'That was 6 times something.')
  await found(alice, '6 times', 2)
  expect(await search(alice, '6 times', { modelId })).toHaveLength(1)
  const [today, tomorrow] = [0, 1].map((days) => new Date(Date.now() + days * 86_400_000 - 60_000).toISOString())
  expect(await search(alice, '42', { since: today, until: tomorrow })).not.toEqual([])
  expect(await search(alice, '42', { since: tomorrow })).toEqual([])
  expect(await search(alice, '42', { until: today })).toEqual([])
})

test('a message of many pages is found by its end; a query of signs finds nothing', async () => {
  const [alice] = await server.current.people('alice')
  const page = Array.from({ length: 6_000 }, (_, index) => `word${index}`).join(' ')
  await say(alice, `${page} ${page} here lies the treasure, found by ${'x'.repeat(5_000)}`)
  const [text] = await found(alice, 'treasure', 1)
  expect(text).toMatch(/^… .*here lies the \[treasure\], found by …?/)
  for (const query of ['', ' ', '"', '&|!:*', "'", '\\', '😀'])
    expect(await alice.call('search.messages', { workspaceId: alice.workspaceId, query })).toMatchObject({
      ok: true,
      value: { messages: [] },
    })
})
