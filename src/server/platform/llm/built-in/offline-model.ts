import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4Content,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4Usage,
} from '@ai-sdk/provider'
import { estimateTokens } from '../estimate-tokens.ts'
import { answer, type Reply } from './answer.ts'
import { readConversation, takeInterrupted } from './conversation.ts'
import { offlineModelName } from './models.ts'

export interface OfflineModelOptions {
  now: () => Date
  wordDelayMs: number
}

/**
 * The assistant that is there without a key and without the internet, behind the same interface as every model. It follows rules: the same conversation,
 * tools and time give the same answer.
 */
export function createOfflineModel({ now, wordDelayMs }: OfflineModelOptions): LanguageModelV4 {
  function respond(options: LanguageModelV4CallOptions) {
    options.abortSignal?.throwIfAborted()
    const { prompt, alreadySaid } = takeInterrupted(options.prompt)
    const reply = answer({ ...readConversation(prompt), now: now() }, options.tools ?? [], options.toolChoice)
    // The same answer comes again, so going on with it is leaving out what was said.
    if (alreadySaid !== '' && reply.text.startsWith(alreadySaid)) reply.text = reply.text.slice(alreadySaid.length)
    return shaped(reply, options, inputText(options))
  }

  return {
    specificationVersion: 'v4',
    provider: 'built-in',
    modelId: offlineModelName,
    supportedUrls: {},
    async doGenerate(options) {
      const { text, calls, finishReason, usage } = respond(options)
      const content: LanguageModelV4Content[] = text === '' ? [] : [{ type: 'text', text }]
      for (const call of calls) content.push({ type: 'tool-call', ...call })
      return { content, finishReason, usage, warnings: [] }
    },
    async doStream(options) {
      const response = respond(options)
      return { stream: speak(response, wordDelayMs, options.abortSignal) }
    },
  }
}

interface Response {
  text: string
  calls: { toolCallId: string; toolName: string; input: string }[]
  finishReason: LanguageModelV4FinishReason
  usage: LanguageModelV4Usage
}

function shaped(reply: Reply, options: LanguageModelV4CallOptions, input: string): Response {
  let { text } = reply
  let isCut = false
  for (const sequence of options.stopSequences ?? []) {
    const at = text.indexOf(sequence)
    if (sequence !== '' && at >= 0) text = text.slice(0, at)
  }
  if (options.maxOutputTokens !== undefined && estimateTokens(text) > options.maxOutputTokens) {
    text = text.slice(0, options.maxOutputTokens * 4)
    isCut = true
  }
  if (options.responseFormat?.type === 'json' && reply.calls.length === 0) text = JSON.stringify({ answer: text })
  const calls = reply.calls.map((call) => ({ toolCallId: crypto.randomUUID(), toolName: call.toolName, input: JSON.stringify(call.input) }))
  const inputTokens = estimateTokens(input)
  const outputTokens = estimateTokens(text + calls.map((call) => call.toolName + call.input).join(''))
  const unified = calls.length > 0 ? 'tool-calls' : isCut ? 'length' : 'stop'
  return {
    text,
    calls,
    finishReason: { unified, raw: unified },
    usage: {
      inputTokens: { total: inputTokens, noCache: inputTokens, cacheRead: 0, cacheWrite: 0 },
      outputTokens: { total: outputTokens, text: outputTokens, reasoning: 0 },
    },
  }
}

function inputText({ prompt }: LanguageModelV4CallOptions): string {
  return prompt
    .map((message) =>
      typeof message.content === 'string' ? message.content : message.content.map((part) => ('text' in part ? part.text : '')).join(''),
    )
    .join('\n')
}

/** Word by word, as fast as somebody reads along. Stops where it stands when aborted. */
function speak(
  { text, calls, finishReason, usage }: Response,
  wordDelayMs: number,
  signal: AbortSignal | undefined,
): ReadableStream<LanguageModelV4StreamPart> {
  const words = text.match(/\s*\S+\s*$|\s*\S+/g) ?? []
  const parts: LanguageModelV4StreamPart[] = [{ type: 'stream-start', warnings: [] }]
  if (words.length > 0) {
    parts.push({ type: 'text-start', id: '0' })
    for (const delta of words) parts.push({ type: 'text-delta', id: '0', delta })
    parts.push({ type: 'text-end', id: '0' })
  }
  for (const call of calls) {
    parts.push({ type: 'tool-input-start', id: call.toolCallId, toolName: call.toolName })
    parts.push({ type: 'tool-input-delta', id: call.toolCallId, delta: call.input })
    parts.push({ type: 'tool-input-end', id: call.toolCallId }, { type: 'tool-call', ...call })
  }
  parts.push({ type: 'finish', finishReason, usage })

  let next = 0
  return new ReadableStream<LanguageModelV4StreamPart>({
    async pull(controller) {
      if (signal?.aborted) {
        controller.error(signal.reason)
        return
      }
      const part = parts[next++]!
      if (part.type === 'text-delta' && wordDelayMs > 0 && !(await waited(wordDelayMs, signal))) {
        controller.error(signal?.reason)
        return
      }
      controller.enqueue(part)
      if (next === parts.length) controller.close()
    },
  })
}

/** False if the signal came first. */
function waited(ms: number, signal: AbortSignal | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const onAbort = () => {
      clearTimeout(timer)
      resolve(false)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort)
      resolve(true)
    }, ms)
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
