import { once } from 'node:events'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { addHook, sendEvent } from '../../../../test/support/hook-client.ts'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { startReplyReceiver } from '../../../../test/support/reply-receiver.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { allEvents, eventually, followTurn, messagesOf, scripted, startTurn, textOf } from '../../../../test/support/turn-client.ts'
import type { Tool } from '../tools/index.ts'

const provider: ProviderServer = await startProviderServer({ port: 0 })
const receiver = await startReplyReceiver()
afterAll(async () => {
  await provider.close()
  await receiver[Symbol.asyncDispose]()
})
let runs = 0
const guarded: Tool = {
  name: 'guarded',
  description: 'What it may do is changed while turns run.',
  input: z.object({}),
  isRepeatable: false,
  permission: 'ask',
  timeoutMs: 5_000,
  run: async () => `it ran ${++runs} times`,
}
const longText = Array.from({ length: 10_000 }, (_, index) => `line ${index}`).join('\n')
const change: Tool = {
  ...guarded,
  name: 'change',
  permission: 'allow',
  run: async () => {
    guarded.permission = 'ask'
    return 'changed'
  },
}
const longAnswer: Tool = { ...change, name: 'long_answer', run: async () => longText }
const internal: Tool = { ...change, name: 'crm__delete_customer', isForMembers: true, run: async () => 'deleted' }
const endless: Tool = {
  ...change,
  name: 'endless',
  timeoutMs: 60_000,
  run: async (_, { signal }) => {
    await once(signal, 'abort')
    throw signal.reason
  },
}
const shared = useTestApp({
  tools: [guarded, change, longAnswer, internal, endless],
  env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), EGRESS_ALLOW: '127.0.0.1' },
})

let ada: Person
let modelId: string
beforeEach(async () => {
  runs = 0
  guarded.permission = 'ask'
  await shared.current.app.listing?.firstRound
  ;[ada] = await shared.current.people('ada')
  const { models } = await ada.get('models.list', { workspaceId: ada.workspaceId })
  modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
})

const calls = (...names: string[]) => scripted({ toolRounds: names.map((name) => [{ name, arguments: {} }]), text: 'It said: {{results}}' })
const make = (rest: object) =>
  ada.get('agents.create', { workspaceId: ada.workspaceId, name: 'Helper', modelId: modelId as never, visibility: 'workspace', ...rest })
const converse = (person: Person, rest: object) => person.get('conversations.create', { workspaceId: ada.workspaceId, ...rest })
const callsIn = async (person: Person, id: string) =>
  (await messagesOf(person, id)).at(-1)!.parts.flatMap((part) => (part.type === 'tool-call' ? [part] : []))
async function replyTo(session: string, text: string): Promise<string> {
  const hook = await addHook(ada, receiver.url, { modelId })
  await sendEvent(shared.current.url, hook, { session, message: { text } })
  const replies = await eventually(
    async () => receiver.taken.filter((reply) => reply.session === session),
    (taken) => taken.length > 0,
  )
  return replies[0]!.text
}
/** A turn that waits for a person. */
async function waiting(person: Person, id: string, text: string) {
  await startTurn(person, id, { text })
  const messages = await eventually(
    () => messagesOf(person, id),
    (found) => found.at(-1)?.answer?.state === 'waiting',
  )
  const { turnId } = messages.at(-1)!.answer!
  const { waitingFor } = await person.get('turns.get', { id: turnId })
  return { id: turnId, callId: waitingFor[0]!.callId }
}

test('a tool that begins to ask while a guest is answered is refused there: nobody could be asked', async () => {
  guarded.permission = 'allow'
  const reply = await replyTo('changing', calls('change', 'guarded'))
  expect(guarded.permission).toBe('ask')
  expect(reply).toContain('may not be used here')
  expect(runs).toBe(0)
})

test('who names a tool that is not there is told of those that they were offered, and no other', async () => {
  const reply = await replyTo('listing', calls('no_such_tool'))
  expect(reply).toContain('no_such_tool')
  expect(reply).not.toContain('crm__delete_customer')
})

test('what is forbidden while a turn waits for a person does not run, whatever the person says', async () => {
  const { id } = await converse(ada, { modelId })
  const asked = await waiting(ada, id, calls('guarded'))
  guarded.permission = 'deny'
  await ada.get('turns.decide', { ...asked, decision: 'allow' })
  await allEvents(await followTurn(ada, asked.id))
  expect(runs).toBe(0)
  expect(await callsIn(ada, id)).toEqual([expect.objectContaining({ state: 'denied', result: expect.stringContaining('may not be used') })])
})

