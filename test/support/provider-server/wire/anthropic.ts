import type { Answer, Asked, Fault } from '../script.ts'
import { asList, asText, contentText, event, filesIn, now, paced, pieces, type Frame, type Wire, type WireError } from './wire.ts'

/**
 * Anthropic API documentation: "Messages" (request and message object), "Streaming messages" (message_start … message_stop, ping, thinking_delta and
 * signature_delta), "Web search tool > Response" and "Streaming", "Extended thinking", "Prompt caching > Tracking cache performance" (input_tokens excludes what was read from or written to the cache).
 */
export const anthropic: Wire = {
  contentType: 'text/event-stream; charset=utf-8',
  read,
  whole: (answer) => ({
    ...message(answer),
    content: blocks(answer).map(({ block }) => block),
    stop_reason: stopReason(answer),
    usage: { ...inputUsage(answer), ...outputUsage(answer) },
  }),
  frames,
  error,
  streamError: () => event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } } as { type: string }),
}

function message(answer: Answer) {
  return { id: 'msg_parley', type: 'message', role: 'assistant', model: answer.model, stop_sequence: null }
}

type Block = Record<string, unknown> & { type: 'thinking' | 'text' | 'tool_use' | 'server_tool_use' | 'web_search_tool_result' }

function blocks(answer: Answer): { block: Block; tokens: string[] }[] {
  const list: { block: Block; tokens: string[] }[] = []
  if (answer.reasoning.length > 0) {
    const block: Block = { type: 'thinking', thinking: answer.reasoning.join(''), signature: 'c2lnbmF0dXJl' }
    list.push({ block, tokens: answer.reasoning })
  }
  if (answer.search) {
    const { query, results } = answer.search
    const id = 'srvtoolu_parley'
    list.push({ block: { type: 'server_tool_use', id, name: 'web_search', input: { query } }, tokens: pieces(JSON.stringify({ query })) })
    const content = results.map((found) => ({ type: 'web_search_result', ...found, encrypted_content: 'c2VhbGVk', page_age: null }))
    list.push({ block: { type: 'web_search_tool_result', tool_use_id: id, content }, tokens: [] })
  }
  if (answer.search && answer.text.length > 1) {
    // What is cited is a block of its own, in the middle of a sentence.
    const cut = Math.ceil(answer.text.length / 2)
    const citations = answer.search.results.map(({ url, title }) => ({
      type: 'web_search_result_location',
      url,
      title,
      encrypted_index: 'aW5kZXg=',
      cited_text: answer.text.slice(0, cut).join(''),
    }))
    list.push({ block: { type: 'text', text: answer.text.slice(0, cut).join(''), citations }, tokens: answer.text.slice(0, cut) })
    list.push({ block: { type: 'text', text: answer.text.slice(cut).join('') }, tokens: answer.text.slice(cut) })
  } else if (answer.text.length > 0) list.push({ block: { type: 'text', text: answer.text.join('') }, tokens: answer.text })
  for (const call of answer.toolCalls) {
    const block: Block = { type: 'tool_use', id: call.id.replace('call_', 'toolu_'), name: call.name, input: parsed(call.argumentsJson) }
    list.push({ block, tokens: pieces(call.argumentsJson) })
  }
  return list
}

function frames(answer: Answer): Frame[] {
  const list: Frame[] = []
  const say = (type: string, fields: Record<string, unknown>, make = now) => list.push(make(event({ type, ...fields } as { type: string })))

  const usage = { ...inputUsage(answer), output_tokens: 1 }
  say('message_start', { message: { ...message(answer), content: [], stop_reason: null, usage } })
  for (const [index, { block, tokens }] of blocks(answer).entries()) {
    if (block.type === 'thinking') {
      say('content_block_start', { index, content_block: { type: 'thinking', thinking: '', signature: '' } })
      for (const thinking of tokens) say('content_block_delta', { index, delta: { type: 'thinking_delta', thinking } }, paced)
      say('content_block_delta', { index, delta: { type: 'signature_delta', signature: block.signature } })
    } else if (block.type === 'text') {
      say('content_block_start', { index, content_block: { type: 'text', text: '' } })
      if (index === 0) say('ping', {})
      for (const text of tokens) say('content_block_delta', { index, delta: { type: 'text_delta', text } }, paced)
      for (const citation of (block.citations as unknown[] | undefined) ?? [])
        say('content_block_delta', { index, delta: { type: 'citations_delta', citation } })
    } else if (block.type === 'web_search_tool_result') {
      say('content_block_start', { index, content_block: block })
    } else {
      say('content_block_start', { index, content_block: { ...block, input: {} } })
      for (const partial_json of tokens) say('content_block_delta', { index, delta: { type: 'input_json_delta', partial_json } }, paced)
    }
    say('content_block_stop', { index })
  }
  say('message_delta', { delta: { stop_reason: stopReason(answer), stop_sequence: null }, usage: outputUsage(answer) })
  say('message_stop', {})
  return list
}

