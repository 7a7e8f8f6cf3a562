import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { toMessages, toUsageStats } from '../../src/bindings/from-contract.ts'
import type { Conversation } from '../../src/contract/conversations.ts'
import type { Message } from '../../src/contract/messages.ts'
import type { Model } from '../../src/contract/models.ts'
import type { UsageRow } from '../../src/contract/usage.ts'
import { type ProviderServer, startProviderServer } from '../support/provider-server/index.ts'
import { type Person, startTestApp, type TestApp } from '../support/test-app.ts'

/**
 * What the reference models keep of a conversation, its messages, the calls that made them and what they cost: each of it is asked for here by the
 * name that carries it. One answer with reasoning and a tool call is made once; the tests look at it from their sides.
 */

let provider: ProviderServer
let app: TestApp
let ada: Person
let model: Model
let connectionId: string
let conversation: Conversation
let question: Message
let answer: Message
let rows: UsageRow[]

const price = { inputPer1k: '1000', outputPer1k: '10000', reasoningPer1k: '20000', cacheReadPer1k: '100', cacheWritePer1k: null }
const settings = { systemPrompt: 'Be brief.', temperature: 0.3, maxTokens: 700, topP: 0.8, frequencyPenalty: 0.5, presencePenalty: -0.5 }

/** Sends a message or tries one again, and waits for its turn's end. */
async function ask(input: { text: string } | { tryAgain: string }, id: string = conversation.id): Promise<void> {
  const body = JSON.stringify(input)
  const response = await ada.fetch(`/api/conversations/${id}/turns`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body,
  })
  expect(await response.text()).toContain('event: turn-ended')
}

const path = async (id: string = conversation.id) => (await ada.get('conversations.messages', { id })).messages

beforeAll(async () => {
  provider = await startProviderServer()
  app = await startTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })
  const admin = await app.admin()
  ;[ada] = await app.people('ada')
  const { workspaceId } = ada
  const baseUrl = provider.baseUrl('compatible')
  connectionId = (await ada.get('connections.create', { workspaceId, provider: 'openai-compatible', apiKey: 'sk-first-1111', baseUrl })).id
  model = (await ada.get('models.list', { workspaceId })).models.find(({ internalName }) => internalName === 'deepseek-chat')!
  await admin.get('models.override', { id: model.id, price })
  await ada.get('workspaces.updateSettings', { workspaceId, defaultModelId: model.id, ...settings })

  provider.script({
    reasoning: 'Six times seven is a multiplication.',
    toolRounds: [
      [
        { name: 'calculate', arguments: { expression: '6 * 7' } },
        { name: 'calculate', arguments: { expression: '6 *' } },
      ],
    ],
    text: 'It is **42**.',
    usage: { input: 1000, output: 300, reasoning: 100, cacheRead: 400 },
  })
  conversation = await ada.get('conversations.create', { workspaceId })
  await ask({ text: 'What is 6 × 7?' })
  ;[question, answer] = (await path()) as [Message, Message]
  conversation = await ada.get('conversations.get', { id: conversation.id })
  rows = (await ada.get('usage.list', { workspaceId })).rows
}, 60_000)

afterAll(async () => {
  await app?.[Symbol.asyncDispose]()
  await provider?.close()
})

describe('a conversation', () => {
  test('belongs to its owner and workspace, came from the web, has a title, a preview and its times', () => {
    expect(conversation).toMatchObject({ workspaceId: ada.workspaceId, source: 'web', title: 'What is 6 × 7?' })
    expect(conversation.lastMessagePreview).toEqual(expect.stringContaining('42'))
    expect(Date.parse(conversation.updatedAt)).toBeGreaterThan(Date.parse(conversation.createdAt))
  })

  test('is nobody else’s', async () => {
    const [grace] = await app.people('grace')
    expect(await grace.call('conversations.get', { id: conversation.id })).toFailWith('conversation.not_found')
    expect(await grace.call('turns.start', { id: conversation.id, text: 'Hello' })).toFailWith('conversation.not_found')
  })

  test('is listed newest first, leaves the list when it is deleted, and comes back whole', async () => {
    const other = await ada.get('conversations.create', { workspaceId: ada.workspaceId, title: 'Other' })
    const listed = async () => (await ada.get('conversations.list', { workspaceId: ada.workspaceId })).conversations.map(({ id }) => id)
    expect(await listed()).toEqual([other.id, conversation.id])

    await ada.get('conversations.delete', { id: conversation.id })
    expect(await listed()).toEqual([other.id])
    expect(await ada.call('conversations.get', { id: conversation.id })).toFailWith('conversation.not_found')
    await ada.get('conversations.restore', { id: conversation.id })
    expect(await path()).toEqual([question, answer])
    expect(await listed()).toContain(conversation.id)
  })
})

