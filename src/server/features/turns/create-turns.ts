import type { OfferedTool } from '../../../contract/agents.ts'
import type { UserEvent } from '../../../contract/events.ts'
import type { TurnEvent } from '../../../contract/turns.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, isGuest } from '../../platform/auth/index.ts'
import { batcher } from '../../platform/db/batcher.ts'
import { type CounterStreams, StreamHub } from '../../platform/events/index.ts'
import { newId } from '../../platform/ids.ts'
import { type StoredPart, withoutMetadata } from '../conversations/index.ts'
import type { ModelResolver } from '../models/index.ts'
import type { Questions } from '../questions/index.ts'
import type { Tool, Toolbox, ToolScope } from '../tools/index.ts'
import { askAgentName } from './ask-agent.ts'
import { TurnEngine } from './engine.ts'
import type { GuardedTurn, TurnGuards } from './guards.ts'
import { filesFor, guardsOf, pathOf, type QuestionDeps, questionOf, setReadAs } from './read-question.ts'
import { type AcceptItem, acceptTurns } from './hot-statements.ts'
import type { Instruction } from './instructions.ts'
import type { Job } from './ports.ts'
import { readDecided } from './permission-store.ts'
import { ProcessLease } from './process-lease.ts'
import { buildPrompt } from './prompt.ts'
import { readMore } from './read-more.ts'
import { stopConversation, stopTurns } from './stop-turn.ts'
import * as store from './store.ts'
import type { TurnDeps, TurnServices } from './turn-deps.ts'

const maxAccepts = 64
const stopChannel = 'turn-stops'
const cancelChannel = 'call-cancels'
const maxKnownSettings = 2_000

export interface Turns {
  services: TurnServices
  stopConversation(conversationId: string): Promise<void>
  /** What agents of theirs can be given there. */
  offeredTools(actor: Actor, workspaceId: string): Promise<OfferedTool[]>
  stopTurns(ids: readonly string[]): Promise<void>
  /** Before the first request. */
  start(): Promise<void>
  /** Takes no new turns, lets running ones end for a while, hands the rest over. */
  drain(): Promise<void>
  close(): Promise<void>
}

/** An answer that is whole, for what is done about conversations afterwards. */
export interface Answered {
  conversationId: string
  workspaceId: string
  answerMessageId: string
  isFirst: boolean
  inputTokens: number
  maxContext: number | null
  summarizeThreshold: number | null
}

