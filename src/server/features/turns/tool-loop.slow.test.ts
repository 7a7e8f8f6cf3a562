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
const shared = useTestApp({
  tools: [askFirst],
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
