import { expect, test } from 'vitest'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, messagesOf, startTurn } from '../../../../test/support/turn-client.ts'
import { newId } from '../../platform/ids.ts'

const server = useTestApp()

/** A conversation with one exchange in it. */
async function begin(person: Person, input: { isTemporary?: boolean; spawnedByMessageId?: string } = {}) {
  const conversation = await person.get('conversations.create', { workspaceId: person.workspaceId, ...input })
  await allEvents(await startTurn(person, conversation.id, { text: 'Hello' }))
  const [, answer] = await messagesOf(person, conversation.id)
  return { id: conversation.id, answerMessageId: answer!.id }
}

const titles = async (person: Person) =>
  (await person.get('conversations.list', { workspaceId: person.workspaceId })).conversations.map(({ id }) => id)
const trash = async (person: Person) =>
  (await person.get('conversations.listTrash', { workspaceId: person.workspaceId })).conversations.map(({ id }) => id)

test('a child is told with its state in its parent, and stands in no list', async () => {
  const [alice] = await server.current.people('alice')
  const parent = await begin(alice)
  const empty = await alice.get('conversations.create', { workspaceId: alice.workspaceId, spawnedByMessageId: parent.answerMessageId })
  const child = await begin(alice, { spawnedByMessageId: parent.answerMessageId })
  expect(await alice.get('conversations.children', { id: parent.id })).toMatchObject([
    { conversation: { id: empty.id, lastMessagePreview: null }, state: null },
    {
      conversation: { id: child.id, spawnedByConversationId: parent.id, spawnedByMessageId: parent.answerMessageId, isAnswering: false },
      state: 'completed',
    },
  ])
  expect(await alice.get('conversations.children', { id: child.id })).toEqual([])
  expect(await titles(alice)).toEqual([parent.id])
})

test('nobody begins a child at a message that is foreign, in another workspace, deleted or unknown', async () => {
  const [alice, bob] = await server.current.people('alice', 'bob')
  const parent = await begin(alice)
  const admin = await server.current.admin()
  const team = await admin.get('workspaces.create', { name: 'Team' })
  const own = await begin(admin)
  const start = (person: Person, spawnedByMessageId: string, workspaceId = person.workspaceId) =>
    person.call('conversations.create', { workspaceId, spawnedByMessageId })
  expect(await start(bob, parent.answerMessageId)).toFailWith('message.not_found')
  expect(await start(alice, newId())).toFailWith('message.not_found')
  expect(await start(admin, own.answerMessageId, team.id)).toFailWith('message.not_found')
  await alice.get('conversations.deleteBranch', { id: parent.id, messageId: parent.answerMessageId })
  expect(await start(alice, parent.answerMessageId)).toFailWith('message.not_found')
})

test('a child goes to the trash with its parent, is not listed there apart from it, and comes back with it; what was deleted before stays so', async () => {
  const [alice] = await server.current.people('alice')
  const parent = await begin(alice)
  const child = await begin(alice, { spawnedByMessageId: parent.answerMessageId })
  const grandchild = await begin(alice, { spawnedByMessageId: child.answerMessageId })
  const before = await begin(alice, { spawnedByMessageId: parent.answerMessageId })
  await alice.get('conversations.delete', { id: before.id })
  await alice.get('conversations.deleteMany', { workspaceId: alice.workspaceId, ids: [parent.id] })
  for (const { id } of [child, grandchild]) expect(await alice.call('conversations.get', { id })).toFailWith('conversation.not_found')
  expect(await trash(alice)).toEqual([parent.id, before.id])

  await alice.get('conversations.restore', { id: parent.id })
  for (const { id } of [parent, child, grandchild]) expect(await alice.get('conversations.get', { id })).toMatchObject({ id })
  expect(await trash(alice)).toEqual([before.id])
  expect(await alice.get('conversations.children', { id: parent.id })).toMatchObject([{ conversation: { id: child.id } }])
})

test('a child of a temporary conversation is temporary for as long as that one', async () => {
  const [alice] = await server.current.people('alice')
  const parent = await begin(alice, { isTemporary: true })
  const child = await begin(alice, { spawnedByMessageId: parent.answerMessageId })
  const { expiresAt } = await alice.get('conversations.get', { id: parent.id })
  expect(await alice.get('conversations.get', { id: child.id })).toMatchObject({ expiresAt })
  await alice.get('conversations.update', { id: parent.id, isTemporary: false })
  expect(await alice.get('conversations.get', { id: child.id })).toMatchObject({ expiresAt: null })
})
