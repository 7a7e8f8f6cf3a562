import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { newId } from '../../platform/ids.ts'
import { trashUntouched } from './purge-conversations.ts'

const server = useTestApp()

async function start(person: Person, ...titles: string[]): Promise<string[]> {
  const ids: string[] = []
  for (const title of titles) ids.push((await person.get('conversations.create', { workspaceId: person.workspaceId, title })).id)
  return ids
}

const list = async (person: Person, input: { status?: 'active' | 'archived'; tag?: string; limit?: number } = {}) => {
  const titles: string[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await person.get('conversations.list', { workspaceId: person.workspaceId, ...input, ...(cursor ? { cursor } : {}) })
    titles.push(...page.conversations.map(({ title }) => title))
    cursor = page.nextCursor
  }
  return titles
}

test('what is pinned comes first, on every page; what is archived is in a list of its own', async () => {
  const [alice] = await server.current.people('alice')
  const [a, b, , d] = await start(alice, 'A', 'B', 'C', 'D')
  for (const id of [a!, b!]) await alice.get('conversations.update', { id, isPinned: true })
  expect(await alice.get('conversations.update', { id: d!, isArchived: true })).toMatchObject({
    isArchived: true,
    isPinned: false,
    tags: [],
  })
  expect(await list(alice, { limit: 1 })).toEqual(['B', 'A', 'C'])
  expect(await list(alice, { status: 'archived' })).toEqual(['D'])
  await alice.get('conversations.update', { id: d!, isArchived: false })
  await alice.get('conversations.update', { id: b!, isPinned: false })
  expect(await list(alice)).toEqual(['A', 'D', 'C', 'B'])
})

test('tags are told by name with how often they are used, and narrow the list', async () => {
  const [alice, bob] = await server.current.people('alice', 'bob')
  const [a, b] = await start(alice, 'A', 'B')
  expect(await alice.get('conversations.update', { id: a!, tags: ['work', 'Lisbon', 'work'] })).toMatchObject({ tags: ['Lisbon', 'work'] })
  await alice.get('conversations.updateMany', { workspaceId: alice.workspaceId, ids: [a!, b!], addTags: ['new'], removeTags: ['work'] })
  expect(await alice.get('conversations.listTags', { workspaceId: alice.workspaceId })).toEqual([
    { tag: 'Lisbon', count: 1 },
    { tag: 'new', count: 2 },
  ])
  expect(await list(alice, { tag: 'Lisbon' })).toEqual(['A'])
  expect(await bob.get('conversations.listTags', { workspaceId: bob.workspaceId })).toEqual([])
})

test('several are changed together or not at all, and every device hears of each', async () => {
  const [alice, bob] = await server.current.people('alice', 'bob')
  const { workspaceId } = alice
  const ids = await start(alice, 'A', 'B', 'C')
  const [foreign] = await start(bob, 'Foreign')
  for (const id of [foreign!, newId()]) {
    expect(await alice.call('conversations.updateMany', { workspaceId, ids: [...ids, id], isArchived: true })).toFailWith(
      'conversation.not_found',
    )
    expect(await alice.call('conversations.deleteMany', { workspaceId, ids: [...ids, id] })).toFailWith('conversation.not_found')
  }
  expect(await list(alice)).toEqual(['C', 'B', 'A'])

  expect(await alice.get('conversations.updateMany', { workspaceId, ids: [...ids, ids[0]!], isPinned: true })).toEqual({ changed: 3 })
  const { rows } = await sql<{
    event: object
  }>`select event from user_event where stream_id = ${alice.id} order by seq desc limit 3`.execute(server.current.deps.db)
  expect(rows.map(({ event }) => event)).toContainEqual({
    type: 'conversation-changed',
    conversation: await alice.get('conversations.get', { id: ids[0]! }),
  })
})

test('the trash lists what was deleted with when it goes; restored it is back, emptied it is gone', async () => {
  const [alice] = await server.current.people('alice')
  const { workspaceId } = alice
  const ids = await start(alice, 'A', 'B', 'C')
  expect(await alice.get('conversations.deleteMany', { workspaceId, ids })).toEqual({ changed: 3 })
  const first = await alice.get('conversations.listTrash', { workspaceId, limit: 2 })
  const second = await alice.get('conversations.listTrash', { workspaceId, limit: 2, cursor: first.nextCursor! })
  expect([...first.conversations, ...second.conversations].map(({ title }) => title).sort()).toEqual(['A', 'B', 'C'])
  const [one] = first.conversations
  expect(Date.parse(one!.purgedAt) - Date.parse(one!.deletedAt)).toBe(30 * 86_400_000)

  await alice.get('workspaces.updateSettings', { workspaceId, purgeAfterDays: 7 })
  const { conversations } = await alice.get('conversations.listTrash', { workspaceId })
  expect(Date.parse(conversations[0]!.purgedAt) - Date.parse(conversations[0]!.deletedAt)).toBe(7 * 86_400_000)
  await alice.get('conversations.restore', { id: ids[1]! })
  expect(await list(alice)).toEqual(['B'])

  await alice.get('conversations.emptyTrash', { workspaceId })
  expect(await alice.get('conversations.listTrash', { workspaceId })).toEqual({ conversations: [], nextCursor: null })
  expect(await alice.call('conversations.restore', { id: ids[0]! })).toFailWith('conversation.not_found')
  expect(await list(alice)).toEqual(['B'])
})

test('where a workspace wants that, what nobody touched for long goes to the trash; what is pinned stays', async () => {
  const [alice] = await server.current.people('alice')
  const { workspaceId } = alice
  const { db } = server.current.deps
  const [pinned, old] = await start(alice, 'Pinned', 'Old', 'New')
  await alice.get('conversations.update', { id: pinned!, isPinned: true })
  await sql`update conversation set updated_at = now() - interval '40 days' where id in (${pinned}, ${old})`.execute(db)

  await trashUntouched(db, new AbortController().signal)
  expect(await list(alice)).toEqual(['Pinned', 'New', 'Old'])
  await alice.get('workspaces.updateSettings', { workspaceId, trashAfterDays: 30 })
  await trashUntouched(db, new AbortController().signal)
  expect(await list(alice)).toEqual(['Pinned', 'New'])
  expect((await alice.get('conversations.listTrash', { workspaceId })).conversations.map(({ title }) => title)).toEqual(['Old'])
})
