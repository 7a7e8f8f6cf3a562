import type {
  LanguageModelV4CallOptions,
  LanguageModelV4Prompt,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
} from '@ai-sdk/provider'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { startProviderServer, type ProviderServer, type Script, type Served } from '../../../../test/support/provider-server/index.ts'
import type { Provider } from '../../../contract/models.ts'
import { createEgress, type Egress } from '../egress/index.ts'
import { Secret } from '../vault/secret.ts'
import { createLlm, type Llm, type ModelTarget, searchOptions } from './index.ts'

let server: ProviderServer
let egress: Egress
let llm: Llm

beforeAll(async () => {
  server = await startProviderServer()
  egress = createEgress({
    // OpenAI's own name leads to the local server, because only OpenAI's own address is asked in the Responses format.
    allow: ['127.0.0.1', 'api.openai.com'],
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  })
  llm = createLlm({ egress, firstByteTimeoutMs: 300, idleTimeoutMs: 300, offlineWordDelayMs: 0 })
})
afterEach(() => server.reset())
afterAll(async () => {
  await llm.close()
  await egress.close()
  await server.close()
})

interface Played {
  title: string
  provider: Provider
  served: Served
  model: string
}

const providers: Played[] = [
  { title: 'OpenAI (Responses)', provider: 'openai', served: 'openai', model: 'gpt-5' },
  { title: 'OpenAI behind another address (Chat Completions)', provider: 'openai', served: 'compatible', model: 'gpt-4o' },
  { title: 'Anthropic', provider: 'anthropic', served: 'anthropic', model: 'claude-sonnet-4-6' },
  { title: 'Google', provider: 'google', served: 'google', model: 'gemini-2.5-pro' },
  { title: 'xAI', provider: 'xai', served: 'xai', model: 'grok-4' },
  { title: 'OpenAI-compatible', provider: 'openai-compatible', served: 'compatible', model: 'deepseek-chat' },
  { title: 'Ollama', provider: 'ollama', served: 'ollama', model: 'qwen3:8b' },
]

function target(played: Played, changes: Partial<ModelTarget> = {}): ModelTarget {
  const baseUrl = server.baseUrl(played.served)
  return {
    provider: played.provider,
    internalName: played.model,
    connectionId: 'one',
    baseUrl: played.served === 'openai' ? baseUrl.replace('127.0.0.1', 'api.openai.com') : baseUrl,
    apiKey: new Secret('sk-good'),
    headers: {},
    allowsPrivateAddress: true,
    ...changes,
  }
}

const hello: LanguageModelV4Prompt = [
  { role: 'system', content: 'Be brief.' },
  { role: 'user', content: [{ type: 'text', text: 'Hello' }] },
]

interface Heard {
  text: string
  reasoning: string
  calls: LanguageModelV4ToolCall[]
  parts: LanguageModelV4StreamPart[]
  finish: Extract<LanguageModelV4StreamPart, { type: 'finish' }> | undefined
  error: unknown
}

/** Everything a stream says, and the error that it is thrown out of or carries. */
async function listen(at: ModelTarget, options: Partial<LanguageModelV4CallOptions> = {}): Promise<Heard> {
  const heard: Heard = { text: '', reasoning: '', calls: [], parts: [], finish: undefined, error: undefined }
  try {
    const { stream } = await llm.languageModel(at).doStream({ prompt: hello, ...options })
    for await (const part of stream as unknown as AsyncIterable<LanguageModelV4StreamPart>) {
      heard.parts.push(part)
      if (part.type === 'text-delta') heard.text += part.delta
      else if (part.type === 'reasoning-delta') heard.reasoning += part.delta
      else if (part.type === 'tool-call') heard.calls.push(part)
      else if (part.type === 'error') heard.error ??= part.error
      else if (part.type === 'finish') heard.finish = part
    }
  } catch (error) {
    heard.error ??= error
  }
  return heard
}

const weather = {
  type: 'function' as const,
  name: 'weather',
  description: 'The weather of a city',
  inputSchema: { type: 'object' as const, properties: { city: { type: 'string' as const } }, required: ['city'] },
}

