import { once } from 'node:events'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { type ProviderServer, type Script, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import {
  allEvents,
  conversationWith,
  eventsUntil,
  eventually,
  followTurn,
  messagesOf,
  scripted,
  startTurn,
  textOf,
  turnIdOf,
} from '../../../../test/support/turn-client.ts'
import type { Tool } from '../tools/index.ts'

const provider: ProviderServer = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const askFirst: Tool = {
  name: 'ask_first',
  description: 'Needs a permission.',
  input: z.object({ note: z.string().optional() }),
  isRepeatable: false,
  permission: 'ask',
  timeoutMs: 5_000,
  run: async () => 'it ran',
}
const longText = Array.from({ length: 20_000 }, (_, index) => `line ${index}`).join('\n')
const longAnswer: Tool = { ...askFirst, name: 'long_answer', permission: 'allow', run: async () => longText }
const slowWork: Tool = {
  ...askFirst,
  name: 'slow_work',
  permission: 'allow',
  timeoutMs: 60_000,
  run: async (_, { signal, progress }) => {
    progress?.({ message: 'a tenth', fraction: 0.1 })
    await once(signal, 'abort')
    throw signal.reason
  },
}
const chatty: Tool = {
  ...askFirst,
  name: 'chatty',
  permission: 'allow',
  run: async (_, { progress }) => {
    for (let done = 0; done < 1_000; done++) {
      progress?.({ fraction: done / 1_000 })
      if (done % 100 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    return 'done'
  },
}
const shared = useTestApp({
  tools: [askFirst, longAnswer, slowWork, chatty],
  env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai') },
})

let alice: Person
let conversationId: string
beforeEach(async () => {
  await shared.current.app.listing?.firstRound
  ;[alice] = await shared.current.people('alice')
  conversationId = await conversationWith(alice, 'gpt-4o')
})

const calculate = (expression: string) => [{ name: 'calculate', arguments: { expression } }]
/** Calls as long as tools are offered, then speaks. */
const busy = (expressionOf: (round: number) => string) => {
  let round = 0
  return provider.script(({ toolNames, roundsDone }): Script => {
    if (toolNames.length === 0) return { text: 'as far as I came' }
    return { toolRounds: [...Array.from({ length: roundsDone }, () => []), calculate(expressionOf(round++))] }
  })
}
const callsOf = (message: Awaited<ReturnType<typeof messagesOf>>[number]) => message.parts.filter((part) => part.type === 'tool-call')

test('at the limit the last pass runs without tools and says so; continued, the answer has a fresh allowance', async () => {
  const restore = busy((round) => `${round} + 1`)
  const events = await allEvents(await startTurn(alice, conversationId, { text: 'count on' }))
  const limited = (await messagesOf(alice, conversationId))[1]!

  expect(events.filter(({ event }) => event.type === 'step-started')).toHaveLength(25)
  expect(callsOf(limited)).toHaveLength(24)
  expect(textOf(limited)).toBe('as far as I came')
  expect(limited.answer!.state).toBe('completed')
  expect(limited.parts.at(-1)).toMatchObject({ type: 'notice', notice: { code: 'answer.step_limit' } })
  expect(JSON.stringify(provider.requests.at(-1)!.body)).toContain('none can be called now')
  restore()

  const asked: string[] = []
  const undo = provider.script(({ text, toolNames }) => {
    asked.push(text)
    return toolNames.includes('calculate') ? { toolRounds: [calculate('40 + 2')], text: 'now it is done' } : { text: 'no tools' }
  })
  await allEvents(await startTurn(alice, conversationId, { continueFrom: limited.id }))
  undo()

  const whole = (await messagesOf(alice, conversationId))[1]!
  expect(asked[0]).toContain('You may use them again now')
  expect(callsOf(whole)).toHaveLength(25)
  expect(textOf(whole)).toBe('as far as I camenow it is done')
  expect(whole.parts.some(({ type }) => type === 'notice')).toBe(false)
  expect(whole.siblingIds).toEqual([limited.id, whole.id])
})

test('a model that repeats itself is told, and answers without tools when it goes on', async () => {
  const restore = busy(() => '1 + 1')
  await allEvents(await startTurn(alice, conversationId, { text: 'again and again' }))
  restore()

  const answer = (await messagesOf(alice, conversationId))[1]!
  expect(callsOf(answer).map(({ state }) => state)).toEqual(['completed', 'completed', 'completed', 'failed', 'failed'])
  expect(callsOf(answer)[3]!.result).toContain('the same result 3 times')
  expect(textOf(answer)).toBe('as far as I came')
  expect(answer.parts.at(-1)).toMatchObject({ type: 'notice', notice: { code: 'answer.repeated_calls' } })
  expect(JSON.stringify(provider.requests.at(-1)!.body)).toContain('You kept making the same tool calls')
})

/** A turn that waits for a person's word on one call. */
async function waitingTurn() {
  const text = scripted({ toolRounds: [[{ name: 'ask_first', arguments: {} }]], text: 'It said: {{results}}' })
  const seen = await eventsUntil(await startTurn(alice, conversationId, { text }), (event) => event.type === 'turn-waiting')
  const { id, waitingFor } = await eventually(
    () => alice.get('turns.get', { id: turnIdOf(seen) }),
    ({ state }) => state === 'waiting',
  )
  return { id, callId: waitingFor[0]!.callId, text }
}

test('"always" is listed, counts for the next turn, and is taken back', async () => {
  const { id, callId, text } = await waitingTurn()
  expect(await alice.call('turns.decide', { id, callId, decision: 'always-allow', scope: 'agent' })).toFailWith('request.invalid')
  await alice.get('turns.decide', { id, callId, decision: 'always-allow' })
  await allEvents(await followTurn(alice, id))

  const [kept, ...others] = await alice.get('toolPermissions.list', { id: conversationId })
  expect(others).toEqual([])
  expect(kept).toMatchObject({ toolName: 'ask_first', decision: 'allow', scope: 'conversation', decidedBy: 'alice' })
  await allEvents(await startTurn(alice, conversationId, { text }))
  expect(textOf((await messagesOf(alice, conversationId)).at(-1))).toBe('It said: it ran')

  const [mallory] = await shared.current.people('mallory')
  expect(await mallory.call('toolPermissions.revoke', { id: kept!.id })).toFailWith('tool-permission.not_found')
  await alice.get('toolPermissions.revoke', { id: kept!.id })
  expect(await alice.get('toolPermissions.list', { id: conversationId })).toEqual([])
  await waitingTurn()
})

const runWith = (name: string, text = 'It said: {{results}}') => scripted({ toolRounds: [[{ name, arguments: {} }]], text })

test('a long result is kept whole; the model reads on in it, in this turn and in later ones, and nobody else does', async () => {
  await allEvents(await startTurn(alice, conversationId, { text: runWith('long_answer', 'read') }))
  const [, answer] = await messagesOf(alice, conversationId)
  const part = callsOf(answer!)[0]!

  expect(part.result).toBe(longText.slice(0, 24_000))
  expect(part.whole).toMatchObject({ length: longText.length })
  const sent = JSON.stringify(provider.requests.at(-1)!.body)
  expect(sent).toContain(`These are the first 24000 of ${longText.length} characters`)
  expect(provider.requests.at(-1)!.asked!.toolNames).toContain('read_more')

  const reads: string[] = []
  const restore = provider.script(({ toolNames, toolResults, roundsDone }) => {
    reads.push(...toolResults)
    if (!toolNames.includes('read_more')) return { text: 'cannot read on' }
    const offsets = [24_000, longText.length - 10, longText.length]
    return {
      toolRounds: offsets.map((offset) => [{ name: 'read_more', arguments: { result: part.whole!.id, offset } }]),
      text: `${roundsDone}`,
    }
  })
  await allEvents(await startTurn(alice, conversationId, { text: 'and the rest of it?' }))
  expect(reads[0]).toContain(longText.slice(24_000, 44_000))
  expect(reads[0]).toContain(`${longText.length - 44_000} characters follow from offset 44000`)
  expect(reads[1]).toBe(longText.slice(-10))
  expect(reads[2]).toContain('nothing follows offset')

  const [mallory] = await shared.current.people('mallory')
  const theirs = await conversationWith(mallory, 'gpt-4o')
  restore()
  await allEvents(await startTurn(mallory, theirs, { text: runWith('long_answer', 'read') }))
  const undo = provider.script(({ toolResults }) => {
    reads.push(...toolResults)
    return { toolRounds: [[{ name: 'read_more', arguments: { result: part.whole!.id, offset: 0 } }]], text: 'nothing' }
  })
  reads.length = 0
  await allEvents(await startTurn(mallory, theirs, { text: 'read what is not mine' }))
  undo()
  expect(reads[0]).toContain('no such result in this conversation')

  const { turnId } = answer!.answer!
  const rest = await alice.get('turns.readResult', { id: turnId, resultId: part.whole!.id, offset: 24_000 })
  expect(rest).toEqual({ text: longText.slice(24_000, 74_000), offset: 24_000, length: longText.length })
  expect(await mallory.call('turns.readResult', { id: turnId, resultId: part.whole!.id })).toFailWith('turn.not_found')
})

test('a running call tells how far it is, and ends when a person wants it; the turn goes on', async () => {
  const response = await startTurn(alice, conversationId, { text: runWith('slow_work') })
  const seen = await eventsUntil(response, (event) => event.type === 'tool-progress')
  expect(seen.at(-1)!.event).toMatchObject({ part: 0, progress: { message: 'a tenth', fraction: 0.1 } })
  const id = turnIdOf(seen)
  const { parts } = (await messagesOf(alice, conversationId))[1]!
  const callId = parts[0]?.type === 'tool-call' ? parts[0].callId : ''

  await alice.get('turns.cancelCall', { id, callId })

  const rest = await allEvents(await followTurn(alice, id))
  expect(rest.at(-1)!.event).toMatchObject({ type: 'turn-ended', state: 'completed' })
  const answer = (await messagesOf(alice, conversationId))[1]!
  expect(answer.parts[0]).toMatchObject({ state: 'cancelled', result: expect.stringContaining('cancelled this call') })
  expect(answer.parts[0]).not.toHaveProperty('progress')
  expect(textOf(answer)).toContain('It said: The user cancelled this call')
  expect(await alice.call('turns.cancelCall', { id, callId })).toFailWith('call.not_running')
})

test('what a tool says a thousand times is told a few times', async () => {
  const events = await allEvents(await startTurn(alice, conversationId, { text: runWith('chatty') }))
  const told = events.filter(({ event }) => event.type === 'tool-progress')
  expect(told.length).toBeGreaterThan(0)
  expect(told.length).toBeLessThan(10)
})
