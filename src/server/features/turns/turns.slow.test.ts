import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import {
  allEvents,
  conversationWith,
  eventsUntil,
  eventually,
  followTurn,
  messagesOf,
  type SeenEvent,
  scripted,
  startTurn,
  textOf,
  turnIdOf,
} from '../../../../test/support/turn-client.ts'
import type { Tool } from '../tools/index.ts'

const provider: ProviderServer = await startProviderServer({ port: 0 })
afterAll(() => provider.close())

const runs: string[] = []
const askFirst: Tool = {
  name: 'ask_first',
  description: 'Needs a permission.',
  input: z.object({ note: z.string().optional() }),
  isRepeatable: false,
  permission: 'ask',
  timeoutMs: 5_000,
  run: async (_, { callId }) => {
    runs.push(callId)
    return 'it ran'
  },
}
const never: Tool = { ...askFirst, name: 'never_here', permission: 'deny' }

const shared = useTestApp({
  env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai') },
  tools: [askFirst, never],
})

/** What a client shows after these events: a text event cuts its part at the offset, then appends. */
function textAfter(items: readonly SeenEvent[]): string {
  return items.reduce((text, { event }) => (event.type === 'text-delta' ? text.slice(0, event.offset) + event.text : text), '')
}

let alice: Person
let conversationId: string
beforeEach(async () => {
  await shared.current.app.listing?.firstRound
  ;[alice] = await shared.current.people('alice')
  conversationId = await conversationWith(alice, 'gpt-4o')
})

describe('an answer', () => {
  test('streams, is kept, and says what it used', async () => {
    const events = await allEvents(
      await startTurn(alice, conversationId, { text: scripted({ text: 'four words are here', usage: { input: 11, output: 4 } }) }),
    )

    expect(events[0]!.event.type).toBe('turn-started')
    expect(events.at(-1)!.event).toMatchObject({ type: 'turn-ended', state: 'completed', tokens: { input: 11, output: 4 } })
    const [question, answer] = await messagesOf(alice, conversationId)
    expect(textOf(question)).toContain('hello')
    expect(textOf(answer)).toBe('four words are here')
    expect(answer!.answer).toMatchObject({ state: 'completed', provider: 'openai', keyOrigin: 'house' })
    const { total } = await alice.get('usage.list', { workspaceId: alice.workspaceId })
    expect(total).toMatchObject({ calls: 1, tokens: 15 })
  })

  test('is built on the conversation before it', async () => {
    await allEvents(await startTurn(alice, conversationId, { text: scripted({ text: 'first answer' }, 'first question') }))
    await allEvents(await startTurn(alice, conversationId, { text: 'second question' }))

    const sent = JSON.stringify(provider.requests.at(-1)!.body)
    for (const text of ['first question', 'first answer', 'second question']) expect(sent).toContain(text)
  })

  test('continues for whoever joins late or comes back, without gap or duplicate', async () => {
    const response = await startTurn(alice, conversationId, { text: scripted({ tokens: 60, delayMs: 10 }) })
    const first = await eventsUntil(response, (event) => event.type === 'text-delta' && event.text.includes('w8'))
    const turnId = turnIdOf(first)

    const [rest, whole] = await Promise.all([
      followTurn(alice, turnId, first.at(-1)!.id).then(allEvents),
      followTurn(alice, turnId).then(allEvents),
    ])

    const answer = textOf((await messagesOf(alice, conversationId))[1])
    expect(textAfter([...first, ...rest])).toBe(answer)
    expect(textAfter(whole)).toBe(answer)
    expect(rest.map(({ event }) => event.type)).not.toContain('turn-started')
    expect(answer.split(' ')).toHaveLength(60)
  })

  test('can be read again after its end, from the log', async () => {
    const live = await allEvents(await startTurn(alice, conversationId, { text: scripted({ text: 'once more' }) }))

    const again = await allEvents(await followTurn(alice, turnIdOf(live)))

    expect(again.at(-1)).toEqual(live.at(-1))
    expect(again.find(({ event }) => event.type === 'text-delta')!.event).toMatchObject({ text: 'once more' })
  })

  test('that is stopped keeps what arrived', async () => {
    const response = await startTurn(alice, conversationId, { text: scripted({ tokens: 400, delayMs: 10 }) })
    const turnId = turnIdOf(await eventsUntil(response, (event) => event.type === 'text-delta'))

    const stopped = await alice.call('turns.stop', { id: turnId })
    expect(stopped.ok).toBe(true)

    const events = await allEvents(await followTurn(alice, turnId))
    expect(events.at(-1)!.event).toMatchObject({ type: 'turn-ended', state: 'stopped' })
    const answer = (await messagesOf(alice, conversationId))[1]!
    expect(textOf(answer)).toMatch(/^w1/)
    expect(textOf(answer).split(' ').length).toBeLessThan(400)
    const { rows } = await alice.get('usage.list', { workspaceId: alice.workspaceId })
    expect(rows).toMatchObject([{ isEstimated: true }])
  })
})