describe.each(providers)('$title', (played) => {
  const script = (one: Script) => server.script(one, { times: 1 })

  test('streams a text word by word and says how it ended', async () => {
    script({ text: 'The answer is forty-two.' })
    const heard = await listen(target(played))
    expect(heard.error).toBeUndefined()
    expect(heard.text).toBe('The answer is forty-two.')
    expect(heard.parts.filter((part) => part.type === 'text-delta')).toHaveLength(4)
    expect(heard.finish?.finishReason.unified).toBe('stop')
    expect(server.requests.at(-1)!.apiKey).toBe('sk-good')
  })

  test('reports all kinds of tokens', async () => {
    const usage = { input: 1000, output: 120, reasoning: 40, cacheRead: 600, cacheWrite: played.provider === 'anthropic' ? 100 : 0 }
    script({ text: 'Hi', reasoning: played.title.startsWith('OpenAI behind') ? '' : 'Well', usage })
    const { finish, error } = await listen(target(played))
    expect(error).toBeUndefined()
    expect(finish?.usage.inputTokens.total).toBe(1000)
    expect(finish?.usage.inputTokens.cacheRead).toBe(600)
    expect(finish?.usage.outputTokens.total).toBe(120)
    expect(finish?.usage.outputTokens.reasoning).toBe(40)
    if (played.provider === 'anthropic') expect(finish?.usage.inputTokens.cacheWrite).toBe(100)
  })

  test('shows reasoning before the text', async () => {
    script({ text: 'Yes.', reasoning: 'Let me see what that means.' })
    const heard = await listen(target(played))
    expect(heard.reasoning).toBe('Let me see what that means.')
    expect(heard.text).toBe('Yes.')
    const types = heard.parts.map((part) => part.type)
    expect(types.indexOf('reasoning-end')).toBeLessThan(types.indexOf('text-delta'))
    if (played.provider === 'anthropic') {
      const signed = heard.parts.some((part) => 'providerMetadata' in part && part.providerMetadata?.anthropic?.signature !== undefined)
      expect(signed).toBe(true)
    }
  })

  test('calls tools in parallel and takes their results back', async () => {
    const rounds = [
      [
        { name: 'weather', arguments: { city: 'Graz' } },
        { name: 'weather', arguments: { city: 'Oslo' } },
      ],
    ]
    server.script({ toolRounds: rounds, text: 'It is {{results}}.', reasoning: 'Two cities.' })
    const first = await listen(target(played), { tools: [weather] })
    expect(first.error).toBeUndefined()
    expect(first.calls.map((call) => [call.toolName, JSON.parse(call.input)])).toEqual([
      ['weather', { city: 'Graz' }],
      ['weather', { city: 'Oslo' }],
    ])
    expect(new Set(first.calls.map((call) => call.toolCallId)).size).toBe(2)
    expect(first.finish?.finishReason.unified).toBe('tool-calls')

    const second = await listen(target(played), {
      tools: [weather],
      prompt: [
        ...hello,
        {
          role: 'assistant',
          content: first.calls.map(({ toolCallId, toolName, input, providerMetadata }) => ({
            type: 'tool-call' as const,
            toolCallId,
            toolName,
            input: JSON.parse(input) as unknown,
            ...(providerMetadata && { providerOptions: providerMetadata }),
          })),
        },
        {
          role: 'tool',
          content: first.calls.map(({ toolCallId, toolName }, index) => ({
            type: 'tool-result' as const,
            toolCallId,
            toolName,
            output: { type: 'text' as const, value: index === 0 ? 'sunny' : 'rainy' },
          })),
        },
      ],
    })
    expect(second.error).toBeUndefined()
    expect(second.text).toBe('It is sunny | rainy.')
    expect(server.callCount).toBe(2)
  })

  test('answers in one piece too', async () => {
    script({ text: 'In one piece.', usage: { input: 10, output: 4 } })
    const result = await llm.languageModel(target(played)).doGenerate({ prompt: hello })
    expect(result.content.filter((part) => part.type === 'text').map((part) => part.text)).toEqual(['In one piece.'])
    expect(result.usage.inputTokens.total).toBe(10)
  })

  test.each([
    ['auth', 'provider.auth'],
    ['forbidden', 'provider.auth'],
    ['quota', 'provider.quota'],
    ['server-error', 'provider.unavailable'],
    ['overloaded', 'provider.unavailable'],
    ['context', 'provider.context_too_long'],
    ['filtered-prompt', 'provider.content_filter'],
    ['not-found', 'provider.rejected'],
    ['bad-request', 'provider.rejected'],
    ['cut', 'provider.interrupted'],
    ['truncated', 'provider.interrupted'],
    ['invalid-sse', 'provider.invalid_response'],
    ['not-sse', 'provider.invalid_response'],
    ['stream-error', 'provider.unavailable'],
  ] as const)('%s becomes %s', async (fault, code) => {
    script({ tokens: 6, fault, after: 2 })
    const heard = await listen(target(played))
    const told = heard.error !== undefined ? llm.toAppError(heard.error) : heard.finish && llm.finishError(heard.finish.finishReason)
    expect(told?.code).toBe(code)
    expect(JSON.stringify(told?.notice())).not.toMatch(/sk-|127\.0\.0\.1/)
  })

  test('too many requests say when to come back', async () => {
    script({ fault: 'rate-limit', retryAfterSeconds: 23 })
    const { error } = await listen(target(played))
    expect(llm.toAppError(error).notice()).toMatchObject({ code: 'provider.rate_limited', retryAfterSeconds: 23 })
  })

  test('what arrived before a cut is kept', async () => {
    script({ tokens: 6, fault: 'cut', after: 2 })
    expect((await listen(target(played))).text).toBe('w1 w2')
  })

  test('a withheld answer is told by how it ended', async () => {
    script({ text: 'I', finish: 'content-filter' })
    const { finish } = await listen(target(played))
    expect(llm.finishError(finish!.finishReason)?.code).toBe('provider.content_filter')
  })

  test('stop ends the request at the provider', async () => {
    script({ tokens: 1000, delayMs: 5 })
    const stop = new AbortController()
    const { stream } = await llm.languageModel(target(played)).doStream({ prompt: hello, abortSignal: stop.signal })
    const reader = stream.getReader()
    for (let part = await reader.read(); part.value?.type !== 'text-delta'; part = await reader.read());
    stop.abort()
    await expect.poll(() => server.requests.at(-1)!.wasCut).toBe(true)
    await expect(
      (async () => {
        for (;;) if ((await reader.read()).done) return
      })(),
    ).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('every connection sends its own key and headers', async () => {
    const told = (key: string) =>
      target(played, { apiKey: new Secret(key), connectionId: key, headers: { 'X-Team': new Secret(`team of ${key}`) } })
    await Promise.all([listen(told('sk-anna')), listen(told('sk-ben')), listen(told('sk-anna'))])
    const seen = server.requests.map(({ apiKey, headers }) => `${apiKey}: ${String(headers['x-team'])}`).toSorted()
    expect(seen).toEqual(['sk-anna: team of sk-anna', 'sk-anna: team of sk-anna', 'sk-ben: team of sk-ben'])
  })
})

describe('a connection without a key', () => {
  test.each(providers)('$title is never given one of the environment', async (played) => {
    for (const name of ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'GOOGLE_GENERATIVE_AI_API_KEY', 'XAI_API_KEY'])
      vi.stubEnv(name, 'sk-of-the-house')
    for (const name of ['OPENAI_BASE_URL', 'ANTHROPIC_BASE_URL']) vi.stubEnv(name, 'http://127.0.0.1:1/v1')
    await listen(target(played, { apiKey: null, connectionId: 'none' }))
    expect(server.requests).toHaveLength(1)
    expect(JSON.stringify(server.requests[0]!.headers)).not.toContain('sk-of-the-house')
  })
})

describe('defaults', () => {
  const bodyOf = () => server.requests.at(-1)!.body
  const [openai, , anthropic, google, xai] = providers as [Played, Played, Played, Played, Played]

  test('visible reasoning is asked for, and OpenAI and xAI store nothing', async () => {
    await listen(target(openai))
    expect(bodyOf()).toMatchObject({ store: false, reasoning: { summary: 'auto' } })
    await listen(target(xai))
    expect(bodyOf()).toMatchObject({ store: false })
    await listen(target(anthropic))
    expect(bodyOf()).toMatchObject({ thinking: { type: 'adaptive', display: 'summarized' } })
    await listen(target(anthropic, { internalName: 'claude-sonnet-4-5' }))
    expect(bodyOf()).toMatchObject({ thinking: { type: 'enabled', budget_tokens: 4096 } })
    await listen(target(google))
    expect(bodyOf()).toMatchObject({ generationConfig: { thinkingConfig: { includeThoughts: true } } })
  })

  test('models without reasoning are not asked for it', async () => {
    await listen(target(openai, { internalName: 'gpt-4o' }))
    expect(bodyOf()).not.toHaveProperty('reasoning')
    await listen(target(anthropic, { internalName: 'claude-3-5-haiku-20241022' }))
    expect(bodyOf()).not.toHaveProperty('thinking')
    await listen(target(google, { internalName: 'gemini-2.0-flash' }))
    expect(JSON.stringify(bodyOf())).not.toContain('includeThoughts')
  })

  test('Anthropic is not asked to think where it would refuse: with a temperature, a forced tool, or unsigned tool passes', async () => {
    await listen(target(anthropic), { temperature: 0.3 })
    expect(bodyOf()).toMatchObject({ temperature: 0.3 })
    expect(bodyOf()).not.toHaveProperty('thinking')
    await listen(target(anthropic), { tools: [weather], toolChoice: { type: 'required' } })
    expect(bodyOf()).not.toHaveProperty('thinking')
  })

  test('a level of thinking goes out in each provider’s own words', async () => {
    const say = async (played: Played, internalName: string, reasoning: 'none' | 'low' | 'high', rest: object = {}) => {
      const { text, error } = await listen(target(played, { internalName }), { reasoning, ...rest })
      expect([text === '', error]).toEqual([false, undefined])
      return bodyOf()
    }
    expect(await say(openai, 'gpt-5', 'high')).toMatchObject({ reasoning: { effort: 'high', summary: 'auto' } })
    expect(await say(openai, 'gpt-5.1', 'none')).toMatchObject({ reasoning: { effort: 'none' } })
    expect(await say(anthropic, 'claude-sonnet-4-6', 'low')).toMatchObject({
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'low' },
    })
    const budget = await say(anthropic, 'claude-sonnet-4-5', 'low')
    expect(budget).toMatchObject({ thinking: { type: 'enabled', budget_tokens: expect.any(Number) } })
    expect(await say(anthropic, 'claude-sonnet-4-6', 'none')).not.toMatchObject({ thinking: { type: 'adaptive' } })
    expect(await say(google, 'gemini-2.5-flash', 'none')).toMatchObject({ generationConfig: { thinkingConfig: { thinkingBudget: 0 } } })
    expect(await say(google, 'gemini-3-pro-preview', 'high')).toMatchObject({
      generationConfig: { thinkingConfig: { thinkingLevel: 'high', includeThoughts: true } },
    })
    expect(await say(xai, 'grok-4.3', 'low')).toMatchObject({ reasoning: { effort: 'low' }, store: false })
    expect(await say(xai, 'grok-4.3', 'none')).toMatchObject({ reasoning: { effort: 'none' } })
  })

  test('Anthropic takes no temperature while it thinks: what was asked for by name wins', async () => {
    await listen(target(anthropic), { reasoning: 'high', temperature: 0.3 })
    expect(bodyOf()).toMatchObject({ thinking: { type: 'adaptive' } })
    expect(bodyOf()).not.toHaveProperty('temperature')
    await listen(target(anthropic), { reasoning: 'high', tools: [weather], toolChoice: { type: 'required' } })
    expect(bodyOf()).not.toMatchObject({ thinking: { type: 'adaptive' } })
  })

  test('an account that may not see summaries thinks as much as it was told', async () => {
    server.script(() => (JSON.stringify(bodyOf()).includes('"summary"') ? { fault: 'no-reasoning' } : { text: 'Fine.' }))
    const unverified = target(openai, { connectionId: 'without summaries' })
    expect((await listen(unverified, { reasoning: 'high' })).text).toBe('Fine.')
    expect(bodyOf()).toMatchObject({ reasoning: { effort: 'high' } })
  })

  test('what a call says wins', async () => {
    await listen(target(google), { providerOptions: { google: { thinkingConfig: { includeThoughts: false } } } })
    expect(bodyOf()).toMatchObject({ generationConfig: { thinkingConfig: { includeThoughts: false } } })
  })

  test.each([openai, anthropic, google])(
    '$title: an account that may not see reasoning gets its answer without, and is asked once only',
    async (played) => {
      server.script(() =>
        /"summary"|"thinking"|includeThoughts/.test(JSON.stringify(bodyOf())) ? { fault: 'no-reasoning' } : { text: 'Fine.' },
      )
      const unverified = target(played, { connectionId: 'unverified' })
      expect((await listen(unverified)).text).toBe('Fine.')
      expect(server.callCount).toBe(2)
      expect((await listen(unverified)).text).toBe('Fine.')
      expect(server.callCount).toBe(3)
    },
  )

  test('any other refusal stays one', async () => {
    server.script({ fault: 'bad-request' })
    const { error } = await listen(target(openai, { connectionId: 'unverified' }))
    expect(llm.toAppError(error).code).toBe('provider.rejected')
    expect(server.callCount).toBe(1)
  })
})

