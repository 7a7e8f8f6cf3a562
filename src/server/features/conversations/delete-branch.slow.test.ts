import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { useConversationApp } from '../../../../test/support/conversation-app.ts'
import { insertMessages } from '../../../../test/support/long-conversation.ts'
import type { Person } from '../../../../test/support/test-app.ts'
import {
  allEvents,
  eventsUntil,
  eventually,
  followTurn,
  messagesOf,
  scripted,
  startTurn,
  turnIdOf,
} from '../../../../test/support/turn-client.ts'
import { purgeConversations } from './index.ts'

const { shared, begin } = await useConversationApp()

let alice: Person
let id: string
beforeEach(async () => {
  ;[alice, id] = await begin()
})
const say = async (answer: string, rest: object = {}) =>
  allEvents(await startTurn(alice, id, { text: scripted({ text: answer }, answer), ...rest }))
const shown = async () => (await messagesOf(alice, id)).map((message) => message.id)
const remove = (messageId: string) => alice.get('conversations.deleteBranch', { id, messageId })
const restore = (messageId: string) => alice.get('conversations.restoreBranch', { id, messageId })

test('the path ends at the version before, or the one after, or the message above', async () => {
  await say('one')
  const [question, first] = await messagesOf(alice, id)
  const again = { tryAgain: question!.id }
  await allEvents(await startTurn(alice, id, again))
  await allEvents(await startTurn(alice, id, again))
  const [second, third] = (await messagesOf(alice, id))[1]!.siblingIds.slice(1)

  expect((await remove(third!)).headId).toBe(second)
  expect((await messagesOf(alice, id))[1]!.siblingIds).toEqual([first!.id, second])
  await alice.get('conversations.switchBranch', { id, messageId: first!.id })
  expect((await remove(first!.id)).headId).toBe(second)
  const last = await remove(second!)
  expect(last).toMatchObject({ headId: question!.id, lastMessagePreview: expect.stringContaining('one') })

  // A question without an answer is answered again, or followed by another one.
  await allEvents(await startTurn(alice, id, again))
  expect(await shown()).toHaveLength(2)
  expect((await remove((await shown())[1]!)).headId).toBe(question!.id)
  await say('more')
  expect((await messagesOf(alice, id)).map(({ role }) => role)).toEqual(['user', 'user', 'assistant'])
  expect((await remove(question!.id)).headId).toBeNull()
  expect(await shown()).toEqual([])
})

test('a deletion is taken back as it was made, and not what was deleted before it', async () => {
  await say('one')
  await say('two')
  const path = await shown()
  await say('another two', { parentId: path[1] })
  const other = await shown()
  await remove(other[3]!)
  await remove(path[1]!)
  expect(await shown()).toEqual([path[0]])
  expect(await alice.call('conversations.restoreBranch', { id, messageId: path[3]! })).toFailWith('message.not_found')

  await restore(path[1]!)

  expect(await shown()).toEqual(other.slice(0, 3))
  await alice.get('conversations.switchBranch', { id, messageId: path[2]! })
  expect(await shown()).toEqual(path)
  await restore(other[3]!)
  expect(await shown()).toEqual(other)
  expect(await alice.call('conversations.restoreBranch', { id, messageId: path[1]! })).toFailWith('message.not_found')
})

test('nothing is reached, continued or added in what was deleted', async () => {
  await say('one')
  const [question, answer] = await shown()
  await remove(answer!)

  for (const call of [
    alice.call('turns.start', { id, text: 'below', parentId: answer! }),
    alice.call('turns.start', { id, continueFrom: answer! }),
    alice.call('conversations.switchBranch', { id, messageId: answer! }),
    alice.call('conversations.siblings', { id, messageId: answer! }),
    alice.call('conversations.fork', { id, messageId: answer! }),
    alice.call('conversations.deleteBranch', { id, messageId: answer! }),
  ])
    expect(await call).toFailWith('message.not_found')
  await remove(question!)
  expect(await alice.call('turns.start', { id, tryAgain: question! })).toFailWith('message.not_found')
})

