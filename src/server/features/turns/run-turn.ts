import type { LanguageModelV4CallOptions, LanguageModelV4Prompt } from '@ai-sdk/provider'
import type { ToolCallState } from '../../../contract/messages.ts'
import type { TurnEvent } from '../../../contract/turns.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { LiveStream } from '../../platform/events/index.ts'
import { newId } from '../../platform/ids.ts'
import { trancheCost, trancheTokens } from '../usage/index.ts'
import { withoutMetadata } from '../conversations/index.ts'
import type { OpenTools } from '../tools/index.ts'
import { AnswerDraft } from './answer-draft.ts'
import { callModel, type ModelCallResult, PrematureEnd } from './model-call.ts'
import type { End, EnginePorts, Job, OpenCall, Outcome } from './ports.ts'
import { retryAfter } from './retry-after.ts'
import { priceOf } from './snapshot.ts'
import { type FinishedCall, lengthOf, type Task, TurnBill } from './turn-bill.ts'
import type { EndedTask, NewToolCall, TurnWrite, TurnWritten } from './hot-statements.ts'

/** The last permitted step runs without tools, so that a turn always ends with an answer. */
export const maxSteps = 25

/** Why a run leaves off without ending its turn: somebody else has it, or this process gives it up. */
class LeftOff extends Error {
  override readonly name = 'LeftOff'
}

/** One turn on this process: model calls and tools until it ends, waits for a person, or leaves off. */
export class TurnRun {
  readonly job: Job
  readonly #ports: EnginePorts
  readonly #stream: LiveStream<TurnEvent>
  readonly #draft: AnswerDraft
  readonly #abort = new AbortController()
  readonly #outcome = Promise.withResolvers<Outcome | undefined>()
  #ended: Outcome | undefined
  readonly #bill: TurnBill
  #why: 'stop' | 'leave' | 'budget' | undefined
  #pendingResults: NonNullable<TurnWrite['results']> = []
  /** Calls that wait for a person; a decision may come while others still run. */
  readonly #asked = new Map<string, OpenCall>()

  constructor(ports: EnginePorts, job: Job) {
    this.#ports = ports
    this.job = job
    this.#stream = ports.openStream(job.turnId, job.epoch, job.conversationId !== null)
    this.#draft = new AnswerDraft(job.parts, (event) => this.#stream.append(event))
    this.#bill = new TurnBill(priceOf(job.settings), ports.estimateTokens, job.counted)
    for (const call of job.asked) this.#asked.set(call.id, call)
  }

  get stream(): LiveStream<TurnEvent> {
    return this.#stream
  }

  /** How it ended, once that is written; undefined where it waits for a person or left off. */
  get outcome(): Promise<Outcome | undefined> {
    return this.#outcome.promise
  }

  /** A person asked to stop: what arrived is kept. */
  stop(): void {
    this.#cancel('stop')
  }

  /** Somebody else has the turn, or this process gives it up: end nothing, write nothing more. */
  leave(): void {
    this.#cancel('leave')
  }