test.each(providers.filter(({ provider, served }) => provider !== 'ollama' && served !== 'compatible'))(
  '$title searches by itself, in its own words',
  async (played) => {
    const found = { url: 'https://lamps.example/tall', title: 'Lamps' }
    server.script({ text: 'Lamps are tall.', search: { query: 'lamps', results: [found] } })
    const place = { lat: 37.98, lng: 23.73, city: 'Athens', region: null, country: 'GR', timezone: null }
    const heard = await listen(target(played), searchOptions(played.provider, place))
    expect(heard.error).toBeUndefined()
    expect(heard.text).toBe('Lamps are tall.')
    expect(heard.parts.filter((part) => part.type === 'source')).toContainEqual(expect.objectContaining({ url: found.url }))
    if (played.provider !== 'google') expect(heard.calls).toMatchObject([{ toolName: 'web_search', providerExecuted: true }])
    const sent = JSON.stringify(server.requests.at(-1)!.body)
    if (played.provider === 'openai' || played.provider === 'anthropic') expect(sent).toContain('"user_location":{"type":"approximate"')
    expect(sent.includes('Athens')).toBe(played.provider === 'openai' || played.provider === 'anthropic')
    expect(sent.includes('37.98')).toBe(played.provider === 'google')
  },
)

test('a provider that never answers, or stops in the middle, ends in a timeout', async () => {
  const silent = providers.flatMap((played) =>
    (['hang', 'stall'] as const).map(async (fault) => {
      const apiKey = `sk-${played.title}-${fault}`.replace(/[^\w-]/g, '')
      server.script({ tokens: 6, fault, after: 2 }, { apiKey })
      const { error, text } = await listen(target(played, { apiKey: new Secret(apiKey) }))
      return [played.title, fault, llm.toAppError(error).code, text]
    }),
  )
  for (const [title, fault, code, text] of await Promise.all(silent)) {
    expect([title, code, text]).toEqual([title, 'provider.timeout', fault === 'stall' ? 'w1 w2' : ''])
  }
})

describe('embeddings', () => {
  test.each(providers.filter(({ provider }) => provider !== 'anthropic' && provider !== 'xai'))('$title', async (played) => {
    const model = llm.embeddingModel(target(played, { internalName: 'text-embedding-3-small' }))
    const { embeddings } = await model.doEmbed({ values: ['one two', 'three', 'one two'] })
    expect(embeddings).toHaveLength(3)
    expect(embeddings[0]).toEqual(embeddings[2])
    expect(embeddings[0]).not.toEqual(embeddings[1])
  })
})