test('what is being written in it is stopped, with what waits behind it', async () => {
  await say('one')
  const response = await startTurn(alice, id, { text: scripted({ tokens: 800, delayMs: 10 }) })
  const turnId = turnIdOf(await eventsUntil(response, (event) => event.type === 'text-delta'))
  const queued = await alice.get('turns.start', { id, text: 'later' })
  const question = (await shown())[2]!

  expect((await remove(question)).headId).toBe((await shown())[1])

  for (const one of [turnId, queued.turnId])
    expect((await allEvents(await followTurn(alice, one))).at(-1)!.event).toMatchObject({ type: 'turn-ended', state: 'stopped' })
  const { isAnswering } = await eventually(
    () => alice.get('conversations.get', { id }),
    (conversation) => !conversation.isAnswering,
  )
  expect(isAnswering).toBe(false)
  expect(await shown()).toHaveLength(2)
})

test('any tree, whatever is deleted and restored, shows what a list of messages says', async () => {
  const messages = new Map<string, { parent: string | null; deleted: number | null }>()
  let seed = 7
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
  const alive = () => [...messages].filter(([, { deleted }]) => deleted === null).map(([one]) => one)
  const isBelow = (one: string | null, root: string): boolean => one !== null && (one === root || isBelow(messages.get(one)!.parent, root))
  const pathTo = (one: string | null): string[] => (one === null ? [] : [...pathTo(messages.get(one)!.parent), one])
  let parent: string | null = null
  for (let turn = 0; turn < 14; turn++) {
    await say(`answer ${turn}`, { parentId: parent })
    const [question, answer] = (await shown()).slice(-2)
    messages.set(question!, { parent, deleted: null }).set(answer!, { parent: question!, deleted: null })
    const ends = [...messages.keys()].filter((one) => pathTo(one).length % 2 === 0)
    parent = random(4) === 0 ? null : ends[random(ends.length)]!
  }

  for (let step = 1; step <= 12; step++) {
    const roots = [...messages].filter(
      ([, one]) => one.deleted !== null && (one.parent === null || messages.get(one.parent)!.deleted === null),
    )
    if (roots.length > 0 && random(3) === 0) {
      const [root, { deleted }] = roots[random(roots.length)]!
      await restore(root)
      for (const [one, state] of messages) if (state.deleted === deleted && isBelow(one, root)) state.deleted = null
    } else if (alive().length > 0) {
      const root = alive()[random(alive().length)]!
      await remove(root)
      for (const [one, state] of messages) if (state.deleted === null && isBelow(one, root)) state.deleted = step
    }
    const path = await messagesOf(alice, id)
    for (const message of path) {
      expect(messages.get(message.id)!.deleted).toBeNull()
      expect(message.siblingIds.toSorted()).toEqual(
        alive()
          .filter((one) => messages.get(one)!.parent === message.parentId)
          .toSorted(),
      )
    }
    const some = alive()[random(Math.max(1, alive().length))]
    if (some) {
      await alice.get('conversations.switchBranch', { id, messageId: some })
      expect((await shown()).slice(0, pathTo(some).length)).toEqual(pathTo(some))
    } else expect(path).toEqual([])
  }
})

test('is gone for good after thirty days, and nothing beside it', async () => {
  const { db } = shared.current.deps
  await say('one')
  const [question, answer] = await shown()
  await allEvents(await startTurn(alice, id, { tryAgain: question! }))
  await remove(answer!)
  await purgeConversations(db, AbortSignal.timeout(5_000))
  await restore(answer!)
  await remove(answer!)
  await sql`update message set deleted_at = deleted_at - interval '31 days' where id = ${answer!}`.execute(db)

  await purgeConversations(db, AbortSignal.timeout(5_000))

  expect(await alice.call('conversations.restoreBranch', { id, messageId: answer! })).toFailWith('message.not_found')
  expect(await shown()).toHaveLength(2)
  const { total } = await alice.get('usage.list', { workspaceId: alice.workspaceId })
  expect(total.calls).toBe(2)
})

test('ten thousand messages go and come back at once', async () => {
  await insertMessages(shared.current.deps.db, alice, id, 10_000)
  const { messages } = await alice.get('conversations.messages', { id, after: 0, limit: 1 })
  const startedAt = performance.now()
  expect((await remove(messages[0]!.id)).headId).toBe(messages[0]!.parentId)
  await restore(messages[0]!.id)
  expect(performance.now() - startedAt).toBeLessThan(20_000)
  expect((await alice.get('conversations.messages', { id, limit: 1 })).pathLength).toBe(10_000)
})
