import type { LanguageModelV4ToolCall } from '@ai-sdk/provider'
import type { ToolCallState, ToolProgress } from '../../../contract/messages.ts'
import { beginningOf } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import type { OpenTools, Tool, ToolContext, ToolOutcome } from '../tools/index.ts'
import { cancelledResult, deniedHere } from './call-words.ts'
import { guardQuestions } from './guard-questions.ts'
import { withheldResult } from './guards.ts'
import type { NewToolCall, TurnWritten } from './hot-statements.ts'
import { maxKeptLength, pieceOf, readMoreName, shownLength } from './long-results.ts'
import { type Permission, permissionsOf } from './permissions.ts'
import type { OpenCall } from './ports.ts'
import { judgeCalls, repeatedResult, stillRepeatingResult } from './repeated-calls.ts'
import type { RunParts } from './run-parts.ts'
import { textsOf, withTexts } from './texts-of.ts'
import { Throttle } from './throttle.ts'
import type { TurnWriter } from './turn-writer.ts'

type Outcome = Omit<ToolOutcome, 'state'> & { state: ToolCallState }

/** Progress is written to the log of events, which needs no more of it than an eye. */
const progressMs = 300
const maxProgressLength = 300

/** Resolves once the rows of the calls are there, for what is kept beside them; whoever asks for it has them written. */
export type IsWritten = () => Promise<void>

const beginnings: Record<Tool['permission'], { state: ToolCallState; result: string | null }> = {
  allow: { state: 'running', result: null },
  ask: { state: 'asked', result: null },
  deny: { state: 'denied', result: deniedHere },
}

/** The tool calls of a run: whether each may run, that it runs, and what came of it. */
export class RunCalls {
  readonly #run: RunParts
  readonly #writer: TurnWriter
  /** Calls that wait for a person; a decision may come while others still run. */
  readonly #asked = new Map<string, OpenCall>()
  /** By the call's id: what ends one that runs. */
  readonly #cancelling = new Map<string, AbortController>()
  #keptLength = 0
  #openTools: Promise<OpenTools> | undefined
  #decided: ReturnType<RunParts['ports']['decided']> | undefined

  constructor(run: RunParts, writer: TurnWriter) {
    this.#run = run
    this.#writer = writer
    for (const call of run.job.asked) this.#asked.set(call.id, call)
  }

