import type { LanguageModelV4FinishReason, LanguageModelV4StreamPart, SharedV4ProviderMetadata } from '@ai-sdk/provider'
import type { TokenCounts } from '../../../contract/messages.ts'
import { newId } from '../../platform/ids.ts'

interface ToolCall {
  id: string
  type: 'function'
  function: { name: string; arguments: string }
  extra_content?: { google: { thought_signature: string } }
}

/** What a chunk adds to the answer (API reference, "The chat completion chunk object"). `reasoning_content` is what others call it who show reasoning. */
export interface Delta {
  role?: 'assistant'
  content?: string
  reasoning_content?: string
  tool_calls?: (Partial<Omit<ToolCall, 'function'>> & { index: number; function?: Partial<ToolCall['function']> })[]
}

export type FinishReason = 'stop' | 'length' | 'content_filter' | 'tool_calls'

/** The answer of a model in OpenAI's terms, while it comes and as a whole. */
export class ChatAnswer {
  #content = ''
  #reasoning = ''
  readonly #calls: ToolCall[] = []
  readonly #callById = new Map<string, number>()
  #finish: LanguageModelV4FinishReason['unified'] | undefined

  /** What this part adds; undefined where it is none of the caller's business. */
  add(part: LanguageModelV4StreamPart): Delta | undefined {
    switch (part.type) {
      case 'text-delta':
        if (part.delta === '') return undefined
        this.#content += part.delta
        return { content: part.delta }
      case 'reasoning-delta':
        if (part.delta === '') return undefined
        this.#reasoning += part.delta
        return { reasoning_content: part.delta }
      case 'tool-input-start':
        return part.providerExecuted ? undefined : this.#begin(part.id, part.toolName, '', part.providerMetadata)
      case 'tool-input-delta':
        return this.#extend(part.id, part.delta)
      case 'tool-call': {
        if (part.providerExecuted) return undefined
        const index = this.#callById.get(part.toolCallId)
        if (index === undefined) return this.#begin(part.toolCallId, part.toolName, part.input || '{}', part.providerMetadata)
        // A call without arguments streams nothing, or less than its whole input.
        const { arguments: sent } = this.#calls[index]!.function
        const whole = part.input || '{}'
        return whole.startsWith(sent) ? this.#extend(part.toolCallId, whole.slice(sent.length), part.providerMetadata) : undefined
      }
      case 'finish':
        this.#finish = part.finishReason.unified
        return undefined
      default:
        return undefined
    }
  }

  #begin(id: string, name: string, input: string, metadata: SharedV4ProviderMetadata | undefined): Delta {
    const index = this.#calls.length
    const call: ToolCall = { id: id || `call_${newId()}`, type: 'function', function: { name, arguments: input }, ...signatureOf(metadata) }
    this.#calls.push(call)
    this.#callById.set(id, index)
    return { tool_calls: [{ index, ...call, function: { ...call.function } }] }
  }

  #extend(id: string, input: string, metadata?: SharedV4ProviderMetadata): Delta | undefined {
    const index = this.#callById.get(id)
    const call = index === undefined ? undefined : this.#calls[index]
    if (index === undefined || !call) return undefined
    const signature = call.extra_content ? {} : signatureOf(metadata)
    if (input === '' && !signature.extra_content) return undefined
    call.function.arguments += input
    Object.assign(call, signature)
    return { tool_calls: [{ index, function: { arguments: input }, ...signature }] }
  }

  get isFiltered(): boolean {
    return this.#finish === 'content-filter'
  }

  get finishReason(): FinishReason {
    if (this.isFiltered) return 'content_filter'
    if (this.#calls.length > 0) return 'tool_calls'
    return this.#finish === 'length' ? 'length' : 'stop'
  }

  message() {
    return {
      role: 'assistant' as const,
      content: this.#content === '' && this.#calls.length > 0 ? null : this.#content,
      refusal: null,
      ...(this.#reasoning && { reasoning_content: this.#reasoning }),
      ...(this.#calls.length > 0 && { tool_calls: this.#calls }),
    }
  }
}

/** Gemini wants its signature back with the call (Gemini API, "OpenAI compatibility > Thought signatures"). */
function signatureOf(metadata: SharedV4ProviderMetadata | undefined): Pick<ToolCall, 'extra_content'> {
  const signature = metadata?.google?.thoughtSignature
  return typeof signature === 'string' ? { extra_content: { google: { thought_signature: signature } } } : {}
}

export function usageOf(tokens: TokenCounts) {
  return {
    prompt_tokens: tokens.input,
    completion_tokens: tokens.output,
    total_tokens: tokens.input + tokens.output,
    prompt_tokens_details: { cached_tokens: tokens.cacheRead },
    completion_tokens_details: { reasoning_tokens: tokens.reasoning },
  }
}
