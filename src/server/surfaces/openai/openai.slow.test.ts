import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import OpenAI, { APIError } from 'openai'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type ProviderServer, startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type Person, startTestApp, type TestApp } from '../../../../test/support/test-app.ts'

type Message = OpenAI.ChatCompletionMessageParam

let providers: ProviderServer
let app: TestApp
let alice: Person
let client: OpenAI
let key: string

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const weather: OpenAI.ChatCompletionTool = {
  type: 'function',
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
}

beforeAll(async () => {
  providers = await startProviderServer()
  app = await startTestApp({
    env: {
      OPENAI_API_KEY: 'sk-one',
      OPENAI_BASE_URL: providers.baseUrl('openai'),
      ANTHROPIC_API_KEY: 'sk-two',
      ANTHROPIC_BASE_URL: providers.baseUrl('anthropic'),
      GOOGLE_API_KEY: 'sk-three',
      GOOGLE_BASE_URL: providers.baseUrl('google'),
      XAI_API_KEY: 'sk-four',
      XAI_BASE_URL: providers.baseUrl('xai'),
      OPENAI_COMPATIBLE_BASE_URL: providers.baseUrl('compatible'),
      PROVIDER_TIMEOUT_SECONDS: '1',
      EGRESS_ALLOW: 'localhost',
    },
  })
  await app.app.listing!.firstRound
  ;[alice] = await app.people('alice')
  ;({ secret: key } = await alice.get('people.createApiKey', { name: 'test' }))
  client = new OpenAI({ baseURL: `${app.url}/v1`, apiKey: key, maxRetries: 0 })
})
afterEach(() => providers.reset())
afterAll(async () => {
  await app[Symbol.asyncDispose]()
  await providers.close()
})

async function clientOf(person: Person, scopes: ('*' | 'model:use' | 'turn:create' | 'usage:read')[] = ['*']): Promise<OpenAI> {
  const { secret } = await person.get('people.createApiKey', { name: 'test', scopes })
  return new OpenAI({ baseURL: `${app.url}/v1`, apiKey: secret, maxRetries: 0 })
}

const hello: Message[] = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: 'Hello' },
]

interface Reasoned {
  reasoning_content?: string
}

async function collect(stream: AsyncIterable<OpenAI.ChatCompletionChunk>) {
  const heard = {
    content: '',
    reasoning: '',
    calls: [] as { id: string; name: string; arguments: string }[],
    finish: '',
    usage: null as OpenAI.CompletionUsage | null,
    chunks: 0,
  }
  for await (const chunk of stream) {
    heard.chunks++
    heard.usage = chunk.usage ?? heard.usage
    const [choice] = chunk.choices
    if (!choice) continue
    heard.finish = choice.finish_reason ?? heard.finish
    heard.content += choice.delta.content ?? ''
    heard.reasoning += (choice.delta as Reasoned).reasoning_content ?? ''
    for (const { index, id, function: part } of choice.delta.tool_calls ?? []) {
      const call = (heard.calls[index] ??= { id: '', name: '', arguments: '' })
      call.id += id ?? ''
      call.name += part?.name ?? ''
      call.arguments += part?.arguments ?? ''
    }
  }
  return heard
}

async function refusal(work: Promise<unknown>): Promise<APIError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof APIError)) throw new Error(`no refusal of the API came, but ${String(error)}`)
  return error
}

const latestUsage = async (person: Person) => (await person.get('usage.list', { workspaceId: person.workspaceId })).rows[0]

