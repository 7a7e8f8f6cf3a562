import type {
  JSONValue,
  LanguageModelV4StreamPart,
  LanguageModelV4ToolCall,
  LanguageModelV4ToolResult,
  SharedV4ProviderMetadata,
} from '@ai-sdk/provider'
import { beginningOf } from '../../platform/db/index.ts'
import { providerSearchName } from '../../platform/llm/index.ts'
import type { AnswerDraft } from './answer-draft.ts'
import { textsOf, withTexts } from './texts-of.ts'

const maxShown = 4_000
/** What a provider wants back of what it found, sealed by itself. */
const maxKept = 400_000

/** The tools that a model's provider runs within its own call: shown like others, never run by our loop. */
export class ProviderCalls {
  readonly #draft: AnswerDraft
  readonly #step: number
  readonly #begun = new Map<string, number>()
  readonly #asked = new Set<string>()
  #searches = 0
  #queries = 0

  constructor(draft: AnswerDraft, step: number) {
    this.#draft = draft
    this.#step = step
  }

  /** How often it searched, as far as its stream says. */
  get searches(): number {
    return Math.max(this.#searches, this.#queries)
  }

  /** Counts what is paid for, also where nobody is shown it. */
  count(part: LanguageModelV4StreamPart): void {
    if (part.type === 'tool-call' && part.providerExecuted) this.#asked.add(part.toolCallId)
    else if (part.type === 'tool-result') {
      const action = actionOf(part.result)
      if (this.#asked.has(part.toolCallId) && !part.isError && (action === undefined || action.type === 'search')) this.#searches++
    } else if (part.type === 'finish') {
      const { length } = queriesOf(part.providerMetadata)
      // One request is charged, however many queries it makes; of newer models each query is.
      if (length > 0 && this.#asked.size === 0) this.#searches = 1
      else this.#queries = length
    }
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
    const queries = queriesOf(metadata)
    if (queries.length === 0 || this.#begun.size > 0) return
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

function queriesOf(metadata: SharedV4ProviderMetadata | undefined): string[] {
  const grounding = metadata?.google?.groundingMetadata as { webSearchQueries?: unknown } | null | undefined
  return Array.isArray(grounding?.webSearchQueries) ? grounding.webSearchQueries.filter((one) => typeof one === 'string') : []
}

/** The words of a part that are shown of a provider's search: what it found, and what it says that it looked for. */
export function searchTextsOf(part: LanguageModelV4StreamPart): string[] {
  if (part.type === 'finish') return queriesOf(part.providerMetadata)
  if (part.type !== 'tool-result') return []
  return [...textsOf(actionOf(part.result)), ...foundIn(part.result).map((item) => lineOf(item) ?? '')]
}

/** The same part with other words, given in that order; what was found and may not be told as it is is left out. */
export function withSearchTexts<Part extends LanguageModelV4StreamPart>(part: Part, texts: readonly string[]): Part {
  const before = searchTextsOf(part)
  if (before.every((text, index) => text === texts[index])) return part
  if (part.type === 'finish') {
    const { google, ...others } = part.providerMetadata ?? {}
    const groundingMetadata = { ...asRecord(google?.groundingMetadata), webSearchQueries: [...texts] }
    return { ...part, providerMetadata: { ...others, google: { ...google, groundingMetadata } } } as Part
  }
  if (part.type !== 'tool-result') return part
  const action = actionOf(part.result)
  const ofAction = textsOf(action).length
  const found = foundIn(part.result).filter((_, index) => texts[ofAction + index] === before[ofAction + index])
  const record = asRecord(part.result)
  const changed = action && { action: withTexts(action, texts.slice(0, ofAction)) }
  const result = record ? { ...record, ...changed, ...(Array.isArray(record.sources) && { sources: found }) } : found
  return { ...part, result: result as never }
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
  const lines = foundIn(result).flatMap((item) => lineOf(item) ?? [])
  return lines.length > 0 ? beginningOf(lines.map((line, index) => `${index + 1}. ${line}`).join('\n'), maxShown) : 'Done.'
}

function foundIn(result: JSONValue): readonly JSONValue[] {
  if (Array.isArray(result)) return result
  const sources = asRecord(result)?.sources
  return Array.isArray(sources) ? (sources as JSONValue[]) : []
}

function lineOf(item: JSONValue): string | undefined {
  const { url, title } = asRecord(item) ?? {}
  if (typeof url !== 'string') return undefined
  return typeof title === 'string' && title ? `${title}\n${url}` : url
}
