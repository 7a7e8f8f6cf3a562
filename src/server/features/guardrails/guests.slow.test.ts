import { afterAll, beforeEach, expect, test } from 'vitest'
import { attach } from '../../../../test/support/attach.ts'
import { addHook, sendEvent } from '../../../../test/support/hook-client.ts'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { startReplyReceiver } from '../../../../test/support/reply-receiver.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, conversationWith, eventually, messagesOf, scripted, startTurn } from '../../../../test/support/turn-client.ts'
import { addBotPage, admit, VisitClient } from '../../../../test/support/visit-client.ts'

const provider = await startProviderServer()
const receiver = await startReplyReceiver()
afterAll(async () => {
  await provider.close()
  await receiver[Symbol.asyncDispose]()
})
const shared = useTestApp({
  env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), EGRESS_ALLOW: '127.0.0.1' },
})

let alice: Person
beforeEach(async () => {
  provider.reset()
  await shared.current.app.listing?.firstRound
  ;[alice] = await shared.current.people('alice')
})

const modelOf = async (name: string) => {
  const { models } = await alice.get('models.list', { workspaceId: alice.workspaceId })
  return models.find(({ internalName }) => internalName === name)!.id
}
const guard = (rail: Omit<Parameters<typeof alice.get<'guardrails.create'>>[1], 'workspaceId' | 'name'>) =>
  alice.get('guardrails.create', { workspaceId: alice.workspaceId, name: 'A rule', ...rail })
const asked = () => provider.requests.filter((request) => request.asked).map(({ body }) => JSON.stringify(body))

test('a visitor is told in the words of the rule, and sees nothing of what is hidden', async () => {
  await guard({
    configuration: { kind: 'pattern', words: ['discount'] },
    places: ['input'],
    action: 'block',
    message: 'Please write to us about prices.',
  })
  await guard({ configuration: { kind: 'personal_data', finds: ['email'] }, places: ['input', 'output'], action: 'redact' })
  const { slug } = await addBotPage(alice)
  await using client = await VisitClient.open(shared.current.url, slug, await admit(shared.current.url, slug))
  await client.say('Any discount?')
  const [, refused] = await client.settled(2)
  expect(refused!.parts).toEqual([{ type: 'notice', text: 'Please write to us about prices.' }])
  expect(asked()).toEqual([])

  await client.say(scripted({ text: 'Write to boss@example.org about it', delayMs: 5 }, 'I am ada@example.org'))
  const shown = await client.settled(4)
  expect(shown.at(-1)!.parts).toContainEqual({ type: 'text', text: 'Write to [e-mail address] about it' })
  expect(JSON.stringify(client.heard.filter(({ type }) => type === 'text'))).not.toContain('boss@')
  expect(asked().join()).not.toContain('ada@example.org')
  expect((await alice.get('bots.listUnanswered', { pageId: (await alice.get('pages.list'))[0]!.id })).length).toBe(0)
})

test('a contact is answered in the words of the rule, the conversation stays with the model, and a judge is asked on the workspace’s key', async () => {
  const judge = { kind: 'judge' as const, modelId: await modelOf('gpt-4o-mini'), question: 'Is it about prices?' }
  await guard({ configuration: judge, places: ['input'], action: 'block', message: 'Please call us about prices.' })
  provider.script({ text: '{"answer": "yes", "reason": "It asks for one."}' }, { model: 'gpt-4o-mini' })
  const hook = await addHook(alice, receiver.url, { modelId: await modelOf('gpt-4o') })
  await sendEvent(shared.current.url, hook, { session: 'guarded', message: { text: 'What does it cost?' } })
  const [reply] = await eventually(
    async () => receiver.taken.filter(({ session }) => session === 'guarded'),
    (list) => list.length > 0,
  )
  expect(JSON.stringify(reply)).toContain('Please call us about prices.')
  expect((await alice.get('inbox.list', { workspaceId: alice.workspaceId }))[0]).toMatchObject({ handledBy: 'bot' })
  const { rows } = await alice.get('usage.list', { workspaceId: alice.workspaceId })
  expect(rows.map(({ type }) => type)).toEqual(['guardrail'])
})

test('what a file says is looked at like what a person writes, and hidden in later turns too', async () => {
  const { id } = await guard({ configuration: { kind: 'personal_data', finds: ['iban'] }, places: ['input'], action: 'redact' })
  const conversationId = await conversationWith(alice, 'gpt-4o')
  const { id: attachment } = await attach(alice, 'notes.txt', 'Pay to DE89 3704 0044 0532 0130 00 soon.', conversationId)
  await allEvents(await startTurn(alice, conversationId, { text: 'What is in it?', attachments: [attachment] }))
  await allEvents(await startTurn(alice, conversationId, { text: 'And what else?' }))
  expect(asked()).toHaveLength(2)
  for (const body of asked()) {
    expect(body).toContain('Pay to [IBAN] soon.')
    expect(body).not.toContain('3704')
  }

  await alice.get('guardrails.update', { id, action: 'block' })
  const other = await conversationWith(alice, 'gpt-4o')
  const { id: again } = await attach(alice, 'more.txt', 'Pay to DE89 3704 0044 0532 0130 00 soon.', other)
  await allEvents(await startTurn(alice, other, { text: 'What is in it?', attachments: [again] }))
  expect((await messagesOf(alice, other)).at(-1)!.parts).toMatchObject([{ type: 'notice', notice: { code: 'guardrail.input_blocked' } }])
  expect(asked()).toHaveLength(2)
  await allEvents(await startTurn(alice, other, { text: 'And now?' }))
  expect(asked()).toHaveLength(3)
  expect(asked()[2]).not.toMatch(/3704|more.txt/)
})