test('"always for this agent" counts in other conversations with it, for the one who said so alone', async () => {
  const [bea] = await shared.current.people('bea')
  await shared.current.addMember(ada.workspaceId, bea, 'User')
  const agent = await make({ tools: ['guarded'] })
  const first = await converse(ada, { agentId: agent.id })
  const asked = await waiting(ada, first.id, calls('guarded'))
  await ada.get('turns.decide', { ...asked, decision: 'always-allow', scope: 'agent' })
  await allEvents(await followTurn(ada, asked.id))

  const other = await converse(ada, { agentId: agent.id })
  await allEvents(await startTurn(ada, other.id, { text: calls('guarded') }))
  expect(textOf((await messagesOf(ada, other.id)).at(-1))).toContain('it ran 2 times')
  expect(await ada.get('toolPermissions.list', { id: other.id })).toEqual([
    expect.objectContaining({ toolName: 'guarded', scope: 'agent', decision: 'allow' }),
  ])

  const without = await converse(ada, { modelId })
  await waiting(ada, without.id, calls('guarded'))
  const theirs = await converse(bea, { agentId: agent.id })
  await waiting(bea, theirs.id, calls('guarded'))
  expect(await bea.get('toolPermissions.list', { id: theirs.id })).toEqual([])
  const [kept] = await ada.get('toolPermissions.list', { id: first.id })
  expect(await bea.call('toolPermissions.revoke', { id: kept!.id })).toFailWith('tool-permission.not_found')
  expect(runs).toBe(2)

  const hook = await ada.get('installations.create', {
    workspaceId: ada.workspaceId,
    name: 'Desk',
    settings: { platform: 'webhook', replyUrl: receiver.url, verifiesEmail: false },
    agentId: agent.id,
  })
  const session = 'agent-for-guests'
  await sendEvent(
    shared.current.url,
    { installationId: hook.installation.id, secret: hook.secret! },
    { session, message: { text: calls('guarded') } },
  )
  const replies = await eventually(
    async () => receiver.taken.filter((reply) => reply.session === session),
    (taken) => taken.length > 0,
  )
  expect(replies[0]!.text).toContain('may not be used here')
  expect(runs).toBe(2)
})

test('the model of a fork reads on in a long result of what was copied, and that of another conversation does not', async () => {
  const { id } = await converse(ada, { modelId })
  await allEvents(await startTurn(ada, id, { text: calls('long_answer') }))
  const leaf = (await messagesOf(ada, id)).at(-1)!
  const fork = await ada.get('conversations.fork', { id, messageId: leaf.id })
  const [part] = await callsIn(ada, fork.id)
  const reads: string[] = []
  const restore = provider.script(({ toolResults }) => {
    reads.push(...toolResults)
    return { toolRounds: [[{ name: 'read_more', arguments: { result: part!.whole!.id, offset: 24_000 } }]], text: 'read' }
  })
  await allEvents(await startTurn(ada, fork.id, { text: 'and the rest?' }))
  expect(reads.at(-1)).toContain(longText.slice(24_000, 44_000))
  reads.length = 0
  const other = await converse(ada, { modelId })
  await allEvents(await startTurn(ada, other.id, { text: calls('long_answer') }))
  await allEvents(await startTurn(ada, other.id, { text: 'what is not here' }))
  restore()
  expect(reads.at(-1)).toContain('no such result')
})

test('what a key may not do, no tool does for it; what an agent is asked by its turn is its spending too', async () => {
  const { workspaceId } = ada
  await make({ name: 'Poet' })
  const asking = await make({ name: 'Editor', tools: ['ask_agent'] })
  const secret = await converse(ada, { modelId })
  await allEvents(await startTurn(ada, secret.id, { text: scripted({ text: 'The harbour code is heron.' }) }))
  // What was said is found a moment later.
  await eventually(
    () => ada.get('search.messages', { workspaceId, query: 'heron' }),
    ({ messages }) => messages.length > 0,
  )
  const question = scripted({ text: 'The sea.' })
  const using = (name: string, args: object) => scripted({ toolRounds: [[{ name, arguments: args as never }]], text: 'done' })
  const asks = using('ask_agent', { agent: 'Poet', question })
  const recalls = using('recall', { query: 'harbour' })
  async function withKey(key: string, place: object, text: string) {
    const { id } = await converse(ada, place)
    await shared.current.withKey(key).get('turns.start', { id, text })
    await eventually(
      () => messagesOf(ada, id),
      (messages) => messages.at(-1)?.answer?.state === 'completed',
    )
    return { id, call: (await callsIn(ada, id))[0]! }
  }

  const whole = await ada.get('people.createApiKey', { name: 'whole', workspaceId })
  expect((await withKey(whole.secret, { agentId: asking.id }, asks)).call.result).toBe('The sea.')
  expect((await withKey(whole.secret, { modelId }, recalls)).call.result).toContain('heron')
  const spent = await shared.current.deps.db
    .selectFrom('usage')
    .select('api_key_id')
    .where('principal_id', '=', ada.id)
    .where('purpose', '=', 'answer')
    .execute()
  expect(spent.filter((row) => row.api_key_id === whole.apiKey.id)).toHaveLength(5)
  expect(spent).toHaveLength(6)

  const narrow = await ada.get('people.createApiKey', { name: 'narrow', scopes: ['turn:create', 'model:use'], workspaceId })
  const asked = await withKey(narrow.secret, { agentId: asking.id }, asks)
  expect(asked.call.state).toBe('failed')
  expect(await ada.get('conversations.children', { id: asked.id })).toEqual([])
  const recalled = await withKey(narrow.secret, { modelId }, recalls)
  expect(recalled.call.state).toBe('failed')
  expect(JSON.stringify(recalled.call)).not.toContain('heron')
})

