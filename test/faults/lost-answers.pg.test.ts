import { afterAll, expect, test } from 'vitest'
import { postgresProxy } from '../support/postgres-proxy.ts'
import { testPostgres } from '../support/postgres.ts'
import { startProviderServer } from '../support/provider-server/index.ts'
import { startTestApp } from '../support/test-app.ts'
import { conversationWith, eventually, messagesOf, scripted, textOf } from '../support/turn-client.ts'

const provider = await startProviderServer()
afterAll(() => provider.close())
const env = { OPENAI_API_KEY: 'sk-lost-0000', OPENAI_BASE_URL: provider.baseUrl('openai') }

async function withProxy() {
  const stack = new AsyncDisposableStack()
  const fresh = stack.use(await testPostgres())
  const proxy = stack.use(await postgresProxy(fresh.url))
  const app = stack.use(await startTestApp({ database: { url: proxy.url }, env }))
  await app.app.listing?.firstRound
  const [person] = await app.people('alice')
  return { app, proxy, person, conversation: await conversationWith(person, 'gpt-4o'), [Symbol.asyncDispose]: () => stack.disposeAsync() }
}

/** The turns of a conversation in the order in which they were asked. */
const states = (messages: Awaited<ReturnType<typeof messagesOf>>) => messages.flatMap((message) => message.answer?.state ?? [])

test('a turn whose accept was committed without an answer is answered all the same, once', async () => {
  await using world = await withProxy()
  const { person, conversation, proxy } = world
  const start = { id: conversation, text: scripted({ text: 'here it is' }), idempotencyKey: 'lost-accept-1' }
  const lost = proxy.once('accept_turns', 'answer-lost')
  const first = await person.call('turns.start', start)
  await lost
  expect(first.ok ? undefined : first.problem.code).toBe('database.unavailable')
  const again = await person.get('turns.start', start)
  const messages = await eventually(
    () => messagesOf(person, conversation),
    (list) => states(list).includes('completed'),
  )
  expect(messages).toHaveLength(2)
  expect(messages[1]!.answer!.turnId).toBe(again.turnId)
  expect(textOf(messages[1])).toBe('here it is')
  const { rows } = await person.get('usage.list', { workspaceId: person.workspaceId })
  expect(rows.filter((row) => row.tokens.output > 0)).toHaveLength(1)
})

test('a message that waited for an answer whose end was committed without an answer is answered', async () => {
  await using world = await withProxy()
  const { person, conversation, proxy } = world
  const first = await person.get('turns.start', { id: conversation, text: scripted({ tokens: 60, delayMs: 25 }) })
  const second = await person.get('turns.start', { id: conversation, text: scripted({ text: 'and here is this' }) })
  expect([first.state, second.state]).toEqual(['running', 'queued'])
  await proxy.once('write_turns', 'answer-lost')
  const messages = await eventually(
    () => messagesOf(person, conversation),
    (list) => states(list).filter((state) => state === 'completed').length === 2,
  )
  expect(textOf(messages[3])).toBe('and here is this')
})

test('a stop that comes while a permission question is being written stops the turn', async () => {
  await using world = await withProxy()
  const { person, conversation, proxy } = world
  const held = proxy.once('"wait":true', 'held')
  const { turnId } = await person.get('turns.start', {
    id: conversation,
    text: scripted({ toolRounds: [[{ name: 'fetch_page', arguments: { url: 'http://example.org/' } }]], text: 'never said' }),
  })
  const question = await held
  await person.get('turns.stop', { id: turnId })
  question.release()
  await eventually(
    () => person.get('turns.get', { id: turnId }),
    ({ state }) => state === 'stopped',
  )
  const call = (await messagesOf(person, conversation))[1]!.parts.find((part) => part.type === 'tool-call')
  expect(call).toMatchObject({ state: 'denied' })
})
