import type { JSONValue, LanguageModelV4ToolCall, LanguageModelV4ToolResult, SharedV4ProviderMetadata } from '@ai-sdk/provider'
import { beginningOf } from '../../platform/db/index.ts'
import { providerSearchName } from '../../platform/llm/index.ts'
import type { AnswerDraft } from './answer-draft.ts'

const maxShown = 4_000
/** What a provider wants back of what it found, sealed by itself. */
const maxKept = 400_000

/** The tools that a model's provider runs within its own call: shown like others, never run by our loop. */
export class ProviderCalls {
  readonly #draft: AnswerDraft
  readonly #step: number
  readonly #begun = new Map<string, number>()
  #searches = 0
  #queries: string[] = []

  constructor(draft: AnswerDraft, step: number) {
    this.#draft = draft
    this.#step = step
  }

  /** How often it searched, as far as its stream says. */
  get searches(): number {
    return Math.max(this.#searches, this.#queries.length)
  }

  begin(call: LanguageModelV4ToolCall): void {
    this.#begun.set(call.toolCallId, performance.now())
    this.#draft.add({
      type: 'tool-call',
      step: this.#step,
      callId: call.toolCallId,
      toolName: nameOf(call.toolName),
      arguments: parsed(call.input) as never,
      state: 'running',
      result: null,
      durationMs: null,
      isProviders: true,
      ...(call.providerMetadata && { providerMetadata: call.providerMetadata }),
    })
  }

  end({ toolCallId, result, isError = false, providerMetadata }: LanguageModelV4ToolResult): void {
    const startedAt = this.#begun.get(toolCallId)
    if (startedAt === undefined) return
    const action = actionOf(result)
    if (!isError && (action === undefined || action.type === 'search')) this.#searches++
    this.#draft.updateCall(toolCallId, this.#step, {
      state: isError ? 'failed' : 'completed',
      result: wordsOf(result, isError),
      durationMs: Math.round(performance.now() - startedAt),
      ...(action && { arguments: action as never }),
    })
    if (!isError && JSON.stringify(result).length <= maxKept) this.#draft.keepProvided(toolCallId, this.#step, result, providerMetadata)
  }

  /** Google says what it searched for at the end of its answer, beside it. */
  grounded(metadata: SharedV4ProviderMetadata | undefined): void {
    const grounding = metadata?.google?.groundingMetadata as { webSearchQueries?: unknown } | null | undefined
    const queries = Array.isArray(grounding?.webSearchQueries) ? grounding.webSearchQueries.filter((one) => typeof one === 'string') : []
    if (queries.length === 0) return
    if (this.#begun.size > 0) {
      this.#queries = queries
      return
    }
    // One request is charged, however many queries it makes; of newer models each query is.
    this.#searches = 1
    this.#draft.add({
      type: 'tool-call',
      step: this.#step,
      callId: `search-${this.#step}`,
      toolName: providerSearchName,
      arguments: queries.length === 1 ? { query: queries[0]! } : { queries },
      state: 'completed',
      result: 'What was found stands below the answer.',
      durationMs: null,
      isProviders: true,
    })
  }
}

const nameOf = (name: string): string => (/search/i.test(name) ? providerSearchName : name.replace(/^server:/, '').slice(0, 64))

function parsed(input: string): unknown {
  try {
    return JSON.parse(input || '{}')
  } catch {
    return input
  }
}

const asRecord = (value: unknown): Record<string, unknown> | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined

/** OpenAI and xAI say only afterwards what was done. */
function actionOf(result: JSONValue): Record<string, unknown> | undefined {
  return asRecord(asRecord(result)?.action)
}

/** What was found, as a list of titles and addresses. */
function wordsOf(result: JSONValue, isError: boolean): string {
  const record = asRecord(result)
  if (isError) return `The provider's search failed (${typeof record?.errorCode === 'string' ? record.errorCode : 'unknown'}).`
  const found = Array.isArray(result) ? result : Array.isArray(record?.sources) ? record.sources : []
  const lines = found.flatMap((item) => {
    const { url, title } = asRecord(item) ?? {}
    return typeof url === 'string' ? [typeof title === 'string' && title ? `${title}\n${url}` : url] : []
  })
  return lines.length > 0 ? beginningOf(lines.map((line, index) => `${index + 1}. ${line}`).join('\n'), maxShown) : 'Done.'
}
