import type { Answer, Asked } from '../script.ts'
import { openAiError } from './openai-error.ts'
import { asList, asRecord, asText, contentText, data, filesIn, now, paced, pieces, type Frame, type Wire } from './wire.ts'

/**
 * OpenAI API reference, "Chat Completions": the request, the chat completion object, and the chat completion chunk object ("Streaming").
 * With `sendsReasoning` also the field `reasoning_content` of the delta, as documented by DeepSeek ("Reasoning model") and taken over by vLLM,
 * LM Studio and Ollama's OpenAI-compatible endpoint; OpenAI's own never sends it.
 */
export function openAiChat({ sendsReasoning }: { sendsReasoning: boolean }): Wire {
  const id = 'chatcmpl-parley'
  const created = 1_760_000_000

  const chunk = (model: string, delta: unknown, finishReason: string | null = null) =>
    data({
      id,
      object: 'chat.completion.chunk',
      created,
      model,
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
    })

  return {
    contentType: 'text/event-stream; charset=utf-8',
    read,
    whole: (answer) => ({
      id,
      object: 'chat.completion',
      created,
      model: answer.model,
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: answer.text.length > 0 ? answer.text.join('') : null,
            refusal: null,
            ...(sendsReasoning && answer.reasoning.length > 0 && { reasoning_content: answer.reasoning.join('') }),
            ...(answer.toolCalls.length > 0 && {
              tool_calls: answer.toolCalls.map((call) => ({
                id: call.id,
                type: 'function',
                function: { name: call.name, arguments: call.argumentsJson },
              })),
            }),
          },
          logprobs: null,
          finish_reason: finishReason(answer),
        },
      ],
      usage: usage(answer),
    }),
    frames(answer, body) {
      const frames: Frame[] = [now(chunk(answer.model, { role: 'assistant', content: '', refusal: null }))]
      if (sendsReasoning) for (const token of answer.reasoning) frames.push(paced(chunk(answer.model, { reasoning_content: token })))
      for (const token of answer.text) frames.push(paced(chunk(answer.model, { content: token })))
      for (const [index, call] of answer.toolCalls.entries()) {
        const start = { index, id: call.id, type: 'function', function: { name: call.name, arguments: '' } }
        frames.push(paced(chunk(answer.model, { tool_calls: [start] })))
        for (const piece of pieces(call.argumentsJson)) {
          frames.push(paced(chunk(answer.model, { tool_calls: [{ index, function: { arguments: piece } }] })))
        }
      }
      frames.push(now(chunk(answer.model, {}, finishReason(answer))))
      if (asRecord(body.stream_options).include_usage === true) {
        frames.push(now(data({ id, object: 'chat.completion.chunk', created, model: answer.model, choices: [], usage: usage(answer) })))
      }
      frames.push(now('data: [DONE]\n\n'))
      return frames
    },
    error: openAiError,
    streamError: () =>
      data({ error: { message: 'The server had an error while processing your request.', type: 'server_error', code: null, param: null } }),
  }
}

function read(body: Record<string, unknown>): Asked {
  const messages = asList(body.messages)
  const lastUser = messages.findLastIndex((message) => message.role === 'user')
  const since = messages.slice(lastUser + 1)
  const lastCalls = since.findLastIndex((message) => message.role === 'assistant')
  return {
    model: asText(body.model),
    isStreaming: body.stream === true,
    text: contentText(messages[lastUser]?.content),
    files: filesIn(messages[lastUser]?.content),
    hasSearch: false,
    toolNames: asList(body.tools).map((tool) => asText(asRecord(tool.function).name)),
    roundsDone: since.filter((message) => message.role === 'assistant' && asList(message.tool_calls).length > 0).length,
    toolResults: since
      .slice(lastCalls + 1)
      .filter((message) => message.role === 'tool')
      .map((message) => contentText(message.content)),
    inputCharacters: messages.reduce((sum, message) => sum + contentText(message.content).length, 0),
  }
}

function finishReason(answer: Answer): string {
  return { stop: 'stop', length: 'length', 'content-filter': 'content_filter', 'tool-calls': 'tool_calls' }[answer.finish]
}

function usage({ usage: count }: Answer) {
  return {
    prompt_tokens: count.input,
    completion_tokens: count.output,
    total_tokens: count.input + count.output,
    prompt_tokens_details: { cached_tokens: count.cacheRead, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: count.reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  }
}