describe('messages', () => {
  test('have a conversation, a role, an author, text, a number and a time', async () => {
    expect(question).toMatchObject({ conversationId: conversation.id, role: 'user', authorName: 'ada', serial: 1, answer: null })
    expect(question.parts).toEqual([{ type: 'text', step: 0, text: 'What is 6 × 7?' }])
    expect(answer).toMatchObject({ conversationId: conversation.id, parentId: question.id, role: 'assistant', serial: 2 })
    expect(answer.parts.filter(({ type }) => type === 'text')).toEqual([{ type: 'text', step: 2, text: 'It is **42**.' }])
    expect(Math.abs(Date.now() - Date.parse(question.createdAt))).toBeLessThan(60_000)

    const stored = await app.deps.db
      .selectFrom('message')
      .select(['id', 'author_id'])
      .where('conversation_id', '=', conversation.id)
      .execute()
    expect(stored.find(({ id }) => id === question.id)!.author_id).toBe(ada.id)
  })

  test('keep what the model thought, and for how long', () => {
    const reasoning = answer.parts.filter((part) => part.type === 'reasoning')
    expect(reasoning.map(({ text }) => text)).toEqual(Array(2).fill('Six times seven is a multiplication.'))
    expect(reasoning.every(({ durationMs }) => durationMs !== null && durationMs >= 0)).toBe(true)
  })

  test('keep each tool call with its result, or what went wrong in words', async () => {
    const calls = answer.parts.filter((part) => part.type === 'tool-call')
    expect(calls).toMatchObject([
      { toolName: 'calculate', arguments: { expression: '6 * 7' }, state: 'completed', result: expect.stringContaining('42') },
      { toolName: 'calculate', arguments: { expression: '6 *' }, state: 'failed', result: expect.stringMatching(/[a-z]{3}/) },
    ])
    const stored = await app.deps.db
      .selectFrom('tool_call')
      .selectAll()
      .where('turn_id', '=', answer.answer!.turnId)
      .orderBy('id')
      .execute()
    expect(stored.map(({ call_id, state, result }) => [call_id, state, result])).toEqual(
      calls.map((call) => [call.callId, call.state, call.result]),
    )
  })

  test('say how the answer came about: model, provider, key, tokens, cost, time', async () => {
    // Each call: 600 fresh input tokens, 400 cached ones, 200 tokens of text and 100 of reasoning.
    expect(answer.answer).toMatchObject({
      state: 'completed',
      modelId: model.id,
      modelName: model.name,
      provider: 'openai-compatible',
      keyOrigin: 'user',
      error: null,
      tokens: { input: 2000, output: 600, reasoning: 200, cacheRead: 800, cacheWrite: 0 },
      costNanoUsd: String(2 * (600 + 40 + 2000 + 2000)),
      latencyMs: expect.any(Number),
    })
    const turn = await app.deps.db.selectFrom('turn').selectAll().where('id', '=', answer.answer!.turnId).executeTakeFirstOrThrow()
    expect(turn).toMatchObject({ user_message_id: question.id, answer_message_id: answer.id, actor_id: ada.id, state: 'completed' })
    expect((await ada.get('turns.get', { id: turn.id as never })).finishedAt).toBe(turn.finished_at!.toISOString())
  })

  test('as the published bindings: the question, the answer, a message for each tool result', () => {
    const [asked, answered, product, failure] = [question, answer].flatMap(toMessages)
    expect(asked).toMatchObject({ chat_id: conversation.id, role: 'user', content: 'What is 6 × 7?' })
    expect(answered).toMatchObject({
      role: 'assistant',
      content: 'It is **42**.',
      metadata: { total_tokens: 2600, provider: 'openai-compatible' },
    })
    expect(product).toMatchObject({ role: 'tool', content: expect.stringContaining('42'), assistant_message_id: answer.id })
    expect(failure!.id).not.toBe(product!.id)
  })
})