  get #hasLeft(): boolean {
    return this.#why === 'leave'
  }

  #cancel(why: 'stop' | 'leave' | 'budget'): void {
    if (this.#why === 'leave' || this.#why === why) return
    this.#why = why
    this.#abort.abort(new Error(`the turn was cancelled: ${why}`))
  }

  async run(): Promise<void> {
    try {
      this.#announceStart()
      if (this.job.closeAs) await this.#end(this.job.closeAs)
      else await this.#steps()
    } catch (error) {
      if (!(error instanceof LeftOff)) await this.#endByBug(error)
    } finally {
      this.#ports.closeStream(this.job.turnId, this.#stream)
      if (this.job.conversationId) this.#ports.announce(this.job.turnId, this.job.ownerId)
      if (this.#ended?.state === 'completed') this.#ports.onAnswered(this.job, this.#inputTokens)
      // Asked aside, it stands in no conversation and is paid for one.
      if (this.#ended && this.job.caller?.aside) this.#ports.onSpent(this.job.caller.aside.conversationId)
      this.#outcome.resolve(this.#ended)
    }
  }

  #announceStart(): void {
    const { job } = this
    if (job.how === 'fresh') {
      this.#stream.append({
        type: 'turn-started',
        turnId: job.turnId as never,
        conversationId: job.conversationId as never,
        answerMessageId: job.answerMessageId as never,
      })
      this.#draft.parts.forEach((part, index) => this.#stream.append({ type: 'part', part: index, value: withoutMetadata(part) }))
    } else if (job.how === 'resumed') this.#stream.append({ type: 'turn-resumed', parts: this.#draft.parts.map(withoutMetadata) })
    else {
      this.#stream.append({ type: 'turn-resumed', parts: this.#draft.parts.map(withoutMetadata) })
      this.#stream.append({ type: 'turn-continued' })
    }
  }

  async #steps(): Promise<void> {
    let task: Task | null = this.job.taskId ? { id: this.job.taskId, step: this.job.step, attempt: this.job.attempt } : null
    let calls: OpenCall[] = this.job.calls
    let { step, attempt, isContinuation } = this.job

    for (;;) {
      if (!task) {
        const begun = await this.#runTools(calls, step, attempt, isContinuation)
        if (begun === 'ended') return
        task = begun
        step = task.step
      }
      const isLastStep = step >= maxSteps
      const result = await this.#call(task, isLastStep, isContinuation)
      isContinuation = false
      const next = await this.#afterCall(task, result)
      if (next === 'ended') return
      calls = next.calls
      task = next.task
      attempt = next.attempt
      step = next.step
    }
  }

  /** Runs calls until none is open, then begins the next task. */
  async #runTools(calls: OpenCall[], step: number, attempt: number, isContinuation: boolean): Promise<Task | 'ended'> {
    let open = calls
    for (;;) {
      await Promise.all(open.map((call) => this.#runTool(call)))
      if (this.#hasLeft) throw new LeftOff()
      if (this.#why === 'stop') {
        await this.#end({ state: 'stopped', error: null })
        return 'ended'
      }
      const prompt = await this.#prompt(isContinuation)
      const taskId = newId()
      const written = await this.#write({
        parts: this.#draft.parts,
        wait: true,
        next: {
          taskId,
          step,
          attempt,
          isOwnKey: this.job.settings.settings.isOwnKey,
          reserveNanoUsd: this.#bill.reservationFor(prompt),
          prompt: this.#promptReference(isContinuation),
        },
      })
      for (const { id, result } of written.denied) {
        const call = this.#asked.get(id)
        if (call) this.#draft.updateCall(call.callId, call.step, { state: 'denied', result })
        this.#asked.delete(id)
      }
      if (written.waiting) return 'ended'
      if (written.stop) {
        await this.#end({ state: 'stopped', error: null })
        return 'ended'
      }
      if (written.refusal) {
        await this.#end({ state: 'failed', error: { code: written.refusal } })
        return 'ended'
      }
      if (written.run.length === 0) return { id: taskId, step, attempt }
      open = written.run.flatMap((id) => this.#asked.get(id) ?? [])
      for (const call of open) {
        this.#asked.delete(call.id)
        this.#draft.updateCall(call.callId, call.step, { state: 'running' })
      }
    }
  }

  async #runTool(call: OpenCall): Promise<void> {
    await this.#ports.sure(this.#abort.signal)
    if (this.#hasLeft) return
    const tools = await this.#tools()
    const startedAt = performance.now()
    const { surface, ...outcome } = await tools.run(call.toolName, call.arguments, {
      signal: this.#abort.signal,
      callId: call.callId,
      actorId: this.job.actorId,
      workspaceId: this.job.workspaceId,
      turnId: this.job.turnId,
      conversationId: this.job.conversationId,
    })
    if (this.#hasLeft) return
    if (surface) this.#draft.show({ type: 'surface', step: call.step, callId: call.callId, ...surface })
    this.#draft.updateCall(call.callId, call.step, { ...outcome, durationMs: Math.round(performance.now() - startedAt) })
    this.#pendingResults.push({ id: call.id, ...outcome })
    // Written down at once: a result that is only in memory would be lost with the process, and the tool may not run again.
    if (!isRepeatable(tools, call.toolName)) await this.#write({ parts: this.#draft.parts })
  }

  async #call(task: Task, isLastStep: boolean, isContinuation: boolean): Promise<FinishedCall> {
    const startedAt = performance.now()
    const begunWith = lengthOf(this.#draft.parts, task.step)
    let prompt: LanguageModelV4Prompt | null = null
    try {
      await this.#ports.sure(this.#abort.signal)
      const { model, options } = await this.#ports.openModel(this.job.settings)
      prompt = await this.#prompt(isContinuation)
      this.#draft.beginStep(task.step, this.job.settings.modelName)
      const result = await callModel(
        model,
        { ...options, ...(await this.#options(isLastStep)), prompt, abortSignal: this.#abort.signal },
        this.#draft,
        task.step,
        (length) => this.#onOutput(task, length),
        this.job.caller?.observe,
      )
      return { ...result, prompt, begunWith, latencyMs: Math.round(performance.now() - startedAt) }
    } catch (error) {
      // Opening the model failed: the key cannot be unsealed, or the connection is gone.
      return {
        toolCalls: [],
        finish: null,
        requestId: null,
        usage: null,
        firstTokenMs: null,
        error,
        prompt,
        begunWith,
        latencyMs: Math.round(performance.now() - startedAt),
      }
    }
  }

  async #options(isLastStep: boolean): Promise<Partial<LanguageModelV4CallOptions>> {
    if (this.job.caller) return this.job.caller.options
    const { parameters, thinking, tools, topK } = this.job.settings.settings
    const isOffered = tools.length > 0 && !isLastStep && !this.#withoutTools
    const definitions = isOffered ? (await this.#tools()).definitions(tools) : []
    return {
      ...(parameters.temperature !== null && { temperature: parameters.temperature }),
      ...(parameters.maxTokens !== null && { maxOutputTokens: parameters.maxTokens }),
      ...(parameters.topP !== null && { topP: parameters.topP }),
      ...(topK !== undefined && { topK }),
      ...(parameters.frequencyPenalty !== null && { frequencyPenalty: parameters.frequencyPenalty }),
      ...(parameters.presencePenalty !== null && { presencePenalty: parameters.presencePenalty }),
      ...(thinking !== null && { reasoning: thinking === 'off' ? ('none' as const) : thinking }),
      ...(definitions.length > 0 && { tools: definitions, toolChoice: { type: 'auto' as const } }),
    }
  }

  /** The same for the whole run: what was offered is what is run. */
  #tools(): Promise<OpenTools> {
    return (this.#openTools ??= this.#ports.openTools(this.job))
  }

  #openTools: Promise<OpenTools> | undefined
  #withoutTools = false
  /** Of the last call. */
  #inputTokens = 0
  #reservedTokens = trancheTokens
  #extending: Promise<void> | undefined

  /** Reserves more before the tranche is used up, and holds the stream while the database cannot take what has come. */
  #onOutput(task: Task, outputLength: number): Promise<void> | undefined {
    const used = outputLength / 4
    const price = priceOf(this.job.settings)
    if (used > this.#reservedTokens * 0.8 && !this.#extending && trancheCost(price) > 0n) {
      this.#extending = this.#ports
        .extendReservation(task.id, trancheCost(price))
        .then((granted) => {
          if (granted) this.#reservedTokens += trancheTokens
          else this.#cancel('budget')
        })
        .catch((error: unknown) => this.#ports.log.warn({ err: error, turnId: this.job.turnId }, 'a reservation could not be extended'))
        .finally(() => (this.#extending = undefined))
    }
    if (!this.#stream.isOverfull) return undefined
    return this.#whenDrained()
  }

  async #whenDrained(): Promise<void> {
    while (this.#stream.isOverfull && !this.#abort.signal.aborted) await new Promise((resolve) => setTimeout(resolve, 50))
  }

  async #afterCall(
    task: Task,
    result: FinishedCall,
  ): Promise<'ended' | { task: Task | null; calls: OpenCall[]; step: number; attempt: number }> {
    if (this.#hasLeft) throw new LeftOff()
    await this.#extending
    this.#reservedTokens = trancheTokens
    const error = this.#errorOf(result)
    const status: EndedTask['status'] = this.#why === 'stop' ? 'stopped' : error ? 'failed' : 'completed'
    const ended = {
      ...this.#bill.add(task, result, this.#draft.parts, { status, error: error?.notice() ?? null }),
      ...this.job.caller?.aside,
    }

    this.#inputTokens = ended.tokens.input
    if (this.#why === 'stop') return this.#end({ state: 'stopped', error: null }, ended)
    if (this.#why === 'budget') return this.#end({ state: 'failed', error: { code: 'budget.exhausted' } }, ended)
    if (error) {
      const retry = this.#retry(task, error, result)
      return retry
        ? this.#beginRetry(task, ended, retry.delayMs, result.prompt)
        : this.#end({ state: 'failed', error: error.notice() }, ended)
    }
    // In the last pass no tools were offered; a model that calls one all the same is not followed.
    if (result.toolCalls.length === 0 || (task.step >= maxSteps && !this.job.caller)) return this.#endWhole(task, result, ended)
    if (this.job.caller) return this.#endForCaller(task, result, ended)
    return this.#beginTools(task, result, ended)
  }

  /** The model's last words, unless its length ended them: then the answer says so, since half a sentence does not. */
  #endWhole(task: Task, result: ModelCallResult, ended: EndedTask): Promise<'ended'> {
    if (result.finish?.unified === 'length' && !this.job.caller)
      this.#draft.add({ type: 'notice', step: task.step, notice: { code: 'answer.cut_off' } })
    return this.#end({ state: 'completed', error: null }, ended)
  }

  /** The caller's own tools: it runs them and comes back with a new request. */
  #endForCaller(task: Task, result: ModelCallResult, ended: EndedTask): Promise<'ended'> {
    for (const call of result.toolCalls) {
      this.#draft.add({
        type: 'tool-call',
        step: task.step,
        callId: call.toolCallId,
        toolName: call.toolName,
        arguments: parseArguments(call.input) as never,
        state: 'client',
        result: null,
        durationMs: null,
        ...(call.providerMetadata && { providerMetadata: call.providerMetadata }),
      })
    }
    return this.#end({ state: 'completed', error: null }, ended)
  }

  async #beginTools(task: Task, result: ModelCallResult, ended: EndedTask) {
    const calls: NewToolCall[] = []
    const seen = new Set<string>()
    const tools = await this.#tools()
    for (const call of result.toolCalls) {
      // Some endpoints repeat ids or leave them empty; ours must tell calls apart.
      const callId = call.toolCallId && !seen.has(call.toolCallId) ? call.toolCallId : newId()
      seen.add(callId)
      const permission = await this.#ports.permissionFor(this.job, tools, call.toolName)
      const state: ToolCallState = permission === 'allow' ? 'running' : permission === 'ask' ? 'asked' : 'denied'
      const denied = state === 'denied' ? 'This tool may not be used here.' : null
      const row = { id: newId(), step: task.step, callId, toolName: call.toolName, arguments: parseArguments(call.input) }
      calls.push({ ...row, state, isRepeatable: isRepeatable(tools, call.toolName), result: denied })
      if (state === 'asked') this.#asked.set(row.id, row)
      this.#draft.add({
        type: 'tool-call',
        step: task.step,
        callId,
        toolName: call.toolName,
        arguments: row.arguments as never,
        state,
        result: denied,
        durationMs: null,
        ...(call.providerMetadata && { providerMetadata: call.providerMetadata }),
      })
    }
    const asked = calls.filter((call) => call.state === 'asked')
    const running = calls.filter((call) => call.state === 'running')
    if (asked.length > 0) this.#stream.appendHeld({ type: 'turn-waiting', callIds: asked.map((call) => call.callId) })
    const written = await this.#write({ task: ended, parts: this.#draft.parts, calls, wait: asked.length > 0 && running.length === 0 })
    if (written.stop && !written.waiting) return this.#end({ state: 'stopped', error: null })
    if (written.waiting) return 'ended' as const
    return { task: null, calls: running, step: task.step + 1, attempt: 1 }
  }

  #errorOf(result: ModelCallResult): AppError | undefined {
    if (result.error === undefined) return (result.finish && this.#ports.finishError(result.finish)) ?? undefined
    if (result.error instanceof AppError) return result.error
    if (result.error instanceof PrematureEnd) return new AppError('provider.interrupted', { cause: result.error })
    return this.#ports.toAppError(result.error)
  }

  #retry(task: Task, error: AppError, result: ModelCallResult): { delayMs: number } | undefined {
    if (result.firstTokenMs !== null || this.job.caller) return undefined
    const offersTools = !this.#withoutTools && this.job.settings.settings.tools.length > 0
    const retry = retryAfter(error, task.attempt, offersTools)
    if (retry?.withoutTools) this.#withoutTools = true
    return retry
  }

  async #beginRetry(task: Task, ended: EndedTask, delayMs: number, prompt: LanguageModelV4Prompt | null) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs)
      this.#abort.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
    })
    if (this.#hasLeft) throw new LeftOff()
    if (this.#why === 'stop') return this.#end({ state: 'stopped', error: null }, ended)
    const next = { id: newId(), step: task.step, attempt: task.attempt + 1 }
    const written = await this.#write({
      task: ended,
      next: {
        taskId: next.id,
        step: next.step,
        attempt: next.attempt,
        isOwnKey: this.job.settings.settings.isOwnKey,
        reserveNanoUsd: this.#bill.reservationFor(prompt),
        prompt: this.#promptReference(false),
      },
    })
    if (written.stop) return this.#end({ state: 'stopped', error: null })
    if (written.refusal) return this.#end({ state: 'failed', error: { code: written.refusal } })
    return { task: next, calls: [], step: next.step, attempt: next.attempt }
  }

  #prompt(isContinuation: boolean): Promise<LanguageModelV4Prompt> {
    if (this.job.caller) return Promise.resolve(this.job.caller.prompt)
    return this.#ports.prompt(this.job, this.#draft.parts, isContinuation)
  }

  #promptReference(continuesInterrupted: boolean) {
    return { leafMessageId: this.job.userMessageId ?? undefined, ...(continuesInterrupted && { continuesInterrupted }) }
  }

  async #end(end: End, task?: EndedTask): Promise<'ended'> {
    if (end.error) this.#draft.add({ type: 'notice', step: this.#draft.parts.at(-1)?.step ?? 1, notice: end.error })
    this.#closeOpenCalls()
    const outcome: Outcome = {
      type: 'turn-ended',
      state: end.state,
      error: end.error,
      ...this.#bill.total,
      latencyMs: Math.max(0, Math.round(Date.now() - this.job.startedAt)),
    }
    this.#stream.appendHeld(outcome)
    await this.#write({ ...(task && { task }), parts: this.#draft.parts, preview: this.#draft.preview(), end })
    this.#ended = outcome
    return 'ended'
  }

  /** A turn that ends leaves no call open. */
  #closeOpenCalls(): void {
    for (const part of this.#draft.parts) {
      if (part.type === 'tool-call' && (part.state === 'asked' || part.state === 'running')) {
        this.#draft.updateCall(part.callId, part.step, {
          state: part.state === 'asked' ? 'denied' : 'interrupted',
          result: 'The turn was stopped.',
        })
      }
    }
  }

  /** What was thrown is a bug, or an error that no step expects (the connection is gone). */
  async #endByBug(error: unknown): Promise<void> {
    const known = error instanceof AppError
    if (known) this.#ports.log.warn({ err: error, turnId: this.job.turnId }, 'a turn could not go on')
    else this.#ports.log.error({ err: error, turnId: this.job.turnId }, 'a turn failed by a bug')
    await this.#end({ state: 'failed', error: known ? error.notice() : { code: 'internal' } }).catch((reason: unknown) => {
      if (!(reason instanceof LeftOff)) this.#ports.log.error({ err: reason, turnId: this.job.turnId }, 'a failed turn could not be closed')
    })
  }

  /** One fenced write, with everything of the stream that is not in the log yet. */
  async #write(item: Omit<TurnWrite, 'turnId' | 'epoch' | 'processId' | 'log'>): Promise<TurnWritten> {
    const isDurable = this.job.conversationId !== null
    const entries = await this.#stream.take()
    const results = this.#pendingResults
    this.#pendingResults = []
    let written: TurnWritten
    try {
      written = await this.#ports.write({
        turnId: this.job.turnId,
        epoch: this.job.epoch,
        processId: this.#ports.processId,
        log:
          isDurable && entries.length > 0
            ? [
                {
                  first: entries[0]!.first,
                  last: entries.at(-1)!.last,
                  events: entries.map(({ first, last, event }) => [first, last, event]),
                },
              ]
            : [],
        ...item,
        ...(results.length > 0 && { results }),
      })
    } catch (error) {
      this.#stream.rollback()
      this.#pendingResults = [...results, ...this.#pendingResults]
      throw error
    }
    if (written.fenced) {
      this.#stream.rollback()
      this.leave()
      throw new LeftOff()
    }
    this.#stream.commit()
    if (written.followUps.length > 0) this.#ports.startFollowUps(written.followUps)
    if (written.delivers) this.#ports.wakeDeliveries()
    if (written.isWatched && this.job.conversationId) this.#ports.onSpent(this.job.conversationId)
    return written
  }
}

/** A name that no tool has only gets a result that says so. */
function isRepeatable(tools: OpenTools, name: string): boolean {
  return tools.find(name)?.isRepeatable ?? true
}

function parseArguments(input: string): unknown {
  try {
    return JSON.parse(input || '{}')
  } catch {
    return input
  }
}
