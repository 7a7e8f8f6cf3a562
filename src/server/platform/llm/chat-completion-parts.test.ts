import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { describe, expect, test } from 'vitest'
import { createChatCompletionParts } from './chat-completion-parts.ts'
import { toAppError } from './provider-error.ts'

const delta = (value: unknown, finish: string | null = null) => ({
  id: 'c',
  model: 'm',
  created: 1,
  choices: [{ index: 0, delta: value, finish_reason: finish }],
})
const call = (index: number | undefined, fields: Record<string, unknown>, id?: string) =>
  delta({ tool_calls: [{ ...(index !== undefined && { index }), ...(id && { id }), type: 'function', function: fields }] })
const stop = delta({}, 'stop')
const toolStop = delta({}, 'tool_calls')

/** How servers that call themselves compatible differ from each other. */
const streams: Record<string, unknown[]> = {
  'a plain answer': [delta({ role: 'assistant', content: '' }), delta({ content: 'Hello' }), delta({ content: ' there' }), stop],
  'reasoning_content, then text': [
    delta({ reasoning_content: 'Hm' }),
    delta({ reasoning_content: ', well' }),
    delta({ content: 'Yes' }),
    stop,
  ],
  'the field reasoning': [delta({ reasoning: 'Hm' }), delta({ content: 'Yes' }), stop],
  'reasoning after text': [delta({ content: 'A' }), delta({ reasoning_content: 'b' }), delta({ content: 'C' }), stop],
  'reasoning as a part of the content': [
    delta({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'Hm' }] }] }),
    delta({ content: [{ type: 'text', text: 'Yes' }] }),
    stop,
  ],
  'the end in the chunk of the last word': [delta({ content: 'Hi' }, 'stop')],
  'usage in a chunk of its own': [
    delta({ content: 'Hi' }),
    stop,
    {
      choices: [],
      usage: {
        prompt_tokens: 9,
        completion_tokens: 4,
        prompt_tokens_details: { cached_tokens: 3 },
        completion_tokens_details: { reasoning_tokens: 1 },
      },
    },
  ],
  'usage of nulls': [
    delta({ content: 'Hi' }),
    {
      ...stop,
      usage: { prompt_tokens: 5, completion_tokens: 1, prompt_tokens_details: null, completion_tokens_details: { reasoning_tokens: null } },
    },
  ],
  'a refusal': [delta({ refusal: 'I can' }), delta({ refusal: 'not' }), stop],
  'a limit': [delta({ content: 'Hi' }), delta({}, 'length')],
  'a filter': [delta({}, 'content_filter')],
  'a reason that nobody knows': [delta({ content: 'Hi' }), delta({}, 'eos')],
  'nulls everywhere': [
    delta({ role: 'assistant', content: null, reasoning_content: null, tool_calls: null }),
    delta(null),
    delta({ content: 'Hi' }),
    stop,
  ],
  'a placeholder first': [{ choices: [] }, { id: '', model: '', choices: [] }, delta({ content: 'Hi' }), stop],
  'a call in pieces': [call(0, { name: 'f', arguments: '' }, 'a'), call(0, { arguments: '{"x"' }), call(0, { arguments: ':1}' }), toolStop],
  'a call in one piece': [call(0, { name: 'f', arguments: '{"x":1}' }, 'a'), toolStop],
  'parallel calls, mixed': [
    call(0, { name: 'f', arguments: '' }, 'a'),
    call(1, { name: 'g', arguments: '' }, 'b'),
    call(0, { arguments: '{}' }),
    call(1, { arguments: '{"y":2}' }),
    toolStop,
  ],
  'calls that all have the number 0': [
    call(0, { name: 'f', arguments: '{"x":1}' }, 'a'),
    call(0, { name: 'f', arguments: '{"x":2}' }, 'b'),
    toolStop,
  ],
  'a name that comes late': [call(0, { arguments: '{"x"' }, 'a'), call(0, { name: 'f', arguments: ':1}' }), toolStop],
  'reasoning before a call': [delta({ reasoning_content: 'Hm' }), call(0, { name: 'f', arguments: '{}' }, 'a'), toolStop],
  'text before a call': [delta({ content: 'One moment.' }), call(0, { name: 'f', arguments: '{}' }, 'a'), toolStop],
  'an error in the middle': [delta({ content: 'Hi' }), { error: { message: 'Overloaded', type: 'server_error', code: 503 } }],
}