describe('tasks', () => {
  test('are one for each call, each with its counts and the settings it ran with', async () => {
    const tasks = await app.deps.db.selectFrom('task').selectAll().where('turn_id', '=', answer.answer!.turnId).orderBy('step').execute()
    expect(
      tasks.map(({ step, attempt, status, input_tokens, output_tokens }) => [step, attempt, status, input_tokens, output_tokens]),
    ).toEqual([
      [1, 1, 'completed', 1000, 300],
      [2, 1, 'completed', 1000, 300],
    ])
    const snapshot = await app.deps.db
      .selectFrom('settings_snapshot')
      .selectAll()
      .where('id', '=', tasks[0]!.settings_id)
      .executeTakeFirstOrThrow()
    expect(tasks[1]!.settings_id).toBe(snapshot.id)
    expect(snapshot).toMatchObject({
      provider: 'openai-compatible',
      model_id: model.id,
      model_name: model.name,
      connection_id: connectionId,
    })
    expect(snapshot.system_prompt).toBe('Be brief.')
    const { systemPrompt: _, ...parameters } = settings
    expect(snapshot.settings).toMatchObject({ parameters, tools: expect.arrayContaining(['calculate']) })
  })

  test('refer to what they were asked', async () => {
    const tasks = await app.deps.db.selectFrom('task').select('prompt').where('turn_id', '=', answer.answer!.turnId).execute()
    expect(tasks.map(({ prompt }) => prompt.leafMessageId)).toEqual([question.id, question.id])
  })

  test('that fail keep the reason, and the answer says it', async () => {
    const failing = await ada.get('conversations.create', { workspaceId: ada.workspaceId })
    const undo = provider.script({ fault: 'bad-request' })
    await ask({ text: 'Hello' }, failing.id)
    undo()
    const failed = (await path(failing.id))[1]!
    expect(failed.answer).toMatchObject({ state: 'failed', error: { code: 'provider.rejected' } })
    const task = await app.deps.db
      .selectFrom('task')
      .select(['status', 'error'])
      .where('turn_id', '=', failed.answer!.turnId)
      .executeTakeFirstOrThrow()
    expect(task).toMatchObject({ status: 'failed', error: { code: 'provider.rejected' } })
  })
})

describe('the ledger', () => {
  test('has a row for each call: who, why, model, provider, tokens, cost, when', async () => {
    expect(rows).toHaveLength(2)
    for (const row of rows) {
      expect(row).toMatchObject({
        type: 'user',
        purpose: 'answer',
        userName: 'ada',
        modelName: model.name,
        provider: 'openai-compatible',
        tokens: { input: 1000, output: 300, reasoning: 100, cacheRead: 400, cacheWrite: 0 },
        costNanoUsd: '4640',
        isEstimated: false,
      })
      expect(Math.abs(Date.now() - Date.parse(row.createdAt))).toBeLessThan(60_000)
    }
    const stored = await app.deps.db.selectFrom('usage').selectAll().where('message_id', '=', answer.id).execute()
    const tasks = await app.deps.db.selectFrom('task').select('id').where('turn_id', '=', answer.answer!.turnId).execute()
    expect(new Set(stored.map(({ task_id }) => task_id))).toEqual(new Set(tasks.map(({ id }) => id)))
    expect(stored.every((row) => row.principal_id === ada.id && row.model_id === model.id && row.connection_id === connectionId)).toBe(true)
  })

  test('sums them up, and as the published bindings they are dollars', async () => {
    const { total } = await ada.get('usage.list', { workspaceId: ada.workspaceId })
    expect(total.tokens).toBeGreaterThanOrEqual(2600)
    expect(toUsageStats(ada.workspaceId, rows[0]!)).toMatchObject({
      input_tokens: 1000,
      output_tokens: 300,
      total_tokens: 1300,
      cost: 0.00000464,
    })
  })

  test('counts against the budget before the call and after it, and a used-up budget refuses', async () => {
    const { workspaceId } = ada
    await ada.get('workspaces.setBudget', { workspaceId, limitNanoUsd: '100000000' })
    const limited = await ada.get('conversations.create', { workspaceId })
    await app.deps.db.updateTable('budget').set({ covers_own_keys: true }).where('workspace_id', '=', workspaceId).execute()
    await ask({ text: 'What is 6 × 7?' }, limited.id)
    expect((await ada.get('workspaces.getBudget', { workspaceId })).budget).toMatchObject({ spentNanoUsd: '9280', reservedNanoUsd: '0' })

    await ada.get('workspaces.setBudget', { workspaceId, limitNanoUsd: '9281' })
    expect(await ada.call('turns.start', { id: limited.id, text: 'And 7 × 8?' })).toFailWith('budget.exhausted')
    await ada.get('workspaces.setBudget', { workspaceId, limitNanoUsd: null })
  })
})