describe('branches', () => {
  test('trying again adds a sibling, and switching shows the other one', async () => {
    await allEvents(await startTurn(alice, conversationId, { text: scripted({ text: 'an answer' }) }))
    const [question, first] = await messagesOf(alice, conversationId)

    await allEvents(await startTurn(alice, conversationId, { tryAgain: question!.id }))

    const [, second] = await messagesOf(alice, conversationId)
    expect(second!.id).not.toBe(first!.id)
    expect(second!.siblingIds).toEqual([first!.id, second!.id])
    await alice.get('conversations.switchBranch', { id: conversationId, messageId: first!.id })
    expect((await messagesOf(alice, conversationId))[1]!.id).toBe(first!.id)
  })

  test('an edited message is a sibling of the first one, and the path below each stays', async () => {
    await allEvents(await startTurn(alice, conversationId, { text: 'one' }))
    await allEvents(await startTurn(alice, conversationId, { text: 'two' }))
    const before = await messagesOf(alice, conversationId)

    await allEvents(await startTurn(alice, conversationId, { text: 'one, edited', parentId: null }))

    const after = await messagesOf(alice, conversationId)
    expect(after.map(textOf)[0]).toBe('one, edited')
    expect(after).toHaveLength(2)
    await alice.get('conversations.switchBranch', { id: conversationId, messageId: before[0]!.id })
    expect((await messagesOf(alice, conversationId)).map((message) => message.id)).toEqual(before.map((message) => message.id))
  })
})

describe('a message sent while an answer is written', () => {
  test('waits its turn and is answered after it', async () => {
    const first = startTurn(alice, conversationId, { text: scripted({ tokens: 40, delayMs: 10 }) }).then(allEvents)
    await eventually(
      () => messagesOf(alice, conversationId),
      (messages) => messages.length === 2,
    )

    const followUp = await alice.get('turns.start', { id: conversationId, text: scripted({ text: 'the second answer' }) })
    expect(followUp.state).toBe('queued')

    await first
    await allEvents(await followTurn(alice, followUp.turnId))
    const messages = await messagesOf(alice, conversationId)
    expect(messages).toHaveLength(4)
    expect(textOf(messages[3])).toBe('the second answer')
    expect(JSON.stringify(provider.requests.at(-1)!.body)).toContain('w40')
  })

  test('can be withdrawn', async () => {
    const first = startTurn(alice, conversationId, { text: scripted({ tokens: 40, delayMs: 10 }) }).then(allEvents)
    await eventually(
      () => messagesOf(alice, conversationId),
      (messages) => messages.length === 2,
    )
    const followUp = await alice.get('turns.start', { id: conversationId, text: 'never mind' })

    await alice.get('turns.stop', { id: followUp.turnId })

    expect((await first).at(-1)!.event).toMatchObject({ state: 'completed' })
    expect(await alice.get('turns.get', { id: followUp.turnId })).toMatchObject({ state: 'stopped' })
  })
})

