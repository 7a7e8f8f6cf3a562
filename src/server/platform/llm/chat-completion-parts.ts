import { InvalidResponseDataError, JSONParseError, type LanguageModelV4StreamPart, type LanguageModelV4Usage } from '@ai-sdk/provider'
import { StreamingToolCallTracker, type StreamingToolCallDelta } from '@ai-sdk/provider-utils'

/** What is read of a chunk of a streamed chat completion. Everything may be missing: many servers speak this format, each a little otherwise. */
interface Chunk {
  id?: string
  created?: number
  model?: string
  error?: unknown
  choices?: { delta?: Delta | null; finish_reason?: string | null }[]
  usage?: Usage | null
}

interface Delta {
  content?: string | ContentPart[] | null
  reasoning_content?: string | null
  reasoning?: string | null
  refusal?: string | null
  tool_calls?: ToolCallDelta[] | null
}

interface ContentPart {
  type?: string
  text?: string
  thinking?: { text?: string }[]
}

interface ToolCallDelta extends StreamingToolCallDelta {
  extra_content?: { google?: { thought_signature?: string } }
}

interface Usage {
  prompt_tokens?: number
  completion_tokens?: number
  prompt_tokens_details?: { cached_tokens?: number | null } | null
  completion_tokens_details?: { reasoning_tokens?: number | null } | null
}

type Emit = (part: LanguageModelV4StreamPart) => void

const finishReasons: Record<string, 'stop' | 'length' | 'content-filter' | 'tool-calls'> = {
  stop: 'stop',
  length: 'length',
  content_filter: 'content-filter',
  function_call: 'tool-calls',
  tool_calls: 'tool-calls',
}

/** Turns the events of a streamed chat completion into stream parts, in the way of the provider packages. */
export function createChatCompletionParts(emit: Emit, includeRaw: boolean): { event(data: string): void; end(): void } {
  let open: 'text' | 'reasoning' | null = null
  let hasMetadata = false
  let hasRefusal = false
  let hasFailed = false
  let finish: string | null = null
  let usage: Usage | null = null
  const unnamed = new Map<number, ToolCallDelta>()
  const named = new Set<number>()
  // The tracker is the packages' own: how servers number and repeat the pieces of a call is its whole knowledge.
  const calls = new StreamingToolCallTracker<ToolCallDelta>(
    { enqueue: emit },
    {
      extractMetadata: (delta) => {
        const thoughtSignature = delta.extra_content?.google?.thought_signature
        return thoughtSignature === undefined ? undefined : { openaiCompatible: { thoughtSignature } }
      },
      buildToolCallProviderMetadata: (metadata) => metadata,
    },
  )

  function close() {
    if (open !== null) emit({ type: `${open}-end`, id: open })
    open = null
  }

  function say(kind: 'text' | 'reasoning', delta: string) {
    if (open !== kind) {
      close()
      emit({ type: `${kind}-start`, id: kind })
      open = kind
    }
    emit({ type: `${kind}-delta`, id: kind, delta })
  }

  function fail(error: unknown) {
    hasFailed = true
    finish = null
    emit({ type: 'error', error })
  }

  /** A call's name may come after its first piece: until then its pieces wait. */
  function callPiece(piece: ToolCallDelta) {
    const index = piece.index ?? null
    const waiting = index === null ? undefined : unnamed.get(index)
    if (index === null || (!waiting && (piece.function?.name || named.has(index)))) {
      if (index !== null) named.add(index)
      calls.processDelta(piece)
      return
    }
    const name = piece.function?.name ?? null
    const merged: ToolCallDelta = {
      ...waiting,
      ...piece,
      id: waiting?.id ?? piece.id ?? null,
      function: { name, arguments: (waiting?.function?.arguments ?? '') + (piece.function?.arguments ?? '') },
    }
    if (name) {
      unnamed.delete(index)
      named.add(index)
      calls.processDelta(merged)
    } else unnamed.set(index, merged)
  }

  function chunk(value: Chunk) {
    if (typeof value !== 'object' || value === null) {
      fail(unreadable(value))
      return
    }
    if (value.error !== undefined && value.error !== null) {
      fail(value.error)
      return
    }
    if (!Array.isArray(value.choices)) {
      fail(unreadable(value))
      return
    }
    if (!hasMetadata && (value.id || value.model)) {
      hasMetadata = true
      const timestamp = typeof value.created === 'number' ? { timestamp: new Date(value.created * 1000) } : {}
      emit({ type: 'response-metadata', ...(value.id && { id: value.id }), ...(value.model && { modelId: value.model }), ...timestamp })
    }
    if (value.usage) usage = value.usage
    const choice = value.choices[0]
    if (choice?.finish_reason) finish = choice.finish_reason
    const delta = choice?.delta
    if (!delta) return

    const reasoning = delta.reasoning_content ?? delta.reasoning
    if (reasoning) say('reasoning', reasoning)
    if (typeof delta.content === 'string') {
      if (delta.content !== '') say('text', delta.content)
    } else for (const part of delta.content ?? []) sayPart(part)
    if (delta.refusal) {
      hasRefusal = true
      say('text', delta.refusal)
    }
    if (delta.tool_calls && delta.tool_calls.length > 0) {
      if (open === 'reasoning') close()
      for (const piece of delta.tool_calls) callPiece(piece)
    }
  }

  /** Mistral's form: reasoning stands inside the content, in parts of its own. */
  function sayPart({ type, text, thinking }: ContentPart) {
    if (type === 'text' && text) say('text', text)
    const thought = type === 'thinking' && Array.isArray(thinking) ? thinking.map((one) => one.text ?? '').join('') : ''
    if (thought !== '') say('reasoning', thought)
  }

  return {
    event(data) {
      if (data === '[DONE]') return
      let value: unknown
      try {
        value = JSON.parse(data)
      } catch (cause) {
        fail(new JSONParseError({ text: data, cause }))
        return
      }
      if (includeRaw) emit({ type: 'raw', rawValue: value })
      try {
        chunk(value as Chunk)
      } catch (error) {
        // A field of another type than any server sends.
        fail(InvalidResponseDataError.isInstance(error) ? error : unreadable(value))
      }
    },
    end() {
      close()
      try {
        for (const piece of unnamed.values()) calls.processDelta(piece)
        calls.flush()
      } catch (error) {
        fail(error)
      }
      const raw = finish ?? undefined
      const known = raw === undefined ? undefined : (finishReasons[raw] ?? 'other')
      const unified = known === 'stop' && hasRefusal ? 'content-filter' : (known ?? (hasFailed ? 'error' : 'interrupted'))
      emit({ type: 'finish', finishReason: { unified, raw }, usage: toUsage(usage) })
    },
  }
}

function unreadable(data: unknown): InvalidResponseDataError {
  return new InvalidResponseDataError({ data, message: 'A chunk is not one of a chat completion.' })
}

/** What the provider did not count stays undefined. */
function toUsage(usage: Usage | null): LanguageModelV4Usage {
  if (!usage) {
    return {
      inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
      outputTokens: { total: undefined, text: undefined, reasoning: undefined },
    }
  }
  const input = usage.prompt_tokens ?? 0
  const output = usage.completion_tokens ?? 0
  const cacheRead = usage.prompt_tokens_details?.cached_tokens ?? 0
  const reasoning = usage.completion_tokens_details?.reasoning_tokens ?? 0
  return {
    inputTokens: { total: input, noCache: Math.max(0, input - cacheRead), cacheRead, cacheWrite: undefined },
    outputTokens: { total: output, text: Math.max(0, output - reasoning), reasoning },
  }
}