export function createTurns(
  deps: Pick<Deps, 'config' | 'db' | 'database' | 'log' | 'llm' | 'door' | 'files' | 'metrics'> & {
    resolver: ModelResolver
    toolbox: Toolbox
    userStreams: CounterStreams<UserEvent>
    questions: Pick<Questions, 'open'>
    /** What a model is told of who asks, below its system prompt; null where it is told nothing. */
    textAbout(scope: ToolScope): Promise<string | null>
    guardrails: {
      idsFor(workspaceId: string, named: readonly string[]): Promise<string[]> | undefined
      open(ids: readonly string[], turn: GuardedTurn): Promise<TurnGuards>
    }
    /** An answer is to be sent to a contact. */
    wakeDeliveries(): void
    /** A conversation has an answer more. `inputTokens`: what the model has read for it. */
    onAnswered(answered: Answered): void
    /** A call was charged for a conversation whose cost is watched. */
    onSpent(conversationId: string): void
  },
): Turns {
  const { config, db, database, log, llm, toolbox } = deps
  const hub = new StreamHub<TurnEvent>(
    {
      read: (turnId, after, limit) => store.readEvents(db, turnId, after, limit),
      final: (turnId) => finalEvents(deps, turnId),
      isEnd: (event) => event.type === 'turn-ended',
    },
    database.notifier,
    'turn-streams',
  )
  const readMoreTool = readMore(db) as Tool
  const lease = new ProcessLease(db, newId(), log, config.turns.leaseMs)
  const engine = new TurnEngine({
    database,
    log,
    hub,
    lease,
    flushMs: config.turns.eventFlushMs,
    announceUser: (ownerId) => deps.userStreams.announce([ownerId]),
    wakeDeliveries: () => deps.wakeDeliveries(),
    onSpent: (conversationId) => deps.onSpent(conversationId),
    onAnswered: ({ conversationId, workspaceId, answerMessageId, isFirst, settings: { settings } }, inputTokens) => {
      if (!conversationId || !answerMessageId) return
      const { maxContext, summarizeThreshold } = settings
      deps.onAnswered({
        conversationId,
        workspaceId,
        answerMessageId,
        isFirst: isFirst ?? false,
        inputTokens,
        maxContext,
        summarizeThreshold,
      })
    },
    ports: {
      prompt: (job, parts, instruction) => promptOf(deps, job, parts, instruction),
      openModel: async (settings) => ({
        model: llm.languageModel(await deps.resolver.openTarget(settings.connectionId, settings.settings.internalName)),
        options: {},
      }),
      toAppError: (error) => llm.toAppError(error),
      finishError: (reason) => llm.finishError(reason),
      estimateTokens: (text) => llm.estimateTokens(text),
      questionsOf: (job, call) =>
        job.apiKeyId !== null || job.conversationId === null || job.settings.settings.isOfGuest
          ? undefined
          : deps.questions.open({
              ...call,
              isAgain: job.how === 'resumed',
              workspaceId: job.workspaceId,
              turnId: job.turnId,
              epoch: job.epoch,
              askedOf: job.actorId,
            }),
      openGuards: (job) => guardsOf(deps, job)!,
      question: (job) => questionOf(deps, job),
      setReadAs: (job, text) => setReadAs(db, job, text),
      openTools: async (job) => (await toolbox.open(scopeOf(job))).with([readMoreTool]),
      decided: async ({ conversationId, workspaceId, actorId, settings: { settings } }) =>
        conversationId ? readDecided(database, { conversationId, workspaceId, actorId, agentId: settings.agentId ?? null }) : new Map(),
    },
  })

  const knownSettings = new Map<string, string>()
  let isStopping = false
  let stopListening: (() => Promise<void>) | undefined
  const services: TurnServices = {
    engine,
    hub,
    userStreams: deps.userStreams,
    accept: batcher((items: AcceptItem[]) => acceptTurns(database, items), maxAccepts),
    toolNames: async (actor, scope, named) => {
      const tools = await toolbox.open({ ...scope, actorId: actor.principalId })
      const offered = named ? [...new Set([...named.filter((name) => tools.find(name)), ...tools.ofAgent])] : tools.names
      if (!isGuest(actor)) return offered
      // Nobody could be asked in a guest's turn, and what a workspace added is for its members, unless the agent names it.
      return offered.filter((name) => {
        const tool = tools.find(name)
        // What begins a conversation begins it for a member.
        return tool?.permission === 'allow' && (named !== null || !tool.isForMembers) && name !== askAgentName
      })
    },
    guardrailsFor: (workspaceId, named) => deps.guardrails.idsFor(workspaceId, named),
    knownSettings: {
      get: (key) => knownSettings.get(key),
      set: (key, id) => {
        if (knownSettings.size >= maxKnownSettings) knownSettings.clear()
        knownSettings.set(key, id)
      },
    },
    announceCancel: (turnId, callId) => database.notifier.notify(cancelChannel, `${turnId} ${callId}`),
    announceStop: (turnId) => database.notifier.notify(stopChannel, turnId),
    isStopping: () => isStopping,
  }
  deps.metrics.gauge('parley_turns_running', 'Turns that run in this process.', () => engine.size)

  const turnDeps: TurnDeps = { ...deps, turns: services }
  return {
    services,
    async offeredTools(actor, workspaceId) {
      const tools = await toolbox.openToName({ workspaceId, actorId: actor.principalId })
      return [...tools.names, askAgentName].flatMap((name) => {
        const tool = tools.find(name)
        return tool ? [{ name, description: tool.description, permission: tool.permission }] : []
      })
    },
    stopConversation: (conversationId) => stopConversation(turnDeps, conversationId),
    stopTurns: (ids) => stopTurns(turnDeps, ids),
    async start() {
      // On the embedded database the lock on its directory proves that nobody else lives.
      if (database.kind === 'embedded') await store.endAllLeases(db)
      await lease.start()
      await hub.listen()
      const listening = await Promise.all([
        database.notifier.listen(stopChannel, (turnId) => engine.stop(turnId)),
        database.notifier.listen(cancelChannel, (sent) => {
          const [turnId = '', ...callId] = sent.split(' ')
          engine.cancelCall(turnId, callId.join(' '))
        }),
      ])
      stopListening = async () => void (await Promise.all(listening.map((stop) => stop())))
      engine.start()
    },
    async drain() {
      isStopping = true
      await engine.close(config.turns.drainMs)
      await lease.stop()
      // Who follows is told to come back elsewhere by the end of the stream, not by a broken connection.
      await hub.close()
    },
    async close() {
      await stopListening?.()
    },
  }
}

/** The path up to the question, with what this turn has written so far. */
const scopeOf = ({ workspaceId, actorId, conversationId, settings }: Job): ToolScope => ({
  workspaceId,
  actorId,
  conversationId,
  agentId: settings.settings.agentId ?? null,
})

/** The same for every step of a turn, so that what it begins with stays the same for providers that keep it. */
const textsAbout = new WeakMap<Job, Promise<string | null>>()

async function promptOf(
  deps: QuestionDeps & Pick<Deps, 'log'> & { textAbout(scope: ToolScope): Promise<string | null> },
  job: Job,
  parts: readonly StoredPart[],
  instruction: Instruction | null,
) {
  const { settings } = job
  const about =
    textsAbout.get(job) ??
    deps.textAbout(scopeOf(job)).catch((error: unknown) => {
      deps.log.error({ err: error, turnId: job.turnId }, 'what is remembered could not be read')
      return null
    })
  textsAbout.set(job, about)
  const path = [...(await pathOf(deps, job))]
  if (parts.length > 0) path.push({ role: 'assistant', parts: [...parts], provider: settings.provider })
  const { reader, files } = await filesFor(deps, job, path)
  return buildPrompt(path, {
    systemPrompt: [settings.systemPrompt, await about].filter(Boolean).join('\n\n') || null,
    reader,
    ...(files && { files }),
    instruction,
  })
}

/** For a follower of a turn whose events are gone: the answer as it stands, and the end. Undefined while it runs. */
async function finalEvents({ db }: Pick<Deps, 'db'>, turnId: string): Promise<TurnEvent[] | undefined> {
  const turn = await store.getTurn(db, turnId)
  if (!turn) return []
  if (turn.state !== 'completed' && turn.state !== 'stopped' && turn.state !== 'failed') return undefined
  const parts = turn.answer_message_id ? await store.getParts(db, turn.answer_message_id) : []
  const totals = await store.totalsOf(db, turnId)
  return [
    { type: 'snapshot', state: turn.state, parts: parts.map(withoutMetadata) },
    {
      type: 'turn-ended',
      state: turn.state,
      error: turn.error,
      ...totals,
      latencyMs: turn.finished_at && turn.started_at ? turn.finished_at.getTime() - turn.started_at.getTime() : 0,
    },
  ]
}
