import type { LanguageModelV4Prompt } from '@ai-sdk/provider'
import type { TokenCounts } from '../../../contract/messages.ts'
import { newId } from '../../platform/ids.ts'
import type { StoredPart } from '../conversations/index.ts'
import { costOf, type Price, reservationFor } from '../usage/index.ts'
import type { EndedTask } from './hot-statements.ts'
import { costOfSearches, searchReservation } from './own-search.ts'
import type { ProviderSearching } from './snapshot.ts'
import { countsOf, type ModelCallResult } from './model-call.ts'

/** A model call of a turn: which step it is, and how often that step was tried. */
export interface Task {
  id: string
  step: number
  attempt: number
}

export interface FinishedCall extends ModelCallResult {
  /** Null where the call failed before its prompt was made. */
  prompt: LanguageModelV4Prompt | null
  /** Characters of text in its step that were there before it: those of an answer it goes on with. */
  begunWith: number
  latencyMs: number
}

export interface Counted {
  tokens: TokenCounts
  /** Null once a call's cost is unknown. */
  costNanoUsd: bigint | null
}

const nothing: TokenCounts = { input: 0, output: 0, reasoning: 0, cacheRead: 0, cacheWrite: 0 }

export function addUp(calls: readonly Counted[]): Counted {
  const tokens = { ...nothing }
  let costNanoUsd: bigint | null = 0n
  for (const call of calls) {
    for (const kind of Object.keys(tokens) as (keyof TokenCounts)[]) tokens[kind] += call.tokens[kind]
    costNanoUsd = costNanoUsd === null || call.costNanoUsd === null ? null : costNanoUsd + call.costNanoUsd
  }
  return { tokens, costNanoUsd }
}

/** What a turn has used and what that costs, call by call. */
export class TurnBill {
  readonly #price: Price
  readonly #search: ProviderSearching | undefined
  readonly #estimateTokens: (text: string) => number
  readonly #tokens: TokenCounts
  #costNanoUsd: bigint | null

  /** `before` is what earlier processes, or this one before it asked a person, have counted. */
  constructor(
    price: Price,
    estimateTokens: (text: string) => number,
    before: Counted = { tokens: nothing, costNanoUsd: 0n },
    search?: ProviderSearching,
  ) {
    this.#search = search
    this.#price = price
    this.#estimateTokens = estimateTokens
    this.#tokens = { ...before.tokens }
    this.#costNanoUsd = before.costNanoUsd
  }

  get total(): { tokens: TokenCounts; costNanoUsd: string | null } {
    return { tokens: this.#tokens, costNanoUsd: this.#costNanoUsd === null ? null : String(this.#costNanoUsd) }
  }

  /** Counts a call that has ended, and answers with what is written about it. */
  add(task: Task, call: FinishedCall, parts: readonly StoredPart[], { status, error }: Pick<EndedTask, 'status' | 'error'>): EndedTask {
    const counted = countsOf(call.usage)
    const tokens = counted ?? this.#estimate(task, call, parts)
    const ofTokens = costOf(tokens, this.#price)
    const costNanoUsd = ofTokens === null ? null : ofTokens + costOfSearches(this.#search, call.searches)
    const total = addUp([
      { tokens: this.#tokens, costNanoUsd: this.#costNanoUsd },
      { tokens, costNanoUsd },
    ])
    Object.assign(this.#tokens, total.tokens)
    this.#costNanoUsd = total.costNanoUsd
    return {
      id: task.id,
      usageId: newId(),
      status,
      finishReason: call.finish?.unified ?? null,
      requestId: call.requestId,
      tokens,
      isEstimated: counted === undefined,
      costNanoUsd,
      firstTokenMs: call.firstTokenMs,
      latencyMs: call.latencyMs,
      error,
    }
  }

  /** Of a task whose model was not asked after all: what it held is free again, and nothing was used. */
  uncalled(id: string): EndedTask {
    return {
      id,
      usageId: newId(),
      isUncalled: true,
      status: 'stopped',
      finishReason: null,
      requestId: null,
      tokens: { ...nothing },
      isEstimated: false,
      costNanoUsd: 0n,
      firstTokenMs: null,
      latencyMs: 0,
      error: null,
    }
  }

  /** What the next call is to reserve. */
  reservationFor(prompt: LanguageModelV4Prompt | null): bigint | null {
    const ofTokens = reservationFor(prompt ? this.#estimateTokens(textOf(prompt)) + fileTokensOf(prompt) : 0, this.#price)
    return ofTokens === null ? null : ofTokens + searchReservation(this.#search)
  }

  /** The provider gave no counts. A call that was refused before it wrote anything used nothing. */
  #estimate(task: Task, call: FinishedCall, parts: readonly StoredPart[]): TokenCounts {
    if (!call.prompt || (call.firstTokenMs === null && call.error !== undefined)) return nothing
    let text = ''
    let reasoning = ''
    for (const part of parts) {
      if (part.step !== task.step) continue
      if (part.type === 'text') text += part.text
      else if (part.type === 'reasoning') reasoning += part.text
    }
    const reasoningTokens = this.#estimateTokens(reasoning)
    return {
      ...nothing,
      input: this.#estimateTokens(textOf(call.prompt)) + fileTokensOf(call.prompt),
      output:
        this.#estimateTokens(text.slice(call.begunWith)) +
        reasoningTokens +
        Math.ceil((call.unseenLength ?? 0) / 4) +
        call.toolCalls.reduce((sum, { input }) => sum + this.#estimateTokens(input), 0),
      reasoning: reasoningTokens,
    }
  }
}

/** What the files of a prompt count that are given as they are; those who put them in have estimated it. */
function fileTokensOf(prompt: LanguageModelV4Prompt): number {
  let tokens = 0
  for (const message of prompt) {
    if (message.role !== 'user') continue
    for (const part of message.content) if (part.type === 'file') tokens += Number(part.providerOptions?.['parley']?.['tokens'] ?? 0)
  }
  return tokens
}

/** How much text a step has so far. */
export function lengthOf(parts: readonly StoredPart[], step: number): number {
  return parts.reduce((sum, part) => (part.type === 'text' && part.step === step ? sum + part.text.length : sum), 0)
}

/** Everything that a model reads, for estimates. */
export function textOf(prompt: LanguageModelV4Prompt): string {
  return prompt
    .map((message) =>
      typeof message.content === 'string'
        ? message.content
        : message.content
            .map((part) =>
              'text' in part ? part.text : part.type === 'tool-call' || part.type === 'tool-result' ? JSON.stringify(part) : '',
            )
            .join('\n'),
    )
    .join('\n')
}
