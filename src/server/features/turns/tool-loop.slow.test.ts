import { afterAll, beforeEach, expect, test } from 'vitest'
import { type ProviderServer, type Script, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, conversationWith, messagesOf, startTurn, textOf } from '../../../../test/support/turn-client.ts'

const provider: ProviderServer = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const shared = useTestApp({ env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai') } })

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