describe('what was written behind a withdrawn message', () => {
  test('still waits for the answer that is being written', async () => {
    const first = startTurn(alice, conversationId, { text: scripted({ tokens: 60, delayMs: 15 }) }).then(allEvents)
    await eventually(
      () => messagesOf(alice, conversationId),
      (messages) => messages.length === 2,
    )
    const withdrawn = await alice.get('turns.start', { id: conversationId, text: 'never mind' })
    const behind = await alice.get('turns.start', { id: conversationId, text: scripted({ text: 'the last answer' }) })

    await alice.get('turns.stop', { id: withdrawn.turnId })
    expect(await alice.get('turns.get', { id: behind.turnId })).toMatchObject({ state: 'queued' })
    const later = await alice.get('turns.start', { id: conversationId, text: 'one more', parentId: withdrawn.answerMessageId })
    expect(later.state).toBe('queued')

    await first
    await allEvents(await followTurn(alice, behind.turnId))
    expect(await alice.get('turns.get', { id: behind.turnId })).toMatchObject({ state: 'completed' })
    expect(JSON.stringify(provider.requests.map((request) => request.body))).toContain('w60')
  })
})

describe('tools', () => {
  const askFor = (name: string) => scripted({ toolRounds: [[{ name, arguments: {} }]], text: 'The tool said: {{results}}' })

  test('run in parallel and their results go back to the model', async () => {
    const toolRounds = [
      [
        { name: 'calculate', arguments: { expression: '6 * 7' } },
        { name: 'calculate', arguments: { expression: '1/0' } },
        { name: 'no_such_tool', arguments: {} },
      ],
    ]
    const events = await allEvents(await startTurn(alice, conversationId, { text: scripted({ toolRounds, text: 'done' }) }))

    expect(events.at(-1)!.event).toMatchObject({ state: 'completed' })
    const answer = (await messagesOf(alice, conversationId))[1]!
    expect(answer.parts).toMatchObject([
      { type: 'tool-call', state: 'completed', result: '42' },
      { type: 'tool-call', state: 'failed' },
      { type: 'tool-call', state: 'failed', result: expect.stringContaining('There is no tool named no_such_tool') },
      { type: 'text', text: 'done' },
    ])
  })

  test('that need a permission wait for it, through any tab, and run once', async () => {
    const seen = await eventsUntil(
      await startTurn(alice, conversationId, { text: askFor('ask_first') }),
      (event) => event.type === 'turn-waiting',
    )
    const turnId = turnIdOf(seen)
    const waiting = await eventually(
      () => alice.get('turns.get', { id: turnId }),
      (turn) => turn.state === 'waiting',
    )
    expect(waiting.waitingFor).toMatchObject([{ toolName: 'ask_first' }])
    const { callId } = waiting.waitingFor[0]!

    const decided = await alice.call('turns.decide', { id: turnId, callId, decision: 'allow' })
    expect(decided.ok).toBe(true)

    const events = await allEvents(await followTurn(alice, turnId, seen.at(-1)!.id))
    // The end tells of all of the turn's calls, those before the question too.
    const { answer } = (await messagesOf(alice, conversationId))[1]!
    expect(events.at(-1)!.event).toMatchObject({
      type: 'turn-ended',
      state: 'completed',
      tokens: answer!.tokens,
      costNanoUsd: answer!.costNanoUsd,
    })
    expect(textOf((await messagesOf(alice, conversationId))[1])).toBe('The tool said: it ran')
    expect(runs.filter((id) => id === callId)).toHaveLength(1)
    expect(await alice.call('turns.decide', { id: turnId, callId, decision: 'allow' })).toFailWith('turn.finished')
  })

  test('that are refused tell the model so, and "always" is remembered', async () => {
    const seen = await eventsUntil(
      await startTurn(alice, conversationId, { text: askFor('ask_first') }),
      (event) => event.type === 'turn-waiting',
    )
    const turn = await eventually(
      () => alice.get('turns.get', { id: turnIdOf(seen) }),
      ({ state }) => state === 'waiting',
    )
    await alice.get('turns.decide', { id: turn.id, callId: turn.waitingFor[0]!.callId, decision: 'always-deny' })
    await allEvents(await followTurn(alice, turn.id))

    const again = await allEvents(await startTurn(alice, conversationId, { text: askFor('ask_first') }))

    expect(again.at(-1)!.event).toMatchObject({ state: 'completed' })
    expect((await messagesOf(alice, conversationId)).at(-1)!.parts[0]).toMatchObject({
      state: 'denied',
      result: 'This tool may not be used here.',
    })
  })

  test('that are forbidden here never run', async () => {
    const before = runs.length
    await allEvents(await startTurn(alice, conversationId, { text: askFor('never_here') }))

    expect(runs).toHaveLength(before)
    expect((await messagesOf(alice, conversationId))[1]!.parts[0]).toMatchObject({ state: 'denied' })
  })

  test('a turn that waits can be stopped', async () => {
    const seen = await eventsUntil(
      await startTurn(alice, conversationId, { text: askFor('ask_first') }),
      (event) => event.type === 'turn-waiting',
    )
    const turn = await eventually(
      () => alice.get('turns.get', { id: turnIdOf(seen) }),
      ({ state }) => state === 'waiting',
    )

    await alice.get('turns.stop', { id: turn.id })

    const stopped = await eventually(
      () => alice.get('turns.get', { id: turn.id }),
      ({ state }) => state === 'stopped',
    )
    expect(stopped.waitingFor).toEqual([])
    expect((await messagesOf(alice, conversationId))[1]!.parts[0]).toMatchObject({ state: 'denied' })
  })
})

