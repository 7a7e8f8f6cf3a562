import { beforeEach, expect, test } from 'vitest'
import { useConversationApp } from '../../../../test/support/conversation-app.ts'
import type { Person } from '../../../../test/support/test-app.ts'
import {
  allEvents,
  eventsUntil,
  followTurn,
  messagesOf,
  scripted,
  startTurn,
  textOf,
  turnIdOf,
} from '../../../../test/support/turn-client.ts'

const { provider, begin } = await useConversationApp()

let alice: Person
let conversationId: string
beforeEach(async () => {
  ;[alice, conversationId] = await begin()
})

async function stoppedAnswer() {
  const response = await startTurn(alice, conversationId, { text: scripted({ tokens: 400, delayMs: 10 }, 'count') })
  const turnId = turnIdOf(await eventsUntil(response, (event) => event.type === 'text-delta' && event.text.includes('w3')))
  await alice.get('turns.stop', { id: turnId })
  await allEvents(await followTurn(alice, turnId))
  return (await messagesOf(alice, conversationId))[1]!
}

test('a stopped answer goes on in a sibling, and stays as it is', async () => {
  const stopped = await stoppedAnswer()
  const restore = provider.script({ text: 'and the rest' })

  const events = await allEvents(await startTurn(alice, conversationId, { continueFrom: stopped.id }))
  restore()

  const [question, whole] = await messagesOf(alice, conversationId)
  expect(whole!.siblingIds).toEqual([stopped.id, whole!.id])
  expect(textOf(whole)).toBe(`${textOf(stopped)}and the rest`)
  expect(whole!.parts).toHaveLength(1)
  expect(whole!.answer!.state).toBe('completed')
  // Whoever follows from the beginning is told what the answer begins with.
  expect(events.find(({ event }) => event.type === 'part')!.event).toMatchObject({ part: 0, value: { text: textOf(stopped) } })
  expect(events.find(({ event }) => event.type === 'text-delta')!.event).toMatchObject({ offset: textOf(stopped).length })
  const sent = JSON.stringify(provider.requests.at(-1)!.body)
  expect(sent).toContain(textOf(stopped))
  expect(sent).toContain('Continue exactly where it stopped')
  await alice.get('conversations.switchBranch', { id: conversationId, messageId: stopped.id })
  expect((await messagesOf(alice, conversationId)).map(({ id }) => id)).toEqual([question!.id, stopped.id])
})

test('an answer that was cut off at its length says so, and what continues it does not say it again', async () => {
  await allEvents(await startTurn(alice, conversationId, { text: scripted({ text: 'half a', finish: 'length' }) }))
  const cut = (await messagesOf(alice, conversationId))[1]!
  expect(cut.parts.at(-1)).toMatchObject({ type: 'notice', notice: { code: 'answer.cut_off' } })
  const restore = provider.script({ text: ' sentence' })

  await allEvents(await startTurn(alice, conversationId, { continueFrom: cut.id }))
  restore()

  const whole = (await messagesOf(alice, conversationId))[1]!
  expect(whole.parts.map(({ type }) => type)).toEqual(['text'])
  expect(textOf(whole)).toBe('half a sentence')
})

test('what was written before is not counted again where the provider counts nothing', async () => {
  const stopped = await stoppedAnswer()
  const restore = provider.script({ tokens: 4000, delayMs: 10 })
  const response = await startTurn(alice, conversationId, { continueFrom: stopped.id })
  const turnId = turnIdOf(await eventsUntil(response, (event) => event.type === 'text-delta'))
  await alice.get('turns.stop', { id: turnId })
  restore()
  await allEvents(await followTurn(alice, turnId))

  const [, again] = await messagesOf(alice, conversationId)
  const added = textOf(again).length - textOf(stopped).length
  expect(again!.answer!.tokens!.output).toBeLessThanOrEqual(Math.ceil(added / 2) + 1)
})

test('goes on after the results of tools where no text was begun', async () => {
  const rounds = [[{ name: 'calculate', arguments: { expression: '6*7' } }]]
  const breakLater = provider.script(({ roundsDone }) => ({
    toolRounds: rounds,
    text: 'never said',
    ...(roundsDone > 0 && { fault: 'cut', after: 0 }),
  }))
  await allEvents(await startTurn(alice, conversationId, { text: 'how much?' }))
  breakLater()
  const broken = (await messagesOf(alice, conversationId))[1]!
  expect(broken.answer!.state).toBe('failed')
  const restore = provider.script({ text: 'forty-two' })

  await allEvents(await startTurn(alice, conversationId, { continueFrom: broken.id }))
  restore()

  const whole = (await messagesOf(alice, conversationId))[1]!
  expect(whole.parts.map((part) => [part.type, part.step])).toEqual([
    ['tool-call', 1],
    ['text', 2],
  ])
  expect(textOf(whole)).toBe('forty-two')
})

test('only an answer that has ended and has begun is continued, and only alone', async () => {
  const response = await startTurn(alice, conversationId, { text: scripted({ tokens: 400, delayMs: 10 }) })
  const turnId = turnIdOf(await eventsUntil(response, (event) => event.type === 'text-delta'))
  const [question, answer] = await messagesOf(alice, conversationId)

  expect(await alice.call('turns.start', { id: conversationId, continueFrom: answer!.id })).toFailWith('answer.being_written')
  expect(await alice.call('turns.start', { id: conversationId, continueFrom: question!.id })).toFailWith('message.not_found')
  expect(await alice.call('turns.start', { id: conversationId, continueFrom: answer!.id, text: 'both' })).toFailWith('request.invalid')
  await alice.get('turns.stop', { id: turnId })
})

test('two models answer one question at once, each in a sibling', async () => {
  await allEvents(await startTurn(alice, conversationId, { text: 'which is better?' }))
  const [question] = await messagesOf(alice, conversationId)
  const { models } = await alice.get('models.list', { workspaceId: alice.workspaceId })
  const [one, other] = models.filter(({ provider: by, kind }) => by === 'openai' && kind === 'chat')
  const restore = provider.script({ tokens: 20, delayMs: 10 })

  const started = await Promise.all(
    [one!, other!].map((model) => alice.get('turns.start', { id: conversationId, tryAgain: question!.id, modelId: model.id })),
  )

  expect(started.map(({ state }) => state)).toEqual(['running', 'running'])
  await Promise.all(started.map(async ({ turnId }) => allEvents(await followTurn(alice, turnId))))
  restore()
  const answer = (await messagesOf(alice, conversationId))[1]!
  expect(answer.siblingIds).toHaveLength(3)
  expect(new Set(provider.requests.slice(-2).map(({ body }) => (body as { model: string }).model)).size).toBe(2)
})
