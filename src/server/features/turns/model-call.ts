import type {
  LanguageModelV4,
  LanguageModelV4CallOptions,
  LanguageModelV4FinishReason,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
  LanguageModelV4Usage,
} from '@ai-sdk/provider'
import type { TokenCounts } from '../../../contract/messages.ts'
import type { AnswerDraft } from './answer-draft.ts'
import type { OutputGate } from './output-gate.ts'
import { ProviderCalls } from './provider-calls.ts'

export interface ModelCallResult {
  toolCalls: LanguageModelV4ToolCall[]
  finish: LanguageModelV4FinishReason | null
  requestId: string | null
  usage: LanguageModelV4Usage | null
  /** How often the provider searched for it. */
  searches: number
  firstTokenMs: number | null
  /** Characters that it wrote and nobody was shown; left out where no guardrail looked. */
  unseenLength?: number
  /** Whatever the call threw or sent as an error; what arrived before is in the draft. */
  error: unknown
}

/** Called with the characters of output so far, after each piece; may hold the stream by a promise. */
export type OnOutput = (outputLength: number) => Promise<void> | undefined

/** One call of a model: its stream becomes parts of the draft. Never throws. */
export async function callModel(
  model: LanguageModelV4,
  options: LanguageModelV4CallOptions & { abortSignal: AbortSignal },
  draft: AnswerDraft,
  step: number,
  onOutput: OnOutput,
  observe?: (part: LanguageModelV4StreamPart) => void,
  gate?: OutputGate,
): Promise<ModelCallResult> {
  const result: ModelCallResult = {
    toolCalls: [],
    finish: null,
    requestId: null,
    usage: null,
    searches: 0,
    firstTokenMs: null,
    error: undefined,
  }
  const startedAt = performance.now()
  const provided = new ProviderCalls(draft, step)
  let outputLength = 0
  const counted = new Set<string>()
  const output = (part: LanguageModelV4StreamPart): Promise<void> | undefined => {
    let length = 0
    if (part.type === 'text-delta' || part.type === 'reasoning-delta') length = part.delta.length
    else if (part.type === 'tool-input-delta') {
      counted.add(part.id)
      length = part.delta.length
    }
    // What came in pieces was counted with them.
    else if (part.type === 'tool-call' && !counted.has(part.toolCallId)) length = part.input.length
    else return undefined
    result.firstTokenMs ??= Math.round(performance.now() - startedAt)
    outputLength += length
    return onOutput(outputLength)
  }
  const show = (part: LanguageModelV4StreamPart): void => {
    observe?.(part)
    switch (part.type) {
      case 'text-delta':
        draft.text(step, part.id, part.delta)
        if (part.providerMetadata) draft.keepMetadata('text', part.id, part.providerMetadata)
        break
      case 'text-end':
        draft.endText(part.id, part.providerMetadata)
        break
      case 'reasoning-start':
        draft.reasoning(step, part.id, '', performance.now())
        draft.keepMetadata('reasoning', part.id, part.providerMetadata)
        break
      case 'reasoning-delta':
        draft.reasoning(step, part.id, part.delta, performance.now())
        if (part.providerMetadata) draft.keepMetadata('reasoning', part.id, part.providerMetadata)
        break
      case 'reasoning-end':
        draft.endReasoning(part.id, part.providerMetadata, performance.now())
        break
      case 'tool-call':
        if (part.providerExecuted) provided.begin(part)
        else result.toolCalls.push(part)
        break
      case 'tool-result':
        provided.end(part)
        break
      case 'finish':
        provided.grounded(part.providerMetadata)
        break
      case 'source':
        if (part.sourceType === 'url') draft.cite(step, part.url, part.title ?? null)
        break
      case 'response-metadata':
        result.requestId = part.id ?? result.requestId
        break
      case 'error':
        result.error ??= part.error
        break
      default:
        break
    }
  }

  let reader:
    | ReadableStreamDefaultReader<
        Awaited<ReturnType<LanguageModelV4['doStream']>>['stream'] extends ReadableStream<infer Part> ? Part : never
      >
    | undefined
  const onAbort = () => void reader?.cancel().catch(() => {})
  options.abortSignal.addEventListener('abort', onAbort, { once: true })
  try {
    const { stream } = await model.doStream(options)
    reader = stream.getReader()
    for (;;) {
      const { done, value: part } = await reader.read()
      if (done || options.abortSignal.aborted) break
      // Counted as it comes, shown as it may be: what is held back is paid for all the same.
      const held = output(part)
      provided.count(part)
      if (part.type === 'finish') {
        result.usage = part.usage
        result.finish = part.finishReason
      }
      if (!gate) show(part)
      else for (const shown of await gate.push(part)) show(shown)
      if (gate?.blocked) {
        await reader.cancel().catch(() => {})
        break
      }
      if (held) await held
    }
    if (gate) for (const shown of await gate.end(options.abortSignal)) show(shown)
    result.error ??= gate?.blocked
    // A stream that just ends without saying that it is finished was cut off.
    if (result.finish === null && result.error === undefined && !options.abortSignal.aborted) result.error = new PrematureEnd()
  } catch (error) {
    if (!options.abortSignal.aborted) result.error = error ?? new Error('the model call failed')
    if (gate) for (const shown of await gate.end(options.abortSignal)) show(shown)
  } finally {
    options.abortSignal.removeEventListener('abort', onAbort)
    result.searches = provided.searches
    if (gate) result.unseenLength = gate.unseenLength
    draft.endStep(performance.now())
  }
  return result
}

/** The provider closed its stream before the end of the answer. */
export class PrematureEnd extends Error {
  override readonly name = 'PrematureEnd'
}

/** The provider's own counts, or undefined where it sent none. */
export function countsOf(usage: LanguageModelV4Usage | null): TokenCounts | undefined {
  if (!usage || usage.inputTokens.total === undefined || usage.outputTokens.total === undefined) return undefined
  return {
    input: usage.inputTokens.total,
    output: usage.outputTokens.total,
    reasoning: usage.outputTokens.reasoning ?? 0,
    cacheRead: usage.inputTokens.cacheRead ?? 0,
    cacheWrite: usage.inputTokens.cacheWrite ?? 0,
  }
}
