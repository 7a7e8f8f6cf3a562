import type { LanguageModelV4Prompt } from '@ai-sdk/provider'
import type { ErrorNotice } from '../../../contract/errors.ts'
import type { TurnEvent } from '../../../contract/turns.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { LiveStream } from '../../platform/events/index.ts'
import { newId } from '../../platform/ids.ts'
import { withoutMetadata } from '../conversations/index.ts'
import { AnswerDraft } from './answer-draft.ts'
import { ModelCalls } from './ask-model.ts'
import { guardInput } from './guard-input.ts'
import { isGuardrailBlock, type TurnGuards } from './guards.ts'
import type { EndedTask, NewToolCall, NextTask } from './hot-statements.ts'
import type { Continuation, Instruction } from './instructions.ts'
import { type ModelCallResult, PrematureEnd } from './model-call.ts'
import type { End, EnginePorts, Job, OpenCall, Outcome } from './ports.ts'
import { hasKeptRepeating } from './repeated-calls.ts'
import { retryAfter } from './retry-after.ts'
import { RunCalls } from './run-calls.ts'
import { LeftOff, RunControl } from './run-control.ts'
import type { RunParts } from './run-parts.ts'
import { priceOf } from './snapshot.ts'
import { type FinishedCall, type Task, TurnBill } from './turn-bill.ts'
import { TurnWriter } from './turn-writer.ts'

/** Where no agent says another number. The last permitted step runs without tools, so that a turn always ends with an answer. */
const usualMaxSteps = 25

/** A tool that takes no longer costs its step one write instead of two. */
const quickMs = 20

/** What comes after a model call: tools, or the next call where that has begun already. */
interface Next {
  task: Task | null
  calls: OpenCall[]
  step: number
  attempt: number
  /** It goes on with what the answer has already. */
  continues: Continuation | null
  /** The calls run already. */
  running?: Promise<void>
}

/** One turn on this process: model calls and tools until it ends, waits for a person, or leaves off. */
export class TurnRun {
  readonly job: Job
  readonly #ports: EnginePorts
  readonly #stream: LiveStream<TurnEvent>
  readonly #draft: AnswerDraft
  readonly #control = new RunControl()
  readonly #parts: RunParts
  readonly #writer: TurnWriter
  readonly #calls: RunCalls
  readonly #models: ModelCalls
  readonly #bill: TurnBill
  readonly #outcome = Promise.withResolvers<Outcome | undefined>()
  #ended: Outcome | undefined
  /** The model does not take any. */
  #withoutTools = false
  /** Of the last call. */
  #inputTokens = 0
  #guards: Promise<TurnGuards> | undefined
  /** No model has read what was asked. */
  #isWithheld = false
  /** The end of a model call and what it has called, for the next write. */
  #called: { task: EndedTask; calls: NewToolCall[] } | undefined

  constructor(ports: EnginePorts, job: Job) {
    this.#ports = ports
    this.job = job
    this.#stream = ports.openStream(job.turnId, job.epoch, job.conversationId !== null)
    this.#draft = new AnswerDraft(job.parts, (event) => this.#stream.append(event))
    this.#parts = { ports, job, stream: this.#stream, draft: this.#draft, control: this.#control, guards: () => this.#openGuards() }
    const parts = this.#parts
    this.#writer = new TurnWriter(parts)
    this.#calls = new RunCalls(parts, this.#writer)
    this.#models = new ModelCalls(parts, this.#calls)
    this.#bill = new TurnBill(priceOf(job.settings), ports.estimateTokens, job.counted, job.settings.settings.ownSearch)
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
    this.#control.cancel('stop')
  }

  /** A person wants one tool call ended; the turn goes on. */
  cancelCall(callId: string): void {
    this.#calls.cancel(callId)
  }