test('who stops a turn stops those whom its agents have asked, however deep', async () => {
  await make({ name: 'Worker', tools: ['endless'] })
  const asking = await make({ name: 'Editor', tools: ['ask_agent'] })
  const { id } = await converse(ada, { agentId: asking.id })
  const asks = (agent: string, question: string) =>
    scripted({ toolRounds: [[{ name: 'ask_agent', arguments: { agent, question } }]], text: 'done' })
  await startTurn(ada, id, { text: asks('Editor', asks('Worker', calls('endless'))) })
  const childOf = async (parent: string) => (await ada.get('conversations.children', { id: parent as never }))[0]
  const middle = await eventually(
    () => childOf(id),
    (child) => child !== undefined,
  )
  const last = await eventually(
    () => childOf(middle!.conversation.id),
    (child) => child !== undefined,
  )
  await eventually(
    () => messagesOf(ada, last!.conversation.id),
    (messages) => messages.at(-1)?.parts.some((part) => part.type === 'tool-call') ?? false,
  )
  const { turnId } = (await messagesOf(ada, id)).at(-1)!.answer!
  await ada.get('turns.stop', { id: turnId })
  for (const conversationId of [id, middle!.conversation.id, last!.conversation.id]) {
    await eventually(
      () => messagesOf(ada, conversationId),
      (messages) => messages.at(-1)?.answer?.state === 'stopped',
    )
  }
})

test('an agent is asked once it is written down that it was: who takes over finds the same child', async () => {
  await make({ name: 'Poet' })
  const asking = await make({ name: 'Editor', tools: ['ask_agent'] })
  const { id } = await converse(ada, { agentId: asking.id })
  const round = (word: string) => [
    { name: 'ask_agent', arguments: { agent: 'Poet', question: scripted({ text: word, firstDelayMs: 100 }) } },
  ]
  await allEvents(await startTurn(ada, id, { text: scripted({ toolRounds: ['a', 'b', 'c', 'd'].map(round), text: 'done' }) }))
  const { db } = shared.current.deps
  const { turnId } = (await messagesOf(ada, id)).at(-1)!.answer!
  const called = await db.selectFrom('tool_call').select('started_at').where('turn_id', '=', turnId).orderBy('step').execute()
  const begun = await db
    .selectFrom('conversation')
    .select('created_at')
    .where('owner_id', '=', ada.id)
    .where('id', '<>', id)
    .orderBy('created_at')
    .execute()
  expect(begun).toHaveLength(4)
  const waited = begun.map(({ created_at }, index) => created_at.getTime() - called[index]!.started_at!.getTime())
  expect(Math.min(...waited)).toBeGreaterThanOrEqual(0)
})

test('a guest is not offered to ask other agents, also where theirs names it', async () => {
  const agent = await make({ tools: ['ask_agent', 'calculate'] })
  const { installation, secret } = await ada.get('installations.create', {
    workspaceId: ada.workspaceId,
    name: 'Desk',
    settings: { platform: 'webhook', replyUrl: receiver.url, verifiesEmail: false },
    agentId: agent.id,
  })
  const offered: string[] = []
  const restore = provider.script(({ toolNames }) => {
    offered.push(...toolNames)
    return { text: 'welcome' }
  })
  await sendEvent(shared.current.url, { installationId: installation.id, secret: secret! }, { session: 'asking', message: { text: 'hi' } })
  await eventually(
    async () => receiver.taken.filter((reply) => reply.session === 'asking'),
    (taken) => taken.length > 0,
  )
  restore()
  expect(offered).toEqual(['calculate'])
})