  /** The same for the whole run: what was offered is what is run. */
  tools(): Promise<OpenTools> {
    return (this.#openTools ??= this.#run.ports.openTools(this.#run.job))
  }

  /** The model begins to call a tool: what people have said of tools is read while it does. */
  expect(): void {
    this.#decided ??= this.#run.ports.decided(this.#run.job)
    // Who asks for it hears of it.
    this.#decided.catch(() => {})
  }

  /** Puts what a model has called into the answer: each call begins, asks, or is refused at once. */
  async begin(step: number, toolCalls: readonly LanguageModelV4ToolCall[]): Promise<NewToolCall[]> {
    const { job, draft } = this.#run
    const calls: NewToolCall[] = []
    const seen = new Set<string>()
    const tools = await this.tools()
    const called = toolCalls.map((call) => ({ ...call, arguments: parseArguments(call.input) }))
    const verdict = judgeCalls(draft.parts, job.firstStep, called)
    const permissions = verdict === 'run' ? await this.#permissions(tools, called) : undefined
    for (const call of called) {
      // Some endpoints repeat ids or leave them empty; ours must tell calls apart.
      const callId = call.toolCallId && !seen.has(call.toolCallId) ? call.toolCallId : newId()
      seen.add(callId)
      const { state, result } =
        verdict === 'run'
          ? beginnings[permissions?.get(call.toolName) ?? 'deny']
          : { state: 'failed' as const, result: verdict === 'tell' ? repeatedResult : stillRepeatingResult }
      const row = { id: newId(), step, callId, toolName: call.toolName, arguments: call.arguments }
      calls.push({ ...row, state, isRepeatable: isRepeatable(tools, call.toolName), result })
      if (state === 'asked') this.#asked.set(row.id, row)
      draft.add({
        type: 'tool-call',
        step,
        callId,
        toolName: call.toolName,
        arguments: row.arguments as never,
        state,
        result,
        durationMs: null,
        ...(call.providerMetadata && { providerMetadata: call.providerMetadata }),
      })
    }
    return calls
  }

  async #permissions(tools: OpenTools, called: readonly LanguageModelV4ToolCall[]): Promise<Map<string, Permission>> {
    const { ports, job } = this.#run
    const { tools: offered, isOfGuest } = job.settings.settings
    const decided = await (this.#decided ?? ports.decided(job))
    this.#decided = undefined
    const names = called.map(({ toolName }) => toolName)
    return permissionsOf(names, tools, [...offered, readMoreName], decided, isOfGuest)
  }

  /** The caller's own tools: it runs them and comes back with a new request. */
  pass(step: number, toolCalls: readonly LanguageModelV4ToolCall[]): void {
    for (const call of toolCalls) {
      this.#run.draft.add({
        type: 'tool-call',
        step,
        callId: call.toolCallId,
        toolName: call.toolName,
        arguments: parseArguments(call.input) as never,
        state: 'client',
        result: null,
        durationMs: null,
        ...(call.providerMetadata && { providerMetadata: call.providerMetadata }),
      })
    }
  }

  /** Side by side. What one of them says is written down before this resolves, where it may not run again. */
  async run(calls: readonly OpenCall[], isWritten: IsWritten = () => Promise.resolve()): Promise<void> {
    await Promise.all(calls.map((call) => this.#runOne(call, isWritten)))
  }

  async #runOne(call: OpenCall, isWritten: IsWritten): Promise<void> {
    const { ports, draft, control } = this.#run
    await ports.sure(control.signal)
    if (control.hasLeft) return
    const tools = await this.tools()
    const startedAt = performance.now()
    const { surface, sources = [], files = [], ...outcome } = await this.#guarded(call, await this.#outcomeOf(tools, call, isWritten))
    const { whole, ...shown } = await this.#shorten(call, outcome, isWritten)
    if (control.hasLeft) return
    if (surface) draft.show({ type: 'surface', step: call.step, callId: call.callId, ...surface })
    for (const file of files) draft.add({ ...file, step: call.step })
    // Once, also where a call runs again after an interruption.
    for (const { url, title } of sources) draft.cite(call.step, url, title)
    draft.updateCall(call.callId, call.step, { ...shown, ...(whole && { whole }), durationMs: Math.round(performance.now() - startedAt) })
    this.#writer.addResult({ id: call.id, ...shown })
    // Written down at once: a result that is only in memory would be lost with the process, and the tool may not run again.
    if (!isRepeatable(tools, call.toolName)) await this.#writer.write({ parts: draft.parts })
  }

  /** What guardrails leave of it, for the model as for everybody else. */
  async #guarded(call: OpenCall, outcome: Outcome): Promise<Outcome> {
    const guards = await this.#run.guards()
    if (!guards?.has('tool_results')) return outcome
    const { draft, control } = this.#run
    const { result, surface, sources = [] } = outcome
    try {
      const shown = surface ? textsOf([surface.fallback, surface.messages]) : []
      const titles = sources.map(({ url, title }) => `${title ?? ''}\n${url}`)
      const checked = await guards.check('tool_results', [result, ...shown, ...titles], call.step, control.signal)
      for (const notice of checked.notices) draft.add({ type: 'notice', step: call.step, notice })
      if (checked.blocked) return { state: 'failed', result: withheldResult }
      const [text = '', ...rest] = checked.texts
      const inSurface = rest.splice(0, shown.length)
      const [fallback = '', messages = []] = surface ? withTexts([surface.fallback, surface.messages] as const, inSurface) : []
      return {
        ...outcome,
        result: text,
        ...(surface && { surface: { ...surface, fallback, messages } }),
        sources: sources.filter((_, index) => rest[index] === titles[index]),
      }
    } catch (error) {
      if (!control.signal.aborted) throw error
      return { state: 'failed', result: withheldResult }
    }
  }

  async #outcomeOf(tools: OpenTools, call: OpenCall, isWritten: IsWritten): Promise<Outcome> {
    const { job, draft, control } = this.#run
    // Forbidden since the call was allowed: it may have waited for days.
    if (tools.find(call.toolName)?.permission === 'deny') return { state: 'denied', result: deniedHere }
    const cancelling = new AbortController()
    const progress = new Throttle((shown: ToolProgress) => draft.progress(call.callId, call.step, shown), progressMs)
    this.#cancelling.set(call.callId, cancelling)
    const signal = AbortSignal.any([control.signal, cancelling.signal])
    const questions = this.#run.ports.questionsOf(job, {
      callId: call.id,
      isRepeatable: isRepeatable(tools, call.toolName),
      isWritten,
      signal,
      show: async (question) => {
        draft.question(call.callId, call.step, question)
        await this.#writer.write({ parts: draft.parts })
      },
    })
    const guards = await this.#run.guards()
    const isGuarded = guards?.has('tool_results')
    const look = async (texts: string[]) => {
      const checked = await guards!.check('tool_results', texts, call.step, signal)
      for (const notice of checked.notices) draft.add({ type: 'notice', step: call.step, notice })
      return checked.blocked ? null : checked.texts
    }
    try {
      const context: ToolContext = {
        signal,
        callId: call.callId,
        actorId: job.actorId,
        apiKeyId: job.apiKeyId,
        workspaceId: job.workspaceId,
        turnId: job.turnId,
        conversationId: job.conversationId,
        isWritten,
        // What it says meanwhile was not looked at.
        progress: ({ message, fraction }) =>
          progress.push(
            progressOf({ ...(fraction !== undefined && { fraction }), ...(!isGuarded && message !== undefined && { message }) }),
          ),
        ...(questions && { questions: isGuarded ? guardQuestions(questions, look) : questions }),
      }
      const outcome = await tools.run(call.toolName, call.arguments, context, job.settings.settings.tools)
      // One that was done before it heard of it has a result all the same.
      const isCancelled = cancelling.signal.aborted && outcome.state === 'failed' && !control.signal.aborted
      return isCancelled ? { state: 'cancelled', result: cancelledResult } : outcome
    } finally {
      progress.stop()
      // A process that gives the turn up ends nothing: the next one asks on.
      if (!control.hasLeft) await questions?.end()
      this.#cancelling.delete(call.callId)
    }
  }

  /** A long result is kept whole beside the message, which has its beginning. */
  async #shorten(call: OpenCall, { state, result }: { state: ToolCallState; result: string }, isWritten: IsWritten) {
    if (result.length <= shownLength) return { state, result }
    const { ports, job } = this.#run
    const first = pieceOf(result, 0, shownLength)
    if (this.#keptLength + result.length > maxKeptLength)
      return { state, result: `${first}\n[cut: ${result.length} characters, and this answer has kept as much as it may]` }
    this.#keptLength += result.length
    await isWritten()
    await ports.keepResult({ id: call.id, turnId: job.turnId, epoch: job.epoch, content: result })
    return { state, result: first, whole: { id: call.id, length: result.length } }
  }

  /** Nothing happens where it does not run. */
  cancel(callId: string): void {
    this.#cancelling.get(callId)?.abort(new Error('the call was cancelled'))
  }

  /** Shows what a person has decided meanwhile, and answers with the calls that may run now. */
  takeDecisions({ denied, run }: Pick<TurnWritten, 'denied' | 'run'>): OpenCall[] {
    const { draft } = this.#run
    for (const { id, result } of denied) {
      const call = this.#asked.get(id)
      if (call) draft.updateCall(call.callId, call.step, { state: 'denied', result })
      this.#asked.delete(id)
    }
    const allowed = run.flatMap((id) => this.#asked.get(id) ?? [])
    for (const call of allowed) this.#asked.delete(call.id)
    return allowed
  }

  showRunning(calls: readonly OpenCall[]): void {
    for (const call of calls) this.#run.draft.updateCall(call.callId, call.step, { state: 'running' })
  }

  /** A turn that ends leaves no call open. */
  close(): void {
    const { draft } = this.#run
    for (const part of draft.parts) {
      if (part.type === 'tool-call' && (part.state === 'asked' || part.state === 'running')) {
        draft.updateCall(part.callId, part.step, {
          state: part.state === 'asked' ? 'denied' : 'interrupted',
          result: 'The turn was stopped.',
        })
      }
    }
  }
}

function progressOf({ message, fraction }: Parameters<NonNullable<ToolContext['progress']>>[0]): ToolProgress {
  return {
    message: message === undefined ? null : beginningOf(message, maxProgressLength),
    fraction: fraction === undefined || !Number.isFinite(fraction) ? null : Math.min(1, Math.max(0, fraction)),
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
