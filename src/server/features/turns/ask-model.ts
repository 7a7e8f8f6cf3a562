import type { LanguageModelV4CallOptions, LanguageModelV4Prompt, LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { searchOptions } from '../../platform/llm/index.ts'
import { trancheCost, trancheTokens } from '../usage/index.ts'
import type { StoredPart } from '../conversations/index.ts'
import type { TurnGuards } from './guards.ts'
import type { Instruction } from './instructions.ts'
import { readMoreName } from './long-results.ts'
import { callModel } from './model-call.ts'
import { OutputGate } from './output-gate.ts'
import type { RunCalls } from './run-calls.ts'
import type { RunParts } from './run-parts.ts'
import { priceOf } from './snapshot.ts'
import { type FinishedCall, lengthOf, type Task } from './turn-bill.ts'

export interface Question {
  withTools: boolean
  instruction: Instruction | null
}

/** The model calls of a run: what a model is asked, and that its output stays within what is reserved. */
export class ModelCalls {
  readonly #run: RunParts
  readonly #calls: Pick<RunCalls, 'tools' | 'expect'>
  #reservedTokens = trancheTokens
  #extending: Promise<void> | undefined

  constructor(run: RunParts, calls: Pick<RunCalls, 'tools' | 'expect'>) {
    this.#run = run
    this.#calls = calls
  }

  prompt(instruction: Instruction | null): Promise<LanguageModelV4Prompt> {
    const { ports, job, draft } = this.#run
    if (job.caller) return Promise.resolve(job.caller.prompt)
    return ports.prompt(job, draft.parts, instruction)
  }

  /** Never throws: what goes wrong is in the call. */
  async ask(task: Task, { withTools, instruction }: Question): Promise<FinishedCall> {
    const { ports, job, draft, control } = this.#run
    const startedAt = performance.now()
    const begunWith = lengthOf(draft.parts, task.step)
    let prompt: LanguageModelV4Prompt | null = null
    try {
      await ports.sure(control.signal)
      const { model, options } = await ports.openModel(job.settings)
      prompt = await this.prompt(instruction)
      // Anthropic cuts a sentence where what it cites begins and ends.
      const isInPieces = job.settings.provider === 'anthropic' && job.settings.settings.ownSearch !== undefined
      draft.beginStep(task.step, job.settings.modelName, isInPieces)
      const guards = this.#run.guards()
      const gate = guards && this.#gate(await guards, task.step)
      const result = await callModel(
        model,
        { ...options, ...(await this.#options(withTools)), prompt, abortSignal: control.signal },
        draft,
        task.step,
        (length) => this.#onOutput(task, length),
        job.caller ? job.caller.observe : (part) => this.#observe(part),
        gate,
      )
      for (const notice of gate?.notices ?? []) draft.add({ type: 'notice', step: task.step, notice })
      return { ...result, prompt, begunWith, latencyMs: Math.round(performance.now() - startedAt) }
    } catch (error) {
      // Opening the model failed: the key cannot be unsealed, or the connection is gone.
      return {
        toolCalls: [],
        finish: null,
        requestId: null,
        usage: null,
        searches: 0,
        firstTokenMs: null,
        error,
        prompt,
        begunWith,
        latencyMs: Math.round(performance.now() - startedAt),
      }
    }
  }

  /** Where nothing looks at output, what a model writes takes the short way. */
  #gate(guards: TurnGuards, step: number): OutputGate | undefined {
    const { draft, stream } = this.#run
    const watch = guards.watchOutput(step)
    if (!watch) return undefined
    const last = draft.parts.at(-1)
    const before = last?.type === 'text' && last.step === step ? last.text : ''
    return new OutputGate(watch, before, () => stream.append({ type: 'checking', place: 'output' }))
  }

  #observe({ type }: LanguageModelV4StreamPart): void {
    if (type === 'tool-input-start' || type === 'tool-call') this.#calls.expect()
  }

  /** After a call, before it is written down: its reservation says the same here and in the database. */
  async settle(): Promise<void> {
    await this.#extending
    this.#reservedTokens = trancheTokens
  }

  async #options(withTools: boolean): Promise<Partial<LanguageModelV4CallOptions>> {
    const { job } = this.#run
    if (job.caller) return job.caller.options
    const { parameters, thinking, tools, topK, ownSearch } = job.settings.settings
    const searching = withTools && ownSearch ? searchOptions(job.settings.provider, ownSearch.location) : {}
    const offered = withTools && (ownSearch?.takesTools ?? true) ? [...tools, ...((await this.#hasLongResult()) ? [readMoreName] : [])] : []
    const definitions = [...(offered.length > 0 ? (await this.#calls.tools()).definitions(offered) : []), ...(searching.tools ?? [])]
    return {
      ...(parameters.temperature !== null && { temperature: parameters.temperature }),
      ...(parameters.maxTokens !== null && { maxOutputTokens: parameters.maxTokens }),
      ...(parameters.topP !== null && { topP: parameters.topP }),
      ...(topK !== undefined && { topK }),
      ...(parameters.frequencyPenalty !== null && { frequencyPenalty: parameters.frequencyPenalty }),
      ...(parameters.presencePenalty !== null && { presencePenalty: parameters.presencePenalty }),
      ...(thinking !== null && { reasoning: thinking === 'off' ? ('none' as const) : thinking }),
      ...(definitions.length > 0 && { tools: definitions, toolChoice: { type: 'auto' as const } }),
      ...(searching.providerOptions && { providerOptions: searching.providerOptions }),
    }
  }

  /** Somewhere in what the model reads stands only the beginning of a result. */
  async #hasLongResult(): Promise<boolean> {
    const { job, draft } = this.#run
    const isLong = (part: StoredPart) => part.type === 'tool-call' && part.whole !== undefined
    return draft.parts.some(isLong) || ((await job.path) ?? []).some(({ parts }) => parts.some(isLong))
  }

  /** Reserves more before the tranche is used up, and holds the stream while the database cannot take what has come. */
  #onOutput(task: Task, outputLength: number): Promise<void> | undefined {
    const { ports, job, stream, control } = this.#run
    const used = outputLength / 4
    const price = priceOf(job.settings)
    if (used > this.#reservedTokens * 0.8 && !this.#extending && trancheCost(price) > 0n) {
      this.#extending = ports
        .extendReservation(task.id, trancheCost(price))
        .then((granted) => {
          if (granted) this.#reservedTokens += trancheTokens
          else control.cancel('budget')
        })
        .catch((error: unknown) => ports.log.warn({ err: error, turnId: job.turnId }, 'a reservation could not be extended'))
        .finally(() => (this.#extending = undefined))
    }
    if (!stream.isOverfull) return undefined
    return this.#whenDrained()
  }

  async #whenDrained(): Promise<void> {
    const { stream, control } = this.#run
    while (stream.isOverfull && !control.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