describe('what goes wrong at the provider', () => {
  test.each([
    ['auth', 'provider.auth'],
    ['rate-limit', 'provider.rate_limited'],
    ['quota', 'provider.quota'],
    ['context', 'provider.context_too_long'],
    ['filtered-prompt', 'provider.content_filter'],
    ['stream-error', 'provider.unavailable'],
  ] as const)('%s ends the turn with %s, in words', async (fault, code) => {
    const retryAfterSeconds = 30
    const events = await allEvents(
      await startTurn(alice, conversationId, { text: scripted({ tokens: 5, fault, after: 3, retryAfterSeconds }) }),
    )

    expect(events.at(-1)!.event).toMatchObject({ type: 'turn-ended', state: 'failed', error: { code } })
    const answer = (await messagesOf(alice, conversationId))[1]!
    expect(answer.parts.at(-1)).toMatchObject({ type: 'notice', notice: { code } })
    expect(answer.answer).toMatchObject({ state: 'failed', error: { code } })
  })

  test.each(['cut', 'truncated'] as const)('an answer that breaks off (%s) keeps what came', async (fault) => {
    const events = await allEvents(await startTurn(alice, conversationId, { text: scripted({ tokens: 20, delayMs: 5, fault, after: 6 }) }))

    expect(events.at(-1)!.event).toMatchObject({ state: 'failed', error: { code: 'provider.interrupted' } })
    expect(textOf((await messagesOf(alice, conversationId))[1])).toMatch(/^w1 w2/)
  })

  test('a provider that fails before its first word is asked again, each time as a task of its own', async () => {
    const undo = provider.script({ fault: 'server-error' }, { model: 'gpt-4o', times: 1 })
    const events = await allEvents(await startTurn(alice, conversationId, { text: scripted({ text: 'at last' }) }))
    undo()

    expect(events.at(-1)!.event).toMatchObject({ state: 'completed' })
    const { total } = await alice.get('usage.list', { workspaceId: alice.workspaceId })
    expect(total.calls).toBe(2)
  })

  test('the next message goes on after a failure', async () => {
    await allEvents(await startTurn(alice, conversationId, { text: scripted({ tokens: 5, fault: 'auth' }) }))
    const events = await allEvents(await startTurn(alice, conversationId, { text: scripted({ text: 'fine again' }) }))

    expect(events.at(-1)!.event).toMatchObject({ state: 'completed' })
  })
})

