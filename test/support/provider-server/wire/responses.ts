import type { Answer, Asked, Fault } from '../script.ts'
import { asList, asText, contentText, event, filesIn, now, paced, pieces, type Frame, type Wire, type WireError } from './wire.ts'

/**
 * OpenAI API reference, "Responses": the response object and "Streaming events" (response.created … response.completed, each with its sequence number).
 * xAI's documentation ("API reference > Responses") describes the same events; its reasoning arrives as summary text too.
 */
export function responses(error: (fault: Fault, retryAfterSeconds: number) => WireError): Wire {
  return {
    contentType: 'text/event-stream; charset=utf-8',
    read,
    whole: (answer) => response(answer, answer.finish === 'stop' || answer.finish === 'tool-calls' ? 'completed' : 'incomplete'),
    frames: (answer) => frames(answer),
    error,
    streamError: () =>
      event({
        type: 'error',
        sequence_number: 99,
        code: 'server_error',
        message: 'The server had an error while processing your request.',
        param: null,
      } as {
        type: string
      }),
  }
}

const responseId = 'resp_parley'

function response(answer: Answer, status: 'in_progress' | 'completed' | 'incomplete') {
  const isRunning = status === 'in_progress'
  return {
    id: responseId,
    object: 'response',
    created_at: 1_760_000_000,
    status,
    error: null,
    incomplete_details:
      status === 'incomplete' ? { reason: answer.finish === 'content-filter' ? 'content_filter' : 'max_output_tokens' } : null,
    model: answer.model,
    output: isRunning ? [] : items(answer).map(({ item }) => item),
    parallel_tool_calls: true,
    store: false,
    usage: isRunning ? null : usage(answer),
  }
}

interface Item {
  item: Record<string, unknown> & { type: string; id: string }
  tokens: string[]
}

function items(answer: Answer): Item[] {
  const list: Item[] = []
  if (answer.reasoning.length > 0) {
    list.push({
      item: {
        type: 'reasoning',
        id: 'rs_1',
        status: 'completed',
        encrypted_content: 'ZW5jcnlwdGVk',
        summary: [{ type: 'summary_text', text: answer.reasoning.join('') }],
      },
      tokens: answer.reasoning,
    })
  }
  if (answer.search) {
    const { query, results } = answer.search
    const sources = results.map(({ url }) => ({ type: 'url', url }))
    list.push({
      item: { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query, queries: [query], sources } },
      tokens: [],
    })
  }
  if (answer.text.length > 0 || answer.toolCalls.length === 0) {
    const text = answer.text.join('')
    const annotations = (answer.search?.results ?? []).map((found) => ({
      type: 'url_citation',
      ...found,
      start_index: 0,
      end_index: text.length,
    }))
    const content = [{ type: 'output_text', text, annotations, logprobs: [] }]
    list.push({ item: { type: 'message', id: 'msg_1', status: 'completed', role: 'assistant', content }, tokens: answer.text })
  }
  for (const [index, call] of answer.toolCalls.entries()) {
    list.push({
      item: {
        type: 'function_call',
        id: `fc_${index}`,
        call_id: call.id,
        name: call.name,
        arguments: call.argumentsJson,
        status: 'completed',
      },
      tokens: pieces(call.argumentsJson),
    })
  }
  return list
}

function frames(answer: Answer): Frame[] {
  const list: Frame[] = []
  let sequence = 0
  const say = (type: string, fields: Record<string, unknown>, make = now) =>
    list.push(make(event({ type, sequence_number: sequence++, ...fields } as { type: string })))

  say('response.created', { response: response(answer, 'in_progress') })
  say('response.in_progress', { response: response(answer, 'in_progress') })
  for (const [output_index, { item, tokens }] of items(answer).entries()) {
    const at = { item_id: item.id, output_index }
    const whole = tokens.join('')
    if (item.type === 'reasoning') {
      say('response.output_item.added', { output_index, item: { ...item, status: 'in_progress', encrypted_content: '', summary: [] } })
      say('response.reasoning_summary_part.added', { ...at, summary_index: 0, part: { type: 'summary_text', text: '' } })
      for (const delta of tokens) say('response.reasoning_summary_text.delta', { ...at, summary_index: 0, delta }, paced)
      say('response.reasoning_summary_text.done', { ...at, summary_index: 0, text: whole })
      say('response.reasoning_summary_part.done', { ...at, summary_index: 0, part: { type: 'summary_text', text: whole } })
    } else if (item.type === 'web_search_call') {
      say('response.output_item.added', { output_index, item: { id: item.id, type: item.type, status: 'in_progress' } })
      for (const state of ['in_progress', 'searching', 'completed']) say(`response.web_search_call.${state}`, at)
    } else if (item.type === 'message') {
      say('response.output_item.added', { output_index, item: { ...item, status: 'in_progress', content: [] } })
      const part = { type: 'output_text', text: '', annotations: [], logprobs: [] }
      say('response.content_part.added', { ...at, content_index: 0, part })
      for (const delta of tokens) say('response.output_text.delta', { ...at, content_index: 0, delta, logprobs: [] }, paced)
      for (const [annotation_index, annotation] of (answer.search?.results ?? []).entries())
        say('response.output_text.annotation.added', {
          ...at,
          content_index: 0,
          annotation_index,
          annotation: { type: 'url_citation', ...annotation, start_index: 0, end_index: whole.length },
        })
      say('response.output_text.done', { ...at, content_index: 0, text: whole, logprobs: [] })
      say('response.content_part.done', { ...at, content_index: 0, part: { ...part, text: whole } })
    } else {
      say('response.output_item.added', { output_index, item: { ...item, arguments: '', status: 'in_progress' } })
      for (const delta of tokens) say('response.function_call_arguments.delta', { ...at, delta }, paced)
      say('response.function_call_arguments.done', { ...at, arguments: whole })
    }
    say('response.output_item.done', { output_index, item })
  }
  const isComplete = answer.finish === 'stop' || answer.finish === 'tool-calls'
  say(isComplete ? 'response.completed' : 'response.incomplete', { response: response(answer, isComplete ? 'completed' : 'incomplete') })
  return list
}

