import type { Answer, Asked, Fault } from '../script.ts'
import { asList, asRecord, asText, data, filesIn, now, paced, type Frame, type Wire, type WireError } from './wire.ts'

/**
 * Gemini API reference: "Generating content" (models.generateContent and streamGenerateContent with alt=sse, GenerateContentResponse, UsageMetadata),
 * "Thinking" (parts marked `thought`, thoughtSignature), "Function calling". The model is named in the path.
 */
export const google: Wire = {
  contentType: 'text/event-stream',
  read,
  whole: (answer) => chunk(answer, parts(answer), finishReason(answer), true),
  frames,
  error,
  streamError: () => data({ error: { code: 503, message: 'The model is overloaded. Please try again later.', status: 'UNAVAILABLE' } }),
}

function parts(answer: Answer) {
  return [
    ...(answer.reasoning.length > 0 ? [{ text: answer.reasoning.join(''), thought: true }] : []),
    ...(answer.text.length > 0 ? [{ text: answer.text.join('') }] : []),
    ...calls(answer),
  ]
}

/** A call arrives whole. The first one of a pass carries the signature under which the thoughts are recognised again. */
function calls(answer: Answer) {
  return answer.toolCalls.map((call, index) => ({
    functionCall: { name: call.name, args: parsed(call.argumentsJson) },
    ...(index === 0 && { thoughtSignature: 'c2lnbmF0dXJl' }),
  }))
}

function chunk(answer: Answer, content: unknown[], finish: string | null, withUsage: boolean) {
  return {
    candidates: [
      {
        content: { parts: content, role: 'model' },
        ...(finish !== null && { finishReason: finish, ...(answer.search && { groundingMetadata: grounding(answer.search) }) }),
        index: 0,
      },
    ],
    ...(withUsage && { usageMetadata: usage(answer) }),
    modelVersion: answer.model,
    responseId: 'parley',
  }
}

/** "Grounding with Google Search > Understanding the grounding response". */
function grounding({ query, results }: NonNullable<Answer['search']>) {
  return {
    webSearchQueries: [query],
    searchEntryPoint: { renderedContent: '<div>suggestions</div>' },
    groundingChunks: results.map(({ url, title }) => ({ web: { uri: url, title } })),
    groundingSupports: [],
  }
}

function frames(answer: Answer): Frame[] {
  const list: Frame[] = []
  for (const text of answer.reasoning) list.push(paced(data(chunk(answer, [{ text, thought: true }], null, false))))
  for (const text of answer.text) list.push(paced(data(chunk(answer, [{ text }], null, false))))
  const last = calls(answer)
  list.push((last.length > 0 ? paced : now)(data(chunk(answer, last.length > 0 ? last : [{ text: '' }], finishReason(answer), true))))
  return list
}

function read(body: Record<string, unknown>, path: string): Asked {
  const contents = asList(body.contents)
  const partsOf = (content: Record<string, unknown> | undefined) => asList(content?.parts)
  const results = (content: Record<string, unknown> | undefined) => partsOf(content).filter((part) => part.functionResponse !== undefined)
  const text = (content: Record<string, unknown> | undefined) =>
    partsOf(content)
      .map((part) => asText(part.text))
      .join('')
  const lastUser = contents.findLastIndex((content) => content.role === 'user' && results(content).length === 0)
  const since = contents.slice(lastUser + 1)
  return {
    model: /models\/([^:]+):/.exec(path)?.[1] ?? '',
    isStreaming: path.includes(':streamGenerateContent'),
    text: text(contents[lastUser]),
    files: filesIn(contents[lastUser]?.parts),
    hasSearch: asList(body.tools).some((tool) => tool.googleSearch !== undefined),
    toolNames: asList(body.tools).flatMap((tool) => asList(tool.functionDeclarations).map((declared) => asText(declared.name))),
    roundsDone: since.filter((content) => results(content).length > 0).length,
    toolResults: results(since.at(-1)).map((part) => resultText(asRecord(part.functionResponse).response)),
    inputCharacters: contents.reduce((sum, content) => sum + text(content).length, text(asRecord(body.systemInstruction)).length),
  }
}

function resultText(response: unknown): string {
  const { content } = asRecord(response)
  return typeof content === 'string' ? content : JSON.stringify(content ?? response)
}

function finishReason(answer: Answer): string {
  return { stop: 'STOP', length: 'MAX_TOKENS', 'content-filter': 'SAFETY', 'tool-calls': 'STOP' }[answer.finish]
}

function usage({ usage: count }: Answer) {
  const text = count.output - count.reasoning
  return {
    promptTokenCount: count.input,
    candidatesTokenCount: text,
    totalTokenCount: count.input + count.output,
    ...(count.reasoning > 0 && { thoughtsTokenCount: count.reasoning }),
    ...(count.cacheRead > 0 && { cachedContentTokenCount: count.cacheRead }),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: count.input }],
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return {}
  }
}

/** Gemini API documentation, "Troubleshooting > Error codes", with the details of google.rpc: ErrorInfo names a bad key (status 400), RetryInfo the wait. */
function error(fault: Fault, retryAfterSeconds: number): WireError {
  const wrap = (status: number, name: string, message: string, details: unknown[] = []): WireError => ({
    status,
    body: { error: { code: status, message, status: name, details } },
  })
  switch (fault) {
    case 'auth':
      return wrap(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' },
      ])
    case 'forbidden':
      return wrap(403, 'PERMISSION_DENIED', 'Your API key does not have the required permissions.')
    case 'rate-limit':
      return wrap(429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).', [
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterSeconds}s` },
      ])
    case 'quota':
      return wrap(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota, please check your plan and billing details.')
    case 'context':
      return wrap(400, 'INVALID_ARGUMENT', 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).')
    case 'filtered-prompt':
      return {
        status: 200,
        body: { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 5, totalTokenCount: 5 } },
      }
    case 'not-found':
      return wrap(404, 'NOT_FOUND', 'models/gone is not found for API version v1beta.')
    case 'bad-request':
      return wrap(400, 'INVALID_ARGUMENT', 'Unable to submit request because it has a temperature value of 3.')
    case 'no-reasoning':
      return wrap(400, 'INVALID_ARGUMENT', 'Unable to submit request because thinking is not supported by this model.')
    case 'overloaded':
      return wrap(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.')
    default:
      return wrap(500, 'INTERNAL', 'An internal error has occurred. Please retry.')
  }
}