  /** Somebody else has the turn, or this process gives it up: end nothing, write nothing more. */
  leave(): void {
    this.#control.cancel('leave')
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
      if (this.#ended?.state === 'completed' && !this.#isWithheld) this.#ports.onAnswered(this.job, this.#inputTokens)
      // Asked aside, it stands in no conversation and is paid for one.
      const paidFor = this.job.caller?.aside?.conversationId
      if (this.#ended && paidFor) this.#ports.onSpent(paidFor)
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
      return
    }
    this.#stream.append({ type: 'turn-resumed', parts: this.#draft.parts.map(withoutMetadata) })
    if (job.how === 'decided') this.#stream.append({ type: 'turn-continued' })
  }

  async #steps(): Promise<void> {
    const { job } = this
    let next: Next = {
      task: job.taskId ? { id: job.taskId, step: job.step, attempt: job.attempt } : null,
      calls: job.calls,
      step: job.step,
      attempt: job.attempt,
      continues: job.continues,
    }
    if (await this.#isInputBlocked()) return
    for (;;) {
      const task: Task | 'ended' = next.task ?? (await this.#runTools(next))
      if (task === 'ended') return
      const withTools = !this.#withoutTools && !this.#limitAt(task.step)
      const call = await this.#models.ask(task, { withTools, instruction: this.#instruction(task.step, next.continues) })
      const after = await this.#afterCall(task, call, next.continues)
      if (after === 'ended') return
      next = after
    }
  }

  #openGuards(): Promise<TurnGuards> | undefined {
    if (!this.job.settings.settings.guardrails) return undefined
    return (this.#guards ??= this.#ports.openGuards(this.job))
  }

  /** Once, before the first model call. What has been answered to was looked at then. */
  async #isInputBlocked(): Promise<boolean> {
    const { job } = this
    const guards = this.#openGuards()
    if (!guards || job.how === 'decided' || (!job.caller && job.parts.length > 0)) return false
    const blocked = await guardInput(this.#parts, await guards).catch((error: unknown) => {
      // Stopped while it was looked at: the model is not asked any more either.
      if (this.#control.signal.aborted) return null
      throw error
    })
    this.#control.throwIfLeft()
    if (!blocked) return false
    this.#isWithheld = true
    const task = job.taskId ? this.#bill.uncalled(job.taskId) : undefined
    await this.#endBlocked(blocked, task)
    return true
  }

  /** A rule that holds is no failure: the answer says so, and is whole. Callers are told by an error, which is all that they can be told. */
  #endBlocked(notice: ErrorNotice, task?: EndedTask): Promise<'ended'> {
    if (this.job.caller) return this.#end({ state: 'failed', error: notice }, task)
    this.#draft.add({ type: 'notice', step: this.#draft.parts.at(-1)?.step ?? this.job.firstStep, notice })
    return this.#end({ state: 'completed', error: null }, task)
  }

  /** Why this step runs without tools: it is the last permitted one, or the model goes round in circles. */
  #limitAt(step: number): 'answer.step_limit' | 'answer.repeated_calls' | undefined {
    const { firstStep, settings } = this.job
    if (hasKeptRepeating(this.#draft.parts, step)) return 'answer.repeated_calls'
    return step - firstStep + 1 >= (settings.settings.maxSteps ?? usualMaxSteps) ? 'answer.step_limit' : undefined
  }

  /** Tools were called in this turn, and a limit is something to speak of. */
  #hasWorked(step: number): boolean {
    return step > this.job.firstStep
  }