function read(body: Record<string, unknown>): Asked {
  const input = typeof body.input === 'string' ? [{ role: 'user', content: body.input }] : asList(body.input)
  const lastUser = input.findLastIndex((item) => item.role === 'user')
  const since = input.slice(lastUser + 1)
  const lastCall = since.findLastIndex((item) => item.type === 'function_call')
  // One pass is a run of calls followed by their outputs.
  const roundsDone = since.filter(
    (item, index) => item.type === 'function_call_output' && since[index - 1]?.type !== 'function_call_output',
  ).length
  return {
    model: asText(body.model),
    isStreaming: body.stream === true,
    text: contentText(input[lastUser]?.content),
    files: filesIn(input[lastUser]?.content),
    toolNames: asList(body.tools).flatMap((tool) => (tool.type === 'function' ? [asText(tool.name)] : [])),
    hasSearch: asList(body.tools).some((tool) => tool.type === 'web_search'),
    roundsDone,
    toolResults: since
      .slice(lastCall + 1)
      .filter((item) => item.type === 'function_call_output')
      .map((item) => contentText(item.output)),
    inputCharacters: input.reduce((sum, item) => sum + contentText(item.content).length + contentText(item.output).length, 0),
  }
}

function usage({ usage: count }: Answer) {
  return {
    input_tokens: count.input,
    input_tokens_details: { cached_tokens: count.cacheRead, ...(count.cacheWrite > 0 && { cache_write_tokens: count.cacheWrite }) },
    output_tokens: count.output,
    output_tokens_details: { reasoning_tokens: count.reasoning },
    total_tokens: count.input + count.output,
    // Whole responses of xAI also count the sources that a search used; without a search it is zero.
    num_sources_used: 0,
  }
}

/** xAI documentation, "Debugging errors": a code in words and the message, side by side. An unknown key is told with status 400. */
export function xaiError(fault: Fault, retryAfterSeconds: number): WireError {
  const error = (status: number, code: string, message: string, headers?: Record<string, string>): WireError => ({
    status,
    headers,
    body: { code, error: message },
  })
  const invalid = 'Client specified an invalid argument'
  switch (fault) {
    case 'auth':
      return error(400, invalid, 'Incorrect API key provided: xa***ad. You can obtain an API key from the console.')
    case 'forbidden':
      return error(403, 'The caller does not have permission to execute the specified operation', 'Your key may not use this model.')
    case 'rate-limit':
      return error(429, 'Some resource has been exhausted', 'Too many requests for this model.', {
        'retry-after': String(retryAfterSeconds),
      })
    case 'quota':
      return error(
        429,
        'Some resource has been exhausted',
        'Your team has used all available credits or reached its monthly spending limit.',
      )
    case 'context':
      return error(400, invalid, "This model's maximum prompt length is 131072 but the request contains 140012 tokens.")
    case 'filtered-prompt':
      return error(403, 'The caller does not have permission to execute the specified operation', 'Content violates usage guidelines.')
    case 'not-found':
      return error(404, 'Some requested entity was not found', 'The model gone does not exist or your team does not have access to it.')
    case 'bad-request':
      return error(400, invalid, 'Argument not supported on this model: temperature')
    case 'no-reasoning':
      return error(400, invalid, 'Model grok-3 does not support parameter reasoning.summary.')
    case 'overloaded':
      return error(503, 'The service is currently unavailable', 'The model is at capacity.')
    default:
      return error(500, 'Internal error', 'Something went wrong.')
  }
}