describe.each([
  { provider: 'openai', model: 'gpt-4o' },
  { provider: 'anthropic', model: 'claude-sonnet-4-5' },
  { provider: 'google', model: 'gemini-2.5-pro' },
  { provider: 'xai', model: 'grok-4' },
  { provider: 'openai-compatible', model: 'deepseek-chat' },
])('a model of $provider', ({ provider, model }) => {
  const showsReasoning = provider !== 'openai' // its Chat Completions keep reasoning to themselves

  test('answers as a stream and as a whole, with usage', async () => {
    providers.script({ text: 'Hello to you', reasoning: 'They greet.', usage: { input: 30, output: 9, reasoning: 4, cacheRead: 10 } })
    const streamed = await collect(
      await client.chat.completions.create({ model, messages: hello, stream: true, stream_options: { include_usage: true } }),
    )
    const whole = await client.chat.completions.create({ model, messages: hello })

    expect(streamed).toMatchObject({ content: 'Hello to you', finish: 'stop', reasoning: showsReasoning ? 'They greet.' : '' })
    expect(streamed.chunks).toBeGreaterThan(4)
    expect(whole.choices[0]).toMatchObject({ finish_reason: 'stop', message: { role: 'assistant', content: 'Hello to you' } })
    expect((whole.choices[0]!.message as Reasoned).reasoning_content ?? '').toBe(streamed.reasoning)
    expect(whole.usage).toEqual(streamed.usage)
    expect(whole.usage).toMatchObject({ completion_tokens: 9, prompt_tokens_details: { cached_tokens: 10 } })
    expect(await latestUsage(alice)).toMatchObject({
      provider,
      purpose: 'answer',
      tokens: { input: whole.usage!.prompt_tokens, output: 9, cacheRead: 10 },
      isEstimated: false,
    })
  })

  test('passes tool calls on in pieces and takes their results', async () => {
    providers.script({
      toolRounds: [
        [
          { name: 'weather', arguments: { city: 'Vienna' } },
          { name: 'weather', arguments: { city: 'Graz' } },
        ],
      ],
      text: 'Results: {{results}}',
    })
    const asked = { model, messages: hello, tools: [weather] }
    const streamed = await collect(await client.chat.completions.create({ ...asked, stream: true }))
    const whole = await client.chat.completions.create(asked)

    expect(streamed.finish).toBe('tool_calls')
    expect(streamed.calls.map(({ name, arguments: json }) => [name, JSON.parse(json)])).toEqual([
      ['weather', { city: 'Vienna' }],
      ['weather', { city: 'Graz' }],
    ])
    const [choice] = whole.choices
    expect(choice).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } })
    const calls = choice!.message.tool_calls!
    const results: Message[] = calls.map(({ id }, index) => ({ role: 'tool', tool_call_id: id, content: index === 0 ? 'sunny' : 'rain' }))

    const answer = await client.chat.completions.create({ ...asked, messages: [...hello, choice!.message, ...results] })

    expect(answer.choices[0]!.message.content).toBe('Results: sunny | rain')
  })

  test('gets an image, wherever it comes from', async () => {
    const content = [
      { type: 'text' as const, text: 'What is it?' },
      { type: 'image_url' as const, image_url: { url: `data:image/png;base64,${pixel}` } },
    ]
    await client.chat.completions.create({ model, messages: [{ role: 'user', content }] })

    expect(JSON.stringify(providers.requests.at(-1)!.body)).toContain(pixel)
  })
})

test('the built-in model answers, and its calls cost nothing', async () => {
  const answer = await client.chat.completions.create({
    model: 'parley-offline',
    messages: [{ role: 'user', content: 'What is 6 times 7?' }],
  })

  expect(answer.choices[0]!.message.content).toContain('42')
  expect(await latestUsage(alice)).toMatchObject({ provider: 'built-in', costNanoUsd: '0' })
})

test('the official client lists models and finds one by either of its names', async () => {
  const names = (await client.models.list()).data.map(({ id }) => id)

  expect(names).toEqual(
    expect.arrayContaining(['gpt-4o', 'claude-sonnet-4-5', 'parley-offline', 'parley-embed-en', 'openai-compatible/test-tools']),
  )
  expect(new Set(names).size).toBe(names.length)
  expect(await client.models.retrieve('gpt-4o')).toMatchObject({ id: 'gpt-4o', object: 'model', owned_by: 'openai' })
  expect(await client.models.retrieve('openai/gpt-4o')).toMatchObject({ owned_by: 'openai' })
  expect(await refusal(client.models.retrieve('gpt-99'))).toMatchObject({ status: 404, code: 'model_not_found' })
})