function ours(events: string[]): LanguageModelV4StreamPart[] {
  const all: LanguageModelV4StreamPart[] = []
  const parts = createChatCompletionParts((part) => all.push(part), false)
  for (const event of events) parts.event(event)
  parts.end()
  return all
}

async function theirs(events: string[]): Promise<LanguageModelV4StreamPart[]> {
  const body = events.map((event) => `data: ${event}\n\n`).join('')
  const fetch = async () => new Response(body, { headers: { 'content-type': 'text/event-stream' } })
  const model = createOpenAICompatible({ name: 'x', baseURL: 'http://x/v1', fetch }).chatModel('m')
  const { stream } = await model.doStream({ prompt: [{ role: 'user', content: [{ type: 'text', text: 'hi' }] }] })
  const all: LanguageModelV4StreamPart[] = []
  for await (const part of stream as unknown as AsyncIterable<LanguageModelV4StreamPart>) all.push(part)
  return all
}

/** What an engine sees of a stream: texts run together, blocks in order, without names of blocks and what nobody reads. */
function essence(parts: LanguageModelV4StreamPart[]) {
  const seen: unknown[] = []
  for (const part of parts) {
    const last = seen.at(-1) as { type?: string; delta?: string } | undefined
    switch (part.type) {
      case 'text-delta':
      case 'reasoning-delta':
        if (last?.type === part.type) last.delta += part.delta
        else seen.push({ type: part.type, delta: part.delta })
        break
      case 'tool-call':
        seen.push({ type: part.type, id: part.toolCallId, name: part.toolName, input: part.input })
        break
      case 'response-metadata':
        seen.push({ type: part.type, id: part.id, model: part.modelId, at: part.timestamp?.getTime() })
        break
      case 'error':
        seen.push({ type: part.type })
        break
      case 'finish': {
        const { raw: _raw, ...usage } = part.usage
        seen.push({ type: part.type, reason: part.finishReason, usage })
        break
      }
      default:
    }
  }
  // Where a block of text ends when another follows is written differently; that it does shows in the order.
  return seen
}

describe('says the same as the provider package', () => {
  test.each(Object.keys(streams))('%s', async (name) => {
    const events = [...streams[name]!.map((chunk) => JSON.stringify(chunk)), '[DONE]']
    const package_ = essence(await theirs(events))
    expect(package_.length).toBeGreaterThan(0)
    expect(essence(ours(events))).toEqual(package_)
  })
})

test('what cannot be read is an error, and what cannot be a chunk too', () => {
  for (const bad of [
    '{"this is not": json',
    '"text"',
    'null',
    '{"choices":"none"}',
    '{"choices":[{"delta":{"content":5}}]}',
    '{"object":"list"}',
    '{"choices":[{"delta":{"tool_calls":[{"function":{"arguments":"{}"}}]}}]}',
  ]) {
    const parts = ours([bad])
    expect(parts.map((part) => part.type)).toEqual(['error', 'finish'])
    expect(toAppError(parts[0]?.type === 'error' && parts[0].error).code).toBe('provider.invalid_response')
    expect(parts.at(-1)).toMatchObject({ finishReason: { unified: 'error' } })
  }
})

test('an end without a reason is told as an interruption, and what was not counted stays unknown', () => {
  const parts = ours([JSON.stringify(delta({ content: 'Hi' }))])
  expect(parts.at(-1)).toMatchObject({
    type: 'finish',
    finishReason: { unified: 'interrupted' },
    usage: { inputTokens: { total: undefined } },
  })
  expect(parts.map((part) => part.type)).toContain('text-end')
})

test('ids of calls are unique, also where a server repeats them', () => {
  const events = [call(0, { name: 'f', arguments: '{}' }, 'same'), call(1, { name: 'f', arguments: '{}' }, 'same'), toolStop].map((chunk) =>
    JSON.stringify(chunk),
  )
  const ids = ours(events).flatMap((part) => (part.type === 'tool-call' ? [part.toolCallId] : []))
  expect(new Set(ids).size).toBe(2)
})