  #instruction(step: number, continues: Continuation | null): Instruction | null {
    if (continues) return `continue-${continues}`
    const limit = this.#hasWorked(step) ? this.#limitAt(step) : undefined
    return limit ? (limit === 'answer.step_limit' ? 'answer-at-limit' : 'answer-repeating') : null
  }

  /** Runs calls until none is open, then begins the next task. */
  async #runTools({ calls, step, attempt, continues, running }: Next): Promise<Task | 'ended'> {
    let open = running ?? this.#calls.run(calls)
    for (;;) {
      await open
      this.#control.throwIfLeft()
      if (this.#control.why === 'stop') return this.#end({ state: 'stopped', error: null })
      const task = { id: newId(), step, attempt }
      const instruction = this.#instruction(step, continues)
      const next = this.#nextTask(task, await this.#models.prompt(instruction), instruction)
      const written = await this.#writer.write({ ...this.#called, parts: this.#draft.parts, wait: true, next })
      this.#called = undefined
      const allowed = this.#calls.takeDecisions(written)
      if (written.waiting) return 'ended'
      if (written.stop) return this.#end({ state: 'stopped', error: null })
      if (written.refusal) return this.#end({ state: 'failed', error: { code: written.refusal } })
      if (written.run.length === 0) return task
      this.#calls.showRunning(allowed)
      open = this.#calls.run(allowed)
    }
  }

  async #afterCall(task: Task, call: FinishedCall, continues: Continuation | null): Promise<'ended' | Next> {
    this.#control.throwIfLeft()
    await this.#models.settle()
    const { why } = this.#control
    const error = this.#errorOf(call)
    const status: EndedTask['status'] = why === 'stop' ? 'stopped' : error ? 'failed' : 'completed'
    const ended = {
      ...this.#bill.add(task, call, this.#draft.parts, { status, error: error?.notice() ?? null }),
      ...this.job.caller?.aside,
    }

    this.#inputTokens = ended.tokens.input
    if (why === 'stop') return this.#end({ state: 'stopped', error: null }, ended)
    if (why === 'budget') return this.#end({ state: 'failed', error: { code: 'budget.exhausted' } }, ended)
    if (error && isGuardrailBlock(error.code)) return this.#endBlocked(error.notice(), ended)
    if (error) {
      const retry = this.#retry(task, error, call)
      return retry
        ? this.#beginRetry(task, ended, { delayMs: retry.delayMs, prompt: call.prompt, continues })
        : this.#end({ state: 'failed', error: error.notice() }, ended)
    }
    // In the last pass no tools were offered; a model that calls one all the same is not followed.
    if (call.toolCalls.length === 0 || (this.#limitAt(task.step) && !this.job.caller)) return this.#endWhole(task, call, ended)
    if (this.job.caller) {
      this.#calls.pass(task.step, call.toolCalls)
      return this.#end({ state: 'completed', error: null }, ended)
    }
    return this.#beginTools(task, call, ended)
  }

  /** The model's last words, unless its length ended them: then the answer says so, since half a sentence does not. */
  #endWhole(task: Task, call: ModelCallResult, ended: EndedTask): Promise<'ended'> {
    const limit = this.#limitAt(task.step)
    if (this.job.caller) return this.#end({ state: 'completed', error: null }, ended)
    if (call.finish?.unified === 'length') this.#draft.add({ type: 'notice', step: task.step, notice: { code: 'answer.cut_off' } })
    else if (limit && this.#hasWorked(task.step)) this.#draft.add({ type: 'notice', step: task.step, notice: { code: limit } })
    return this.#end({ state: 'completed', error: null }, ended)
  }

  async #beginTools(task: Task, call: ModelCallResult, ended: EndedTask): Promise<'ended' | Next> {
    const calls = await this.#calls.begin(task.step, call.toolCalls)
    const asked = calls.filter(({ state }) => state === 'asked')
    const running = calls.filter(({ state }) => state === 'running')
    const next: Next = { task: null, calls: running, step: task.step + 1, attempt: 1, continues: null }
    this.#called = { task: ended, calls }
    const wanted = Promise.withResolvers<false>()
    const written = Promise.withResolvers<void>()
    written.promise.catch(() => {})
    // What may run again may run before it is written down that it was called.
    if (asked.length === 0 && calls.every(({ isRepeatable }) => isRepeatable)) {
      next.running = this.#calls.run(running, () => (wanted.resolve(false), written.promise))
      if (await Promise.race([endsWithin(next.running, quickMs), wanted.promise])) return next
    }
    if (asked.length > 0) this.#stream.appendHeld({ type: 'turn-waiting', callIds: asked.map(({ callId }) => callId) })
    const wait = asked.length > 0 && running.length === 0
    const { waiting, stop } = await this.#writer.write({ ...this.#called, parts: this.#draft.parts, wait }).catch((error: unknown) => {
      written.reject(error)
      throw error
    })
    this.#called = undefined
    written.resolve()
    if (waiting) return 'ended'
    if (stop && !next.running) return this.#end({ state: 'stopped', error: null })
    if (stop) this.stop()
    return next
  }

  #errorOf(call: ModelCallResult): AppError | undefined {
    if (call.error === undefined) return (call.finish && this.#ports.finishError(call.finish)) ?? undefined
    if (call.error instanceof AppError) return call.error
    if (call.error instanceof PrematureEnd) return new AppError('provider.interrupted', { cause: call.error })
    return this.#ports.toAppError(call.error)
  }

  #retry(task: Task, error: AppError, call: ModelCallResult): { delayMs: number } | undefined {
    if (call.firstTokenMs !== null || this.job.caller) return undefined
    const offersTools =
      !this.#withoutTools && (this.job.settings.settings.tools.length > 0 || this.job.settings.settings.ownSearch !== undefined)
    const retry = retryAfter(error, task.attempt, offersTools)
    if (retry?.withoutTools) this.#withoutTools = true
    return retry
  }

  async #beginRetry(
    task: Task,
    ended: EndedTask,
    { delayMs, prompt, continues }: { delayMs: number; prompt: LanguageModelV4Prompt | null; continues: Continuation | null },
  ): Promise<'ended' | Next> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, delayMs)
      this.#control.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
    })
    this.#control.throwIfLeft()
    if (this.#control.why === 'stop') return this.#end({ state: 'stopped', error: null }, ended)
    const again = { id: newId(), step: task.step, attempt: task.attempt + 1 }
    const written = await this.#writer.write({ task: ended, next: this.#nextTask(again, prompt, this.#instruction(task.step, continues)) })
    if (written.stop) return this.#end({ state: 'stopped', error: null })
    if (written.refusal) return this.#end({ state: 'failed', error: { code: written.refusal } })
    return { task: again, calls: [], step: again.step, attempt: again.attempt, continues }
  }

  #nextTask({ id, step, attempt }: Task, prompt: LanguageModelV4Prompt | null, instruction: Instruction | null): NextTask {
    return {
      taskId: id,
      step,
      attempt,
      isOwnKey: this.job.settings.settings.isOwnKey,
      reserveNanoUsd: this.#bill.reservationFor(prompt),
      prompt: { leafMessageId: this.job.userMessageId ?? undefined, ...(instruction && { instruction }) },
    }
  }

  async #end(end: End, task?: EndedTask): Promise<'ended'> {
    if (end.error) this.#draft.add({ type: 'notice', step: this.#draft.parts.at(-1)?.step ?? 1, notice: end.error })
    this.#calls.close()
    const outcome: Outcome = {
      type: 'turn-ended',
      state: end.state,
      error: end.error,
      ...this.#bill.total,
      latencyMs: Math.max(0, Math.round(Date.now() - this.job.startedAt)),
    }
    this.#stream.appendHeld(outcome)
    await this.#writer.write({ ...this.#called, ...(task && { task }), parts: this.#draft.parts, preview: this.#draft.preview(), end })
    this.#called = undefined
    this.#ended = outcome
    return 'ended'
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
}

/** Whether it is settled by then; one that failed is for whoever waits for it. */
async function endsWithin(work: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, ms, false)
  })
  const settled = work.then(
    () => true,
    () => true,
  )
  return Promise.race([settled, late]).finally(() => clearTimeout(timer))
}