test('another maker’s client understands the stream: text, reasoning, calls, usage', async () => {
  providers.script({ reasoning: 'Hm.', toolRounds: [[{ name: 'weather', arguments: { city: 'Linz' } }]] })
  const parley = createOpenAICompatible({ name: 'parley', baseURL: client.baseURL, apiKey: key, includeUsage: true })
  const { stream } = await parley.chatModel('deepseek-chat').doStream({
    prompt: [{ role: 'user', content: [{ type: 'text', text: 'Weather?' }] }],
    tools: [{ type: 'function', name: 'weather', inputSchema: { type: 'object', properties: {} } }],
  })
  const parts = await Array.fromAsync(stream)

  expect(
    parts
      .filter((part) => part.type === 'reasoning-delta')
      .map(({ delta }) => delta)
      .join(''),
  ).toBe('Hm.')
  expect(parts.find((part) => part.type === 'tool-call')).toMatchObject({ toolName: 'weather', input: '{"city":"Linz"}' })
  expect(parts.find((part) => part.type === 'finish')).toMatchObject({
    finishReason: { unified: 'tool-calls' },
    usage: { outputTokens: { total: expect.any(Number) } },
  })
})

test('every option arrives at the provider', async () => {
  const schema = { type: 'object', properties: { city: { type: 'string' } }, additionalProperties: false }
  await client.chat.completions.create({
    model: 'deepseek-chat',
    messages: [
      { role: 'developer', content: 'Speak plainly.' },
      { role: 'user', content: 'Hello' },
    ],
    temperature: 0.3,
    top_p: 0.5,
    max_completion_tokens: 77,
    stop: ['END'],
    seed: 5,
    frequency_penalty: 0.1,
    presence_penalty: 0.2,
    reasoning_effort: 'low',
    user: 'end-user-1',
    tools: [weather],
    tool_choice: { type: 'function', function: { name: 'weather' } },
    parallel_tool_calls: false,
    response_format: { type: 'json_schema', json_schema: { name: 'place', schema, strict: true } },
    metadata: { purpose: 'test' },
    n: 1,
    logprobs: false,
  })

  expect(providers.requests.at(-1)!.body).toMatchObject({
    messages: [
      { role: 'system', content: 'Speak plainly.' },
      { role: 'user', content: 'Hello' },
    ],
    temperature: 0.3,
    top_p: 0.5,
    max_tokens: 77,
    stop: ['END'],
    seed: 5,
    frequency_penalty: 0.1,
    presence_penalty: 0.2,
    reasoning_effort: 'low',
    user: 'end-user-1',
    tools: [{ type: 'function', function: { name: 'weather' } }],
    tool_choice: { type: 'function', function: { name: 'weather' } },
    parallel_tool_calls: false,
    response_format: { type: expect.stringMatching(/^json_/) },
  })
})

test.each(['gemini-2.5-pro', 'claude-sonnet-4-5', 'grok-4', 'deepseek-chat'])('%s hears a system message in the middle', async (model) => {
  const messages: Message[] = [
    ...hello,
    { role: 'assistant', content: 'Hi.' },
    { role: 'system', content: 'From now on in French.' },
    { role: 'user', content: 'How are you?' },
  ]
  await client.chat.completions.create({ model, messages })

  expect(JSON.stringify(providers.requests.at(-1)!.body)).toContain('From now on in French.')
})

test('nothing of the workspace is added to a caller’s context', async () => {
  await alice.get('workspaces.updateSettings', { workspaceId: alice.workspaceId, systemPrompt: 'Speak like a pirate.', temperature: 1.5 })
  await client.chat.completions.create({ model: 'deepseek-chat', messages: [{ role: 'user', content: 'Hello' }] })
  await alice.get('workspaces.updateSettings', { workspaceId: alice.workspaceId, systemPrompt: null, temperature: null })

  const { body } = providers.requests.at(-1)!
  expect(body).not.toHaveProperty('temperature')
  expect(body.messages).toEqual([{ role: 'user', content: 'Hello' }])
})

