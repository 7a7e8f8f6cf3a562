import { sql } from 'kysely'
import { beforeEach, expect, test } from 'vitest'
import { useConversationApp } from '../../../../test/support/conversation-app.ts'
import { insertMessages } from '../../../../test/support/long-conversation.ts'
import type { Person } from '../../../../test/support/test-app.ts'
import {
  allEvents,
  conversationWith,
  eventsUntil,
  followTurn,
  messagesOf,
  scripted,
  startTurn,
  textOf,
  turnIdOf,
} from '../../../../test/support/turn-client.ts'

const { provider, shared, begin } = await useConversationApp()

let alice: Person
let id: string
beforeEach(async () => {
  ;[alice, id] = await begin()
})
const say = async (conversationId: string, text: string, answer: string, rest: object = {}) =>
  allEvents(await startTurn(alice, conversationId, { text: scripted({ text: answer }, text), ...rest }))

test('copies the shown and the hidden path alike, says where it came from, and goes on by itself', async () => {
  await say(id, 'one', 'first answer')
  await say(id, 'two', 'second answer')
  const [question, first, , second] = await messagesOf(alice, id)
  await say(id, 'two, in other words', 'another answer', { parentId: first!.id })

  // The path that is not shown any more.
  const fork = await alice.get('conversations.fork', { id, messageId: second!.id, title: 'A fork' })

  expect(fork).toMatchObject({
    title: 'A fork',
    forkedFromConversationId: id,
    forkedFromMessageId: second!.id,
    lastMessagePreview: 'second answer',
  })
  const copied = await messagesOf(alice, fork.id)
  expect(copied.map(textOf)).toEqual([textOf(question), 'first answer', expect.stringContaining('two'), 'second answer'])
  expect(new Set([...copied, question!].map((message) => message.id)).size).toBe(5)
  expect(copied.map(({ serial, siblingIds }) => [serial, siblingIds.length])).toEqual([1, 2, 3, 4].map((serial) => [serial, 1]))
  expect(copied[3]!.answer).toMatchObject({ modelName: second!.answer!.modelName, state: 'completed' })

  await say(fork.id, 'three', 'only in the fork')
  expect(JSON.stringify(provider.requests.at(-1)!.body)).toContain('second answer')
  expect((await messagesOf(alice, id)).map(textOf).at(-1)).toBe('another answer')
  const { total } = await alice.get('usage.list', { workspaceId: alice.workspaceId })
  expect(total.calls).toBe(4)
})

test('takes the summary along that counts on its path', async () => {
  const { db } = shared.current.deps
  await say(id, 'one', 'first answer')
  await say(id, 'two', 'second answer')
  const path = await messagesOf(alice, id)
  for (const [index, text] of [
    [0, 'Older.'],
    [1, 'They said one.'],
    [3, 'Later.'],
  ] as const)
    await sql`insert into summary (id, workspace_id, conversation_id, message_id, text)
      values (gen_random_uuid(), ${alice.workspaceId}, ${id}, ${path[index]!.id}, ${text})`.execute(db)

  const fork = await alice.get('conversations.fork', { id, messageId: path[2]!.id })

  expect((await messagesOf(alice, fork.id)).map(({ summary }) => summary)).toEqual([null, 'They said one.', null])
})

test('stays whole when its origin is deleted, for good too', async () => {
  await say(id, 'one', 'first answer')
  const [, answer] = await messagesOf(alice, id)
  const fork = await alice.get('conversations.fork', { id, messageId: answer!.id })
  await sql`delete from conversation where id = ${id}`.execute(shared.current.deps.db)

  expect(await alice.get('conversations.get', { id: fork.id })).toMatchObject({ forkedFromConversationId: id })
  expect((await messagesOf(alice, fork.id)).map(textOf)[1]).toBe('first answer')
  await say(fork.id, 'two', 'second answer')
  expect(await messagesOf(alice, fork.id)).toHaveLength(4)
})

test('does not copy what is still being written, nor what is not there', async () => {
  const response = await startTurn(alice, id, { text: scripted({ tokens: 400, delayMs: 10 }) })
  const turnId = turnIdOf(await eventsUntil(response, (event) => event.type === 'text-delta'))
  const [question, answer] = await messagesOf(alice, id)

  expect(await alice.call('conversations.fork', { id, messageId: answer!.id })).toFailWith('answer.being_written')
  expect((await alice.call('conversations.fork', { id, messageId: question!.id })).ok).toBe(true)
  const other = await conversationWith(alice, 'gpt-4o')
  expect(await alice.call('conversations.fork', { id: other, messageId: question!.id })).toFailWith('message.not_found')
  await alice.get('turns.stop', { id: turnId })
  await allEvents(await followTurn(alice, turnId))
  await alice.get('conversations.delete', { id })
  expect(await alice.call('conversations.fork', { id, messageId: question!.id })).toFailWith('conversation.not_found')
})

test('of ten thousand messages is made at once', async () => {
  const last = await insertMessages(shared.current.deps.db, alice, id, 10_000)
  const startedAt = performance.now()
  const fork = await alice.get('conversations.fork', { id, messageId: last })
  const tookMs = performance.now() - startedAt

  const { messages, pathLength } = await alice.get('conversations.messages', { id: fork.id, limit: 5 })
  expect(pathLength).toBe(10_000)
  expect(textOf(messages.at(-1))).toContain('Message 9999')
  expect(tookMs).toBeLessThan(15_000)
})

test('its first turn reserves what its path costs to read, which no call has counted yet', async () => {
  const last = await insertMessages(shared.current.deps.db, alice, id, 200)
  const fork = await alice.get('conversations.fork', { id, messageId: last })
  // Enough for a short question, not for some thirty thousand tokens.
  await alice.get('workspaces.setBudget', { workspaceId: alice.workspaceId, limitNanoUsd: '20000000' })
  expect(await alice.call('turns.start', { id: fork.id, text: 'And now?' })).toFailWith('budget.exhausted')
  const short = await conversationWith(alice, 'gpt-4o')
  expect((await alice.call('turns.start', { id: short, text: 'And now?' })).ok).toBe(true)
})