describe('asking twice', () => {
  test('the same key and payload is the same turn; another payload is refused', async () => {
    const idempotencyKey = randomUUID()
    const body = { id: conversationId, text: scripted({ text: 'only once' }), idempotencyKey }

    const answers = await Promise.all([alice.get('turns.start', body), alice.get('turns.start', body), alice.get('turns.start', body)])

    expect(new Set(answers.map((answer) => answer.turnId)).size).toBe(1)
    expect(await alice.call('turns.start', { ...body, text: 'something else' })).toFailWith('idempotency.mismatch')
    await allEvents(await followTurn(alice, answers[0].turnId))
    expect(await messagesOf(alice, conversationId)).toHaveLength(2)
  })
})

describe('refused at the door', () => {
  test('a text or a message to try again, not both and not neither', async () => {
    expect(await alice.call('turns.start', { id: conversationId })).toFailWith('request.invalid')
    expect(await alice.call('turns.start', { id: conversationId, text: 'x', tryAgain: randomUUID() })).toFailWith('request.invalid')
  })

  test('models, messages, turns and conversations that are not there', async () => {
    const id = randomUUID()
    expect(await alice.call('turns.start', { id, text: 'x' })).toFailWith('conversation.not_found')
    expect(await alice.call('turns.start', { id: conversationId, text: 'x', modelId: id })).toFailWith('model.not_found')
    expect(await alice.call('turns.start', { id: conversationId, text: 'x', parentId: id })).toFailWith('message.not_found')
    expect(await alice.call('turns.start', { id: conversationId, tryAgain: id })).toFailWith('message.not_found')
    expect(await alice.call('turns.get', { id })).toFailWith('turn.not_found')
    expect(await alice.call('turns.stop', { id })).toFailWith('turn.not_found')
  })

  test('a used-up budget, before anything is written', async () => {
    const { workspaceId } = alice
    await alice.get('workspaces.setBudget', { workspaceId, limitNanoUsd: '1000', period: 'day' })

    expect(await alice.call('turns.start', { id: conversationId, text: 'x' })).toFailWith('budget.exhausted')
    expect(await messagesOf(alice, conversationId)).toEqual([])
    expect((await alice.get('workspaces.getBudget', { workspaceId })).budget).toMatchObject({ spentNanoUsd: '0', reservedNanoUsd: '0' })
  })
})

describe('money', () => {
  test('what is charged is what the usage rows say, and nothing stays reserved', async () => {
    const { workspaceId } = alice
    await alice.get('workspaces.setBudget', { workspaceId, limitNanoUsd: '10000000000', period: 'month' })
    const usage = { input: 1000, output: 100, cacheRead: 400 }

    await allEvents(await startTurn(alice, conversationId, { text: scripted({ text: 'paid', usage }) }))

    const { total } = await alice.get('usage.list', { workspaceId })
    const { budget } = await alice.get('workspaces.getBudget', { workspaceId })
    // gpt-4o: 2.50 and 10.00 dollars a million, 1.25 for cached input.
    expect(total.costNanoUsd).toBe(String(600 * 2_500 + 400 * 1_250 + 100 * 10_000))
    expect(budget).toMatchObject({ spentNanoUsd: total.costNanoUsd, reservedNanoUsd: '0' })
  })

  test('an answer that grows past what is left of the budget stops, keeping its text', async () => {
    const { workspaceId } = alice
    // Enough to begin with a thousand tokens of output, not for the next thousand.
    await alice.get('workspaces.setBudget', { workspaceId, limitNanoUsd: '16000000', period: 'month' })

    const events = await allEvents(
      await startTurn(alice, conversationId, { text: scripted({ text: 'word '.repeat(1500).trim(), delayMs: 2 }) }),
    )

    expect(events.at(-1)!.event).toMatchObject({ state: 'failed', error: { code: 'budget.exhausted' } })
    expect(textOf((await messagesOf(alice, conversationId))[1]).length).toBeGreaterThan(1000)
    expect((await alice.get('workspaces.getBudget', { workspaceId })).budget).toMatchObject({ reservedNanoUsd: '0' })
  })
})