describe('what a caller got wrong is said in OpenAI’s shape', () => {
  const good = { model: 'deepseek-chat', messages: hello }
  test.each([
    ['an unknown model', { ...good, model: 'gpt-99' }, { status: 404, code: 'model_not_found', param: 'model' }],
    ['an embedding model', { ...good, model: 'parley-embed-en' }, { status: 404, code: 'model_not_found' }],
    ['no messages', { ...good, messages: [] }, { status: 400, param: 'messages' }],
    ['a wrong type', { ...good, messages: [{ role: 'user', content: 5 }] }, { status: 400, param: 'messages[0].content' }],
    ['an unknown role', { ...good, messages: [{ role: 'king', content: 'x' }] }, { status: 400, param: 'messages[0].role' }],
    ['two answers', { ...good, n: 2 }, { status: 400, param: 'n' }],
    ['a temperature out of range', { ...good, temperature: 3 }, { status: 400, param: 'temperature' }],
    [
      'a result of no call',
      { ...good, messages: [{ role: 'tool', tool_call_id: 'a', content: 'x' }] },
      { status: 400, param: 'messages[0].tool_call_id' },
    ],
    [
      'a picture that is none',
      { ...good, messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:text/html;base64,aGk=' } }] }] },
      { status: 400, param: 'messages[0].content[0].image_url.url' },
    ],
  ])('%s', async (_, body, expected) => {
    const error = await refusal(client.chat.completions.create(body as never))

    expect(error).toMatchObject({ ...expected, type: 'invalid_request_error' })
    expect(providers.callCount).toBe(0)
  })

  test('a body that is no JSON, one that is too large, a wrong method, an unknown address', async () => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const ask = async (path: string, init: RequestInit) => {
      const response = await fetch(`${app.url}/v1${path}`, { headers, ...init })
      return [response.status, ((await response.json()) as { error: { code: string } }).error.code]
    }

    expect(await ask('/chat/completions', { method: 'POST', body: '{"model":' })).toEqual([400, null])
    expect(await ask('/chat/completions', { method: 'POST', body: `{"model":"${'x'.repeat(33 * 1024 * 1024)}"}` })).toEqual([
      413,
      'request.too_large',
    ])
    expect(await ask('/chat/completions', { method: 'GET' })).toEqual([405, 'request.method_not_allowed'])
    expect(await ask('/completions', { method: 'POST', body: '{}' })).toEqual([404, 'unknown_url'])
  })
})

describe('who may call', () => {
  test('an unknown key', async () => {
    for (const apiKey of ['unknown', 'pk_unknown']) {
      const stranger = new OpenAI({ baseURL: client.baseURL, apiKey, maxRetries: 0 })
      expect(await refusal(stranger.models.list())).toMatchObject({ status: 401, code: 'invalid_api_key' })
    }
  })

  test('the scopes of a key', async () => {
    const narrow = await clientOf(alice, ['usage:read'])
    expect(await refusal(narrow.models.list())).toMatchObject({ status: 403, code: 'missing_scope' })
    expect(await refusal(narrow.chat.completions.create({ model: 'parley-offline', messages: hello }))).toMatchObject({ status: 403 })

    const enough = await clientOf(alice, ['model:use', 'turn:create'])
    await enough.chat.completions.create({ model: 'parley-offline', messages: hello })
    const kept = enough.chat.completions.create({ model: 'parley-offline', messages: hello, store: true })
    expect(await refusal(kept)).toMatchObject({ status: 403, code: 'missing_scope' })
  })

  test('a revoked key and a disabled person, also in the middle of an answer', async () => {
    const [bob] = await app.people('bob')
    const their = await clientOf(bob)
    const slow = { model: 'deepseek-chat', messages: [{ role: 'user' as const, content: '[[{"tokens":400,"delayMs":20}]]' }] }
    const stream = await their.chat.completions.create({ ...slow, stream: true })
    const reading = collect(stream)
    await vi.waitFor(() => expect(providers.callCount).toBe(1))
    const [key] = await bob.get('people.listApiKeys')
    await bob.get('people.revokeApiKey', { id: key!.id })

    expect((await reading).chunks).toBeLessThan(300)
    expect(await refusal(their.models.list())).toMatchObject({ status: 401, code: 'invalid_api_key' })

    const other = await clientOf(bob)
    await (await app.admin()).get('people.updateUser', { id: bob.id, status: 'disabled' })
    expect(await refusal(other.models.list())).toMatchObject({ status: 401, code: 'account_deactivated' })
  })
})