describe('what is sent to the provider', () => {
  test('carries the settings of the workspace', () => {
    const [first] = provider.requests.filter(({ asked }) => asked?.text === 'What is 6 × 7?')
    expect(first!.body).toMatchObject({ temperature: 0.3, max_tokens: 700, top_p: 0.8, frequency_penalty: 0.5, presence_penalty: -0.5 })
    expect(first!.body.messages).toMatchObject([{ role: 'system', content: 'Be brief.' }, { role: 'user' }])
  })

  test('leaves out what nobody set, unless the model has a default of its own', async () => {
    const { workspaceId } = ada
    const none = { systemPrompt: null, temperature: null, maxTokens: null, topP: null, frequencyPenalty: null, presencePenalty: null }
    await ada.get('workspaces.updateSettings', { workspaceId, ...none })
    const admin = await app.admin()
    const defaults = await admin.fetch(`/api/models/${model.id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ defaultParameters: { topP: 0.7 } }),
    })
    expect(defaults.status).toBe(200)
    const plain = await ada.get('conversations.create', { workspaceId })
    await ask({ text: 'Plainly' }, plain.id)
    const { body } = provider.requests.find(({ asked }) => asked?.text === 'Plainly')!
    expect(body).toMatchObject({ top_p: 0.7 })
    for (const name of ['temperature', 'max_tokens', 'frequency_penalty', 'presence_penalty']) expect(body).not.toHaveProperty(name)
    expect(body.messages).toMatchObject([{ role: 'user' }])
    await ada.get('workspaces.updateSettings', { workspaceId, ...settings })
  })

  test('goes by the key that the conversation chose, and the answer remembers it', async () => {
    const { workspaceId } = ada
    const baseUrl = provider.baseUrl('compatible')
    const second = await ada.get('connections.create', {
      workspaceId,
      provider: 'openai-compatible',
      apiKey: 'sk-second-2222',
      baseUrl,
      isDefault: false,
    })
    const own = (await ada.get('models.list', { workspaceId })).models.find(
      (one) => one.connectionId === second.id && one.internalName === 'deepseek-chat',
    )!
    const chosen = await ada.get('conversations.create', { workspaceId, modelId: own.id })
    expect(await ada.get('conversations.update', { id: chosen.id, connectionId: second.id })).toMatchObject({ connectionId: second.id })
    await ask({ text: 'Who pays?' }, chosen.id)

    expect(provider.requests.find(({ asked }) => asked?.text === 'Who pays?')).toMatchObject({ apiKey: 'sk-second-2222' })
    const { turnId, keyOrigin } = (await path(chosen.id))[1]!.answer!
    expect(keyOrigin).toBe('conversation')
    const { connection_id } = await app.deps.db
      .selectFrom('task')
      .innerJoin('settings_snapshot', 'settings_snapshot.id', 'task.settings_id')
      .select('settings_snapshot.connection_id')
      .where('task.turn_id', '=', turnId)
      .executeTakeFirstOrThrow()
    expect(connection_id).toBe(second.id)
  })
})

test('trying again opens a branch beside the first answer, and either can be shown', async () => {
  const branched = await ada.get('conversations.create', { workspaceId: ada.workspaceId })
  await ask({ text: 'Once' }, branched.id)
  const [asked, first] = (await path(branched.id)) as [Message, Message]
  await ask({ tryAgain: asked.id }, branched.id)
  const [, second] = (await path(branched.id)) as [Message, Message]

  expect(second.siblingIds).toEqual([first.id, second.id])
  expect([asked.serial, first.serial, second.serial]).toEqual([1, 2, 3])
  const stored = await app.deps.db.selectFrom('message').select(['id', 'branch_id']).where('conversation_id', '=', branched.id).execute()
  const branchOf = (message: Message) => stored.find(({ id }) => id === message.id)!.branch_id
  expect(branchOf(first)).toBe(branchOf(asked))
  expect(branchOf(second)).not.toBe(branchOf(first))

  await ada.get('conversations.switchBranch', { id: branched.id, messageId: first.id })
  expect((await path(branched.id)).map(({ id }) => id)).toEqual([asked.id, first.id])
})
