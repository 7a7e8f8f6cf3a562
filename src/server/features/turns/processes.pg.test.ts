import { expect, test } from 'vitest'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { startTestApp } from '../../../../test/support/test-app.ts'
import {
  allEvents,
  conversationWith,
  eventually,
  followTurn,
  messagesOf,
  scripted,
  startTurn,
  textOf,
  turnIdOf,
} from '../../../../test/support/turn-client.ts'

async function twoProcesses() {
  const opened = new AsyncDisposableStack()
  const provider = await startProviderServer({ port: 0 })
  opened.defer(() => provider.close())
  const first = opened.use(
    await startTestApp({ database: 'postgres', env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai') } }),
  )
  await first.app.listing?.firstRound
  const second = opened.use(await first.another())
  const [alice] = await first.people('alice')
  return {
    first,
    second,
    alice,
    aliceElsewhere: second.withKey((await alice.get('people.createApiKey', { name: 'elsewhere' })).secret),
    conversationId: await conversationWith(alice, 'gpt-4o'),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  }
}

test('a turn is followed on a process that does not run it, from any position, without gap or duplicate', async () => {
  await using stage = await twoProcesses()
  const { alice, aliceElsewhere, conversationId } = stage
  const live = startTurn(alice, conversationId, { text: scripted({ tokens: 60, delayMs: 15 }) }).then(allEvents)
  const [, answer] = await eventually(
    () => messagesOf(alice, conversationId),
    (messages) => messages.length === 2,
  )

  const seen = await allEvents(await followTurn(aliceElsewhere, answer!.answer!.turnId))

  const here = await live
  const shown = (items: typeof here) =>
    items.reduce((text, { event }) => (event.type === 'text-delta' ? text.slice(0, event.offset) + event.text : text), '')
  expect(shown(seen)).toBe(shown(here))
  expect(seen.at(-1)).toEqual(here.at(-1))
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length)
})

test('a turn is stopped from a process that does not run it, even while its provider says nothing', async () => {
  await using stage = await twoProcesses()
  const { alice, aliceElsewhere, conversationId } = stage
  const live = startTurn(alice, conversationId, { text: scripted({ fault: 'hang' }) }).then(allEvents)
  const [, answer] = await eventually(
    () => messagesOf(alice, conversationId),
    (messages) => messages.length === 2,
  )

  await aliceElsewhere.get('turns.stop', { id: answer!.answer!.turnId })

  expect((await live).at(-1)!.event).toMatchObject({ type: 'turn-ended', state: 'stopped' })
})

test('a permission is given on another process, and the turn goes on there', async () => {
  await using stage = await twoProcesses()
  const { alice, aliceElsewhere, conversationId } = stage
  const toolRounds = [[{ name: 'fetch_page', arguments: { url: 'http://127.0.0.1:9/' } }]]
  const live = startTurn(alice, conversationId, { text: scripted({ toolRounds, text: 'It said: {{results}}' }) }).then(allEvents)
  const [, answer] = await eventually(
    () => messagesOf(alice, conversationId),
    (messages) => messages[1]?.answer?.state === 'waiting',
  )
  const { turnId } = answer!.answer!
  const [question] = (await alice.get('turns.get', { id: turnId })).waitingFor

  await aliceElsewhere.get('turns.decide', { id: turnId, callId: question!.callId, decision: 'allow' })

  const events = await live
  expect(turnIdOf(events)).toBe(turnId)
  expect(events.at(-1)!.event).toMatchObject({ type: 'turn-ended', state: 'completed' })
  // The tool ran and was refused the private address: a result, not an error.
  expect(textOf((await messagesOf(alice, conversationId))[1])).toContain('It said:')
})