describe('what a provider does wrong', () => {
  const ask = (content: string) =>
    client.chat.completions.create({ model: 'deepseek-chat', messages: [{ role: 'user', content }], stream: true })

  test.each([
    ['auth', { status: 502, code: 'provider.auth' }],
    ['rate-limit', { status: 429, code: 'rate_limit_exceeded' }],
    ['quota', { status: 429, code: 'insufficient_quota' }],
    ['server-error', { status: 502, code: 'provider.unavailable' }],
    ['context', { status: 400, code: 'context_length_exceeded' }],
    ['bad-request', { status: 400, code: 'provider.rejected' }],
    ['hang', { status: 504, code: 'provider.timeout' }],
  ])('%s, before it says anything, is a status', async (fault, expected) => {
    expect(await refusal(ask(`[[{"fault":"${fault}","retryAfterSeconds":7}]]`))).toMatchObject(expected)
    expect(await latestUsage(alice)).toMatchObject({ tokens: { output: 0 } })
  })

  test('a limit says when to come back', async () => {
    const error = await refusal(ask('[[{"fault":"rate-limit","retryAfterSeconds":7}]]'))

    expect(error.headers?.get('retry-after')).toBe('7')
  })

  test.each(['cut', 'stream-error', 'stall'])('%s, in the middle, ends the stream with an error', async (fault) => {
    const seen: string[] = []
    const error = await refusal(
      (async () => {
        for await (const chunk of await ask(`[[{"text":"one two three four five","fault":"${fault}","after":3}]]`))
          seen.push(chunk.choices[0]?.delta.content ?? '')
      })(),
    )

    expect(seen.join('')).toMatch(/^one two/)
    expect(error).toMatchObject({ code: expect.stringMatching(/^provider\./), type: 'server_error' })
    expect(await latestUsage(alice)).toMatchObject({ isEstimated: true })
  })

  test('an answer that was withheld ends with that reason, and keeps what came', async () => {
    const heard = await collect(await ask('[[{"text":"Only this much","finish":"content-filter"}]]'))

    expect(heard).toMatchObject({ content: 'Only this much', finish: 'content_filter' })
  })

  test('an answer that ran into its limit says so', async () => {
    expect(await collect(await ask('[[{"text":"Only this much","finish":"length"}]]'))).toMatchObject({ finish: 'length' })
  })
})

test.each([true, false])('hanging up stops the model and is still counted (stream: %s)', async (stream) => {
  const hangUp = new AbortController()
  const before = (await latestUsage(alice))?.id
  const slow: Message = { role: 'user', content: '[[{"tokens":2000,"delayMs":10}]]' }
  const asked = client.chat.completions.create({ model: 'deepseek-chat', messages: [slow], stream }, { signal: hangUp.signal })
  const reading = (async () => {
    const answer = await asked
    if (Symbol.asyncIterator in answer) for await (const _ of answer) hangUp.abort()
  })()
  await vi.waitFor(() => expect(providers.callCount).toBe(1))
  if (!stream) hangUp.abort()

  await reading.catch(() => {})
  await vi.waitFor(() => expect(providers.requests.at(-1)!.wasCut).toBe(true))
  await vi.waitFor(async () => expect((await latestUsage(alice))?.id).not.toBe(before))
  const { tokens, isEstimated } = (await latestUsage(alice))!
  expect(isEstimated).toBe(true)
  expect(tokens.output).toBeLessThan(1000)
})