function read(body: Record<string, unknown>): Asked {
  const messages = asList(body.messages)
  const results = (content: unknown) => asList(content).filter((part) => part.type === 'tool_result')
  const lastUser = messages.findLastIndex((one) => one.role === 'user' && results(one.content).length === 0)
  const since = messages.slice(lastUser + 1)
  return {
    model: asText(body.model),
    isStreaming: body.stream === true,
    text: contentText(messages[lastUser]?.content),
    files: filesIn(messages[lastUser]?.content),
    toolNames: asList(body.tools).flatMap((tool) => (tool.type === undefined || tool.type === 'custom' ? [asText(tool.name)] : [])),
    hasSearch: asList(body.tools).some((tool) => asText(tool.type).startsWith('web_search_')),
    roundsDone: since.filter((one) => results(one.content).length > 0).length,
    toolResults: results(since.at(-1)?.content).map((part) => contentText(part.content)),
    inputCharacters: contentText(body.system).length + messages.reduce((sum, one) => sum + contentText(one.content).length, 0),
  }
}

function stopReason(answer: Answer): string {
  return { stop: 'end_turn', length: 'max_tokens', 'content-filter': 'refusal', 'tool-calls': 'tool_use' }[answer.finish]
}

function inputUsage({ usage }: Answer) {
  return {
    input_tokens: usage.input - usage.cacheRead - usage.cacheWrite,
    cache_creation_input_tokens: usage.cacheWrite,
    cache_read_input_tokens: usage.cacheRead,
  }
}

function outputUsage(answer: Answer) {
  const { usage } = answer
  const server_tool_use = answer.search && { web_search_requests: 1 }
  return {
    output_tokens: usage.output,
    ...(server_tool_use && { server_tool_use }),
    ...(usage.reasoning > 0 && { output_tokens_details: { thinking_tokens: usage.reasoning } }),
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return {}
  }
}

/** Anthropic API documentation, "Errors": HTTP status, and an error object with its type. */
function error(fault: Fault, retryAfterSeconds: number): WireError {
  const wrap = (status: number, type: string, message: string, headers?: Record<string, string>): WireError => ({
    status,
    headers,
    body: { type: 'error', error: { type, message }, request_id: 'req_parley' },
  })
  switch (fault) {
    case 'auth':
      return wrap(401, 'authentication_error', 'invalid x-api-key')
    case 'forbidden':
      return wrap(403, 'permission_error', 'Your API key does not have permission to use the specified resource.')
    case 'rate-limit':
      return wrap(429, 'rate_limit_error', 'This request would exceed your rate limit.', { 'retry-after': String(retryAfterSeconds) })
    case 'quota':
      return wrap(
        400,
        'invalid_request_error',
        'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade.',
      )
    case 'context':
      return wrap(400, 'invalid_request_error', 'prompt is too long: 208310 tokens > 200000 maximum')
    case 'filtered-prompt':
      return wrap(400, 'invalid_request_error', 'Output blocked by content filtering policy')
    case 'not-found':
      return wrap(404, 'not_found_error', 'model: gone')
    case 'bad-request':
      return wrap(400, 'invalid_request_error', 'temperature: Input should be less than or equal to 1')
    case 'no-reasoning':
      return wrap(400, 'invalid_request_error', 'adaptive thinking is not supported on this model')
    case 'overloaded':
      return wrap(529, 'overloaded_error', 'Overloaded')
    default:
      return wrap(500, 'api_error', 'Internal server error')
  }
}
