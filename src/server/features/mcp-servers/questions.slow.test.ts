import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeAskingServer } from '../../../../test/support/mcp-server/asking.ts'
import { type HttpMcpServer, startHttpMcpServer, stdioServer } from '../../../../test/support/mcp-server/index.ts'
import { type SignInServer, startSignInServer } from '../../../../test/support/mcp-server/sign-in-server.ts'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Client, type Person, useTestApp } from '../../../../test/support/test-app.ts'
import { conversationWith, eventually, messagesOf, scripted, startTurn } from '../../../../test/support/turn-client.ts'
import type { ToolCallPart } from '../../../contract/messages.ts'
import type { ToolQuestion } from '../../../contract/tool-questions.ts'

const provider: ProviderServer = await startProviderServer({ port: 0 })
afterAll(() => provider.close())
const shared = useTestApp({
  env: { OPENAI_API_KEY: 'sk-test-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), EGRESS_ALLOW: '127.0.0.1' },
})

let http: HttpMcpServer
let signIn: SignInServer
const orders: unknown[] = []
beforeAll(async () => {
  http = await startHttpMcpServer(() => makeAskingServer({ onOrder: (values) => orders.push(values) }))
  signIn = await startSignInServer()
  await shared.current.app.listing?.firstRound
})
afterAll(async () => {
  await http[Symbol.asyncDispose]()
  await signIn[Symbol.asyncDispose]()
})

async function withServer(person: Person, how: 'http' | 'stdio', sampling: 'deny' | 'ask' | 'allow' = 'deny') {
  const { id, slug } = await person.get('mcpServers.create', {
    workspaceId: person.workspaceId,
    name: 'Bakery',
    ...(how === 'http' ? { transport: 'http', url: http.url } : { transport: 'stdio', ...stdioServer('asking') }),
  })
  await person.get('mcpServers.update', { id, sampling })
  const { protocol } = await person.get('mcpServers.test', { id })
  expect(protocol).toBe(how === 'http' ? '2026-07-28' : '2025-11-25')
  const tools = await person.get('mcpServers.listTools', { id })
  await person.get('mcpServers.setPermissions', { id, toolIds: tools.map((tool) => tool.id), permission: 'allow' })
  return { id, slug }
}

/** A call by a model that goes on for as long as it asks. */
async function called(person: Person, name: string, { conversationId, by = person }: { conversationId?: string; by?: Client } = {}) {
  const id = conversationId ?? (await conversationWith(person, 'gpt-4o'))
  const response = await startTurn(by, id, { text: scripted({ toolRounds: [[{ name, arguments: {} }]], text: 'done' }) })
  const turnId = response.headers.get('x-turn-id')!
  void response.body?.cancel()
  const part = async () => (await messagesOf(person, id)).at(-1)!.parts[0] as ToolCallPart | undefined
  return {
    turnId,
    conversationId: id,
    part,
    asked: async (count = 1): Promise<ToolQuestion[]> =>
      (await eventually(part, (one) => (one?.questions ?? []).filter(({ state }) => state === 'asked').length >= count))!.questions!,
    ended: () => eventually(part, (one) => one !== undefined && one.state !== 'running'),
  }
}

const someone = async (how: 'http' | 'stdio') => (how === 'stdio' ? shared.current.admin() : (await shared.current.people('alice'))[0])

describe.each(['http', 'stdio'] as const)('a server over %s', (how) => {
  test('asks in the middle of a call, and goes on with what the person fills in', async () => {
    const person = await someone(how)
    const { slug } = await withServer(person, how)
    const call = await called(person, `${slug}__order`)
    const [question] = await call.asked()
    expect(question!.body).toMatchObject({ kind: 'form', source: 'Bakery', message: 'Which cake shall it be?' })
    expect(question!.body.kind === 'form' && question!.body.fields).toMatchObject([
      { name: 'name', type: 'text', title: 'Name on the cake', isRequired: true, minLength: 2 },
      { name: 'mail', type: 'text', format: 'email', isRequired: false },
      { name: 'candles', type: 'number', isWhole: true, minimum: 1, maximum: 99, default: 3 },
      { name: 'isGift', type: 'boolean', default: true },
      { name: 'size', type: 'choice', default: 'm', options: [{ value: 's' }, { value: 'm' }, { value: 'l' }] },
      { name: 'toppings', type: 'choices', minItems: 1 },
    ])
    const { id } = question!
    const bad = { name: 'J', mail: 'nowhere', candles: 3.5, size: 'xl', toppings: [], more: 1 }
    expect(await person.call('toolQuestions.answer', { id, action: 'accept', values: bad })).toFailWith('request.invalid')
    const values = { name: 'Jo', candles: 7, isGift: false, size: 'l', toppings: ['nuts'] }
    expect(await person.get('toolQuestions.answer', { id, action: 'accept', values })).toMatchObject({ state: 'accepted' })
    const part = await call.ended()
    expect(part).toMatchObject({ state: 'completed', result: expect.stringContaining('"candles":7'), questions: [{ state: 'accepted' }] })
    if (how === 'http') expect(part!.result).toContain('asked-for-the-cake')
    // Answered once, and too late.
    expect(await person.call('toolQuestions.answer', { id, action: 'decline' })).toFailWith('tool-question.answered')
    // What was filled in is the tool's alone: no message has it but by the tool's own words, and the row has it sealed.
    expect(JSON.stringify(part!.questions)).not.toContain('Jo')
    const row = await shared.current.deps.db.selectFrom('tool_question').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    expect(row.sealed_answer!.toString('latin1')).not.toContain('nuts')
  })

  test('is told that the person declines, and what is asked twice at once is answered each by itself', async () => {
    const person = await someone(how)
    const { slug } = await withServer(person, how)
    const declined = await called(person, `${slug}__order`)
    const [question] = await declined.asked()
    await person.get('toolQuestions.answer', { id: question!.id, action: 'decline' })
    expect(await declined.ended()).toMatchObject({ state: 'completed', result: 'No cake: decline.' })

    const twice = await called(person, `${slug}__twice`)
    const [one, two] = await twice.asked(how === 'http' ? 2 : 1)
    if (how === 'http') await person.get('toolQuestions.answer', { id: two!.id, action: 'accept', values: { word: 'second' } })
    await person.get('toolQuestions.answer', { id: one!.id, action: 'accept', values: { word: 'first' } })
    if (how === 'stdio') {
      const open = await eventually(twice.part, (part) => part?.questions?.length === 2 && part.questions[1]!.state === 'asked')
      await person.get('toolQuestions.answer', { id: open!.questions![1]!.id, action: 'accept', values: { word: 'second' } })
    }
    expect(await twice.ended()).toMatchObject({ result: 'first and second' })
  })

  test('has an address opened only with the whole host before the person’s eyes', async () => {
    const person = await someone(how)
    const { slug } = await withServer(person, how)
    const call = await called(person, `${slug}__visit`)
    const [question] = await call.asked()
    expect(question!.body).toMatchObject({ kind: 'url', host: 'pay.shop.example', url: 'https://pay.shop.example/order/7' })
    await person.get('toolQuestions.answer', { id: question!.id, action: 'accept' })
    expect(await call.ended()).toMatchObject({ result: 'paid: accept' })
  })

  test('asks the model only where the workspace lets it', async () => {
    const person = await someone(how)
    const { id, slug } = await withServer(person, how)
    const denied = await called(person, `${slug}__think`)
    expect(await denied.ended()).toMatchObject({ state: 'failed' })

    await person.get('mcpServers.update', { id, sampling: 'ask' })
    const call = await called(person, `${slug}__think`)
    const [question] = await call.asked()
    expect(question!.body).toMatchObject({ kind: 'sampling', text: 'You name cakes.\n\nName this cake.', maxTokens: 4_096, answer: null })
    await person.get('toolQuestions.answer', { id: question!.id, action: 'accept' })
    const part = await call.ended()
    expect(part).toMatchObject({ state: 'completed', result: expect.stringMatching(/^the model said: .+/) })
    const body = part!.questions![0]!.body
    expect(body.kind === 'sampling' && body.answer && part!.result!.includes(body.answer)).toBeTruthy()
    const rows = await shared.current.deps.db
      .selectFrom('usage')
      .select(['purpose', 'principal_id', 'conversation_id'])
      .where('conversation_id', '=', call.conversationId)
      .where('purpose', '=', 'tool')
      .execute()
    expect(rows).toEqual([{ purpose: 'tool', principal_id: person.id, conversation_id: call.conversationId }])

    await person.get('mcpServers.update', { id, sampling: 'allow' })
    const allowed = await called(person, `${slug}__think`)
    expect(await allowed.ended()).toMatchObject({ state: 'completed', questions: [{ state: 'accepted', body: { kind: 'sampling' } }] })
  })
})

test('an address that a server refuses without is opened, and the call made once more', async () => {
  const admin = await shared.current.admin()
  const { slug } = await withServer(admin, 'stdio')
  const call = await called(admin, `${slug}__needs-visit`)
  const [question] = await call.asked()
  expect(question!.body).toMatchObject({ kind: 'url', host: 'forms.shop.example' })
  await admin.get('toolQuestions.answer', { id: question!.id, action: 'accept' })
  expect(await call.ended()).toMatchObject({ state: 'completed', result: 'now it works' })
})

test('a stranger answers nothing, and nothing is answered after the end', async () => {
  const [alice, bob] = await shared.current.people('alice', 'bob')
  const { slug } = await withServer(alice, 'http')
  const call = await called(alice, `${slug}__order`)
  const [question] = await call.asked()
  const { id } = question!
  expect(await bob.call('toolQuestions.answer', { id, action: 'cancel' })).toFailWith('tool-question.not_found')
  await alice.get('turns.stop', { id: call.turnId })
  await eventually(
    () => alice.get('turns.get', { id: call.turnId }),
    ({ state }) => state === 'stopped',
  )
  const late = await alice.call('toolQuestions.answer', { id, action: 'accept', values: { name: 'Jo', candles: 1 } })
  expect(late).toFailWith('tool-question.answered')
  expect(orders).not.toContainEqual({ name: 'Jo', candles: 1 })
})

test('who asks by a key is asked nothing', async () => {
  const [alice] = await shared.current.people('alice')
  const { slug } = await withServer(alice, 'http')
  const conversationId = await conversationWith(alice, 'gpt-4o')
  const { secret } = await alice.get('people.createApiKey', { name: 'a program' })
  const call = await called(alice, `${slug}__order`, { conversationId, by: shared.current.withKey(secret) })
  expect(await call.ended()).toMatchObject({ state: 'completed', result: 'No cake: decline.' })
})

test('a call that lacks the person’s sign-in waits for it, and goes on by itself', async () => {
  const [alice] = await shared.current.people('alice')
  const { id } = await alice.get('mcpServers.create', {
    workspaceId: alice.workspaceId,
    name: 'Signed',
    transport: 'http',
    url: signIn.url,
    credentials: 'oauth',
  })
  const connect = async () => {
    const { url } = await alice.get('mcpServers.authorize', { id })
    return alice.get('mcpServers.finishAuthorization', await signIn.signIn(url))
  }
  await connect()
  await alice.get('mcpServers.test', { id })
  const tools = await alice.get('mcpServers.listTools', { id })
  await alice.get('mcpServers.setPermissions', { id, toolIds: tools.map((tool) => tool.id), permission: 'allow' })
  await alice.get('mcpServers.deleteCredential', { id })

  const call = await called(alice, 'signed__process')
  const [question] = await call.asked()
  expect(question!.body).toEqual({ kind: 'connect', source: 'Signed', serverId: id, how: 'sign-in', scope: null })
  await connect()
  expect(await call.ended()).toMatchObject({ state: 'completed', questions: [{ state: 'accepted' }] })

  await alice.get('mcpServers.deleteCredential', { id })
  const without = await called(alice, 'signed__process')
  const [again] = await without.asked()
  await alice.get('toolQuestions.answer', { id: again!.id, action: 'decline' })
  expect(await without.ended()).toMatchObject({ state: 'failed', result: expect.stringContaining('own credentials') })
})

test('a permission is for the tool that was seen', async () => {
  const [alice] = await shared.current.people('alice')
  const { id } = await withServer(alice, 'http')
  const [tool] = await alice.get('mcpServers.listTools', { id })
  const given = { id, toolIds: [tool!.id], permission: 'deny' as const }
  expect(await alice.call('mcpServers.setPermissions', { ...given, hashes: ['of another'] })).toFailWith('mcp-tool.changed')
  expect(await alice.call('mcpServers.setPermissions', { ...given, hashes: [tool!.hash] })).toSucceed()
})