test('a used-up budget refuses in OpenAI’s words, which its client does not try again', async () => {
  const [carol] = await app.people('carol')
  const { secret } = await carol.get('people.createApiKey', { name: 'test' })
  const their = new OpenAI({ baseURL: client.baseURL, apiKey: secret, maxRetries: 2 })
  await carol.get('workspaces.setBudget', { workspaceId: carol.workspaceId, limitNanoUsd: '1000', period: 'month' })

  const error = await refusal(their.chat.completions.create({ model: 'gpt-4o', messages: hello }))

  expect(error).toMatchObject({ status: 429, code: 'insufficient_quota' })
  expect(providers.callCount).toBe(0)
  expect(await latestUsage(carol)).toBeUndefined()

  await carol.get('workspaces.setBudget', { workspaceId: carol.workspaceId, limitNanoUsd: '1000000000', period: 'month' })
  providers.script({ text: 'Yes', usage: { input: 1000, output: 100 } })
  await their.chat.completions.create({ model: 'gpt-4o', messages: hello })
  const { budget } = await carol.get('workspaces.getBudget', { workspaceId: carol.workspaceId })
  expect(budget).toMatchObject({ reservedNanoUsd: '0', spentNanoUsd: (await latestUsage(carol))!.costNanoUsd! })
  expect(BigInt(budget!.spentNanoUsd)).toBeGreaterThan(0n)
})

describe('images by address', () => {
  test('are fetched and passed on, unless the address is a private one', async () => {
    const images = createServer((request, response) => response.end(request.url === '/page' ? '<html>' : Buffer.from(pixel, 'base64')))
    await new Promise<void>((resolve) => images.listen(0, resolve))
    const url = `http://127.0.0.1:${(images.address() as AddressInfo).port}`
    const ask = (from: string, path: string) => {
      const content = [{ type: 'image_url' as const, image_url: { url: from + path } }]
      return client.chat.completions.create({ model: 'deepseek-chat', messages: [{ role: 'user', content }] })
    }

    expect(await refusal(ask(url, '/cat.png'))).toMatchObject({ status: 400, message: expect.stringContaining('may not call') })

    // EGRESS_ALLOW permits this name; the address behind it alone is not.
    const permitted = url.replace('127.0.0.1', 'localhost')
    await ask(permitted, '/cat.png')
    expect(JSON.stringify(providers.requests.at(-1)!.body)).toContain(pixel)
    expect(await refusal(ask(permitted, '/page'))).toMatchObject({ status: 400, message: expect.stringContaining('PNG') })
    images.close()
  })
})

describe('store: true', () => {
  test('keeps the messages as a conversation of the web app, tool calls included', async () => {
    const messages: Message[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi.' },
      { role: 'user', content: 'How is the weather in Vienna?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Vienna"}' } }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'sunny' },
    ]
    providers.script({ text: 'It is sunny.' })
    const { data, response } = await client.chat.completions
      .create({ model: 'deepseek-chat', messages, tools: [weather], store: true })
      .withResponse()
    const id = response.headers.get('x-conversation-id')!
    const conversation = await alice.get('conversations.get', { id })
    const kept = await alice.get('conversations.messages', { id })

    expect(data.choices[0]!.message.content).toBe('It is sunny.')
    expect(conversation).toMatchObject({ source: 'api', title: 'How is the weather in Vienna?', isAnswering: false })
    expect(kept.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user', 'assistant'])
    const answer = kept.messages.at(-1)!
    expect(answer.parts).toMatchObject([
      { type: 'tool-call', toolName: 'weather', arguments: { city: 'Vienna' }, state: 'completed', result: 'sunny' },
      { type: 'text', text: 'It is sunny.' },
    ])
    expect(answer.answer).toMatchObject({ state: 'completed', provider: 'openai-compatible' })
    expect((await latestUsage(alice))?.id).toBeDefined()

    // It goes on like any other: the model reads what was exchanged.
    await alice.get('turns.start', { id, text: 'And tomorrow?' })
    await vi.waitFor(() => expect(JSON.stringify(providers.requests.at(-1)!.body.messages)).toContain('And tomorrow?'))
    expect(providers.requests.at(-1)!.body.messages).toMatchObject([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi.' },
      { role: 'user' },
      { role: 'assistant', tool_calls: [{ id: 'call_1' }] },
      { role: 'tool', content: 'sunny' },
      { role: 'assistant', content: 'It is sunny.' },
      { role: 'user', content: 'And tomorrow?' },
    ])
  })

  test('without it no conversation is left, and a refused one leaves none either', async () => {
    const [dora] = await app.people('dora')
    const their = await clientOf(dora)
    await their.chat.completions.create({ model: 'parley-offline', messages: hello })
    await dora.get('workspaces.setBudget', { workspaceId: dora.workspaceId, limitNanoUsd: '0', period: 'month' })
    await refusal(their.chat.completions.create({ model: 'gpt-4o', messages: hello, store: true }))

    expect(await app.deps.db.selectFrom('conversation').select('id').where('owner_id', '=', dora.id).execute()).toEqual([])
  })
})

describe('embeddings', () => {
  test('of the built-in model, as numbers and as base64', async () => {
    const input = ['A cat sat on the mat.', 'A kitten rested on the rug.', 'The budget was approved.']
    const { data, usage } = await client.embeddings.create({ model: 'parley-embed-en', input, encoding_format: 'float' })
    const packed = await client.embeddings.create({ model: 'parley-embed-en', input }) // the official client asks for base64

    const near = (one: number[], other: number[]) => one.reduce((sum, value, index) => sum + value * other[index]!, 0)
    const [cat, kitten, budget] = data.map(({ embedding }) => embedding)
    expect(data.map(({ index }) => index)).toEqual([0, 1, 2])
    expect(near(cat!, kitten!)).toBeGreaterThan(near(cat!, budget!) + 0.2)
    packed.data[0]!.embedding.forEach((value, index) => expect(value).toBeCloseTo(cat![index]!, 5))
    expect(await latestUsage(alice)).toMatchObject({
      purpose: 'embedding',
      tokens: { input: usage.prompt_tokens, output: 0 },
      costNanoUsd: '0',
    })
  })

  test('of a provider are one record, however many requests they take', async () => {
    const before = (await alice.get('usage.list', { workspaceId: alice.workspaceId })).total.calls
    const input = Array.from({ length: 2048 }, (_, index) => `text ${index}`)
    const { data } = await client.embeddings.create({ model: 'gemini-embedding-001', input })

    expect(data).toHaveLength(2048)
    expect(providers.requests.filter(({ path }) => path.includes('mbed')).length).toBeGreaterThan(1)
    const after = await alice.get('usage.list', { workspaceId: alice.workspaceId })
    expect(after.total.calls).toBe(before + 1)
    const [turn] = await app.deps.db
      .selectFrom('turn')
      .innerJoin('task', 'task.turn_id', 'turn.id')
      .select(['turn.state', 'task.status', 'turn.conversation_id'])
      .orderBy('turn.id', 'desc')
      .limit(1)
      .execute()
    expect(turn).toEqual({ state: 'completed', status: 'completed', conversation_id: null })
  })

  test.each([
    ['a chat model', { model: 'gpt-4o', input: 'x' }, { status: 404, code: 'model_not_found' }],
    ['nothing', { model: 'parley-embed-en', input: '' }, { status: 400, param: 'input' }],
    ['tokens', { model: 'parley-embed-en', input: [[1, 2, 3]] }, { status: 400, param: 'input[0]' }],
    ['a size that the model has not', { model: 'parley-embed-en', input: 'x', dimensions: 64 }, { status: 400, param: 'dimensions' }],
  ])('of %s are refused', async (_, body, expected) => {
    expect(await refusal(client.embeddings.create(body as never))).toMatchObject(expected)
  })
})
