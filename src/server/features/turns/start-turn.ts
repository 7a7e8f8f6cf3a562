import { createHash } from 'node:crypto'
import type { StartedTurn, StartTurn } from '../../../contract/turns.ts'
import { type Actor, check, isGuest, workspaceIdsOf } from '../../platform/auth/index.ts'
import { beginningOf } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import { type AnsweringAgent, chosenWith, getAnsweringAgent, withAgent } from '../agents/index.ts'
import { prepareAttachments, tokensOf } from '../files/index.ts'
import { type ModelResolution, withChoices } from '../models/index.ts'
import { reservationFor } from '../usage/index.ts'
import { type AcceptItem, findStartPlace, type PathMessage, readPath } from './hot-statements.ts'
import type { Job, Outcome } from './ports.ts'
import { readBeginning } from './continue-answer.ts'
import type { Continuation } from './instructions.ts'
import { buildPrompt, filesOf } from './prompt.ts'
import { planSearch, searchReservation } from './own-search.ts'
import { makeSnapshot, type Snapshot } from './snapshot.ts'
import { textOf } from './turn-bill.ts'
import type { TurnDeps } from './turn-deps.ts'

/** What a surface for guests adds to their words. */
export interface GuestTurn {
  /** Of a contact: it has put them into this conversation, and in a group others speak there too. Null where the conversation is the guest's own. */
  installationId: string | null
  /** Who answers. Null: the model, as the workspace has it. */
  agentId: string | null
  /** What a surface adds to whoever answers on it. */
  around?: {
    /** In the place of the workspace's instructions, with those of the agent in it. */
    instructions(own: string | null): string
    /** Beside what the agent names: what everybody is offered is not meant for strangers here. */
    tools: string[]
    /** Unless the agent sets one. */
    temperature: number
  }
  /** The id that the message gets, so that what is kept for a person and what starts a turn cannot both happen. */
  messageId: string
  externalId?: string | null
  structuredPrompt?: string | null
  language?: string | null
  replyTo?: string | null
  entity?: { type: string; id: string } | null
}

/** Starts a turn: safe in the database when this resolves, and already running where nothing before it has to end first. */
export async function startTurn(deps: TurnDeps, actor: Actor, input: StartTurn, guest?: GuestTurn): Promise<StartedTurn> {
  return (await beginTurn(deps, actor, input, guest)).started
}

/** The same, for whoever waits for its end in this process: undefined where it waits for a person, or runs elsewhere. */
export async function beginTurn(
  deps: TurnDeps,
  actor: Actor,
  input: StartTurn,
  guest?: GuestTurn,
  by: 'person' | 'agent' = 'person',
): Promise<{ started: StartedTurn; outcome: Promise<Outcome | undefined> }> {
  check(actor, 'turn', 'create', 'own')
  const isMessage = input.text !== undefined || (input.attachments?.length ?? 0) > 0
  if ([isMessage, input.tryAgain !== undefined, input.continueFrom !== undefined].filter(Boolean).length !== 1) {
    throw new AppError('request.invalid', {
      issues: [{ path: ['text'], message: 'either a text or files, or the message to try again or to continue' }],
    })
  }
  if (deps.turns.isStopping()) throw new AppError('server.stopping', { retryAfterSeconds: 5 })
  const viewer = { principalId: actor.principalId, workspaceIds: workspaceIdsOf(actor), installationId: guest?.installationId ?? null }
  const place = await findStartPlace(deps.database, viewer, input.id)
  if (!place) throw new AppError('conversation.not_found')
  const { workspace_id: workspaceId } = place
  const agentId = guest ? guest.agentId : place.agent_id
  const agent = agentId === null ? undefined : await getAnsweringAgent(deps.database, actor, { agentId, workspaceId })
  const own = { modelId: place.model_id, connectionId: place.connection_id }
  const resolved = await deps.resolver.resolve(actor, {
    workspaceId,
    conversation: chosenWith(agent, own),
    ...(input.modelId && { requestedModelId: input.modelId }),
    ...(input.connectionId && { requestedConnectionId: input.connectionId }),
  })
  const { system_prompt: systemPrompt, temperature, max_tokens: maxTokens, top_p: topP, thinking, web_search: webSearch } = place
  const inherited = withAgent(resolved, agent, own)
  const surface = guest?.around
  const resolution = surface
    ? around(inherited, agent, surface)
    : withChoices(inherited, { systemPrompt, temperature, maxTokens, topP, thinking, webSearch })
  const named = agent?.tools ?? (surface ? [] : null)
  const offered = await deps.turns.toolNames(actor, { workspaceId, conversationId: input.id, agentId }, named)
  const { tools, ownSearch } = await planSearch(deps, resolution, surface ? [...new Set([...surface.tools, ...offered])] : offered)
  const guardrails = await deps.turns.guardrailsFor(workspaceId, agent?.guardrails ?? [])
  const snapshot = snapshotOf(resolution, tools, agent, {
    ...(ownSearch && { ownSearch }),
    ...(isGuest(actor) && { isOfGuest: true }),
    ...(guardrails && guardrails.length > 0 && { guardrails }),
    ...(by === 'agent' && { usageType: 'agent' }),
  })
  const begun = input.continueFrom ? await readBeginning(deps.db, input.id, input.continueFrom, snapshot.provider) : undefined
  const tryAgain = input.tryAgain ?? begun?.userMessageId
  const files = input.attachments?.length
    ? await prepareAttachments(deps, actor, { id: input.id, workspaceId: place.workspace_id }, input.attachments)
    : undefined
  const isFree = resolution.price.origin === 'free'
  // Read while the accept is under way; used where the message lands where it was expected.
  const leafId = tryAgain ?? (input.parentId === undefined ? place.head_id : input.parentId)
  const before = leafId ? readPath(deps.database, input.id, leafId) : Promise.resolve([])
  before.catch(() => {})
  const inputTokens = isFree
    ? 0
    : deps.llm.estimateTokens((input.text ?? '') + (snapshot.systemPrompt ?? '')) +
      // What the last call had; of what no model has read yet (a fork, an import), what it says.
      (place.head_id ? (place.tokens_before ?? tokensOfPath(deps, await before, snapshot)) : 0) +
      (files?.parts.reduce((sum, part) => sum + tokensOf(part, { provider: snapshot.provider, ...snapshot.settings }), 0) ?? 0)

  const words = input.text ?? files?.parts.map(({ name }) => name).join(', ') ?? ''
  const empty = { ...emptyItem(deps, actor, place.workspace_id, snapshot), ...(guest && { userMessageId: guest.messageId }) }
  const item: AcceptItem = {
    ...empty,
    conversationId: input.id,
    prompt: {
      leafMessageId: tryAgain ?? empty.userMessageId,
      ...(begun?.continues && { instruction: `continue-${begun.continues}` as const }),
    },
    actorWorkspaceIds: viewer.workspaceIds,
    parts: isMessage
      ? [...(files?.parts ?? []), ...(input.text === undefined ? [] : [{ type: 'text' as const, step: 0, text: input.text }])]
      : null,
    preview: isMessage ? previewOf(words) : null,
    title: titleFrom(words),
    hasParent: input.parentId !== undefined,
    parentId: input.parentId ?? null,
    tryAgain: tryAgain ?? null,
    isOwnKey: snapshot.settings.isOwnKey,
    reserveNanoUsd: plus(reservationFor(inputTokens, resolution.price), searchReservation(ownSearch)),
    idempotencyKey: input.idempotencyKey ?? null,
    fingerprint: input.idempotencyKey ? fingerprintOf(input) : null,
    ...(begun && { begunParts: begun.parts, step: begun.step }),
    ...(files && { attachments: files.claims }),
    ...(guest && fieldsOf(guest)),
  }
  const { accepted, job, run } = await acceptAndRun(deps, item, snapshot, {
    continues: begun?.continues ?? null,
    pathOf: ({ parentId }) => {
      if (tryAgain) return before
      if (parentId !== leafId) return undefined
      const parts = guest?.structuredPrompt ? [{ type: 'text' as const, step: 0, text: guest.structuredPrompt }] : (item.parts ?? [])
      return before.then((path) => [...path, { role: 'user', parts, provider: null }])
    },
  })
  if (job?.ownerId) deps.turns.userStreams.announce([job.ownerId])
  const started = {
    turnId: accepted.turnId as StartedTurn['turnId'],
    state: accepted.state,
    conversationId: input.id,
    userMessageId: accepted.userMessageId as StartedTurn['userMessageId'],
    answerMessageId: accepted.answerMessageId as StartedTurn['answerMessageId'],
  }
  return { started, outcome: run?.outcome ?? Promise.resolve(undefined) }
}

const plus = (amount: bigint | null, more: bigint): bigint | null => (amount === null ? null : amount + more)

function tokensOfPath({ llm }: TurnDeps, path: readonly PathMessage[], { provider, settings }: Snapshot): number {
  const reader = { provider, ...settings }
  const files = filesOf(path).reduce((sum, file) => sum + tokensOf(file, reader), 0)
  return files + llm.estimateTokens(textOf(buildPrompt(path, { systemPrompt: null, reader })))
}

function around(
  resolution: ModelResolution,
  agent: AnsweringAgent | undefined,
  surface: NonNullable<GuestTurn['around']>,
): ModelResolution {
  const temperature = agent?.parameters.temperature ?? surface.temperature
  const origin = agent ? 'agent' : 'workspace'
  return {
    ...resolution,
    systemPrompt: { value: surface.instructions(agent?.instructions ?? null), origin },
    parameters: { ...resolution.parameters, temperature: { value: temperature, origin } },
  }
}

function fieldsOf({ agentId: _, around: __, messageId: ___, entity, ...fields }: GuestTurn): Partial<AcceptItem> {
  return { ...fields, isGuest: true, entityType: entity?.type ?? null, entityId: entity?.id ?? null }
}

/** The fields of an accept that are the same for every surface. */
export function emptyItem(deps: TurnDeps, actor: Actor, workspaceId: string, snapshot: Snapshot): AcceptItem {
  const settingsId = deps.turns.knownSettings.get(workspaceId + snapshot.hash) ?? null
  return {
    turnId: newId(),
    taskId: newId(),
    workspaceId,
    conversationId: null,
    actorId: actor.principalId,
    actorWorkspaceIds: [],
    apiKeyId: actor.apiKeyId,
    processId: deps.turns.engine.processId,
    userMessageId: newId(),
    answerMessageId: newId(),
    userBranchId: newId(),
    answerBranchId: newId(),
    parts: null,
    preview: null,
    title: '',
    hasParent: false,
    parentId: null,
    tryAgain: null,
    settingsId,
    settings: settingsId ? null : snapshot,
    isOwnKey: snapshot.settings.isOwnKey,
    reserveNanoUsd: 0n,
    prompt: {},
    idempotencyKey: null,
    fingerprint: null,
  }
}

export interface HowToRun {
  caller?: NonNullable<Job['caller']>
  /** What it begins with, and is to go on with. */
  continues?: Continuation | null
  /** The path through the question, if it is known already. */
  pathOf?(accepted: { parentId: string | null }): Job['path']
}

/** Accepts with other turns' accepts in one round trip, and runs the turn here at once unless it has to wait or was accepted before. */
export async function acceptAndRun(deps: TurnDeps, item: AcceptItem, snapshot: Snapshot, how: HowToRun = {}) {
  const startedAt = Date.now()
  using _held = deps.turns.engine.hold(item.turnId)
  const accepted = await deps.turns.accept(item)
  if (accepted.error !== undefined) throw new AppError(accepted.error)
  deps.turns.knownSettings.set(item.workspaceId + snapshot.hash, accepted.settingsId)
  if (accepted.isReplay || accepted.state !== 'running') return { accepted, job: undefined, run: undefined }
  const path = how.pathOf?.(accepted)
  const job: Job = {
    turnId: accepted.turnId,
    epoch: 1,
    workspaceId: item.workspaceId,
    actorId: item.actorId,
    apiKeyId: item.apiKeyId,
    ownerId: accepted.ownerId,
    conversationId: item.conversationId,
    answerMessageId: accepted.answerMessageId,
    userMessageId: accepted.userMessageId,
    settings: { ...snapshot, id: accepted.settingsId },
    startedAt,
    taskId: item.taskId,
    step: item.step ?? 1,
    attempt: 1,
    parts: [...(how.caller?.before ?? item.begunParts ?? [])],
    calls: [],
    asked: [],
    how: 'fresh',
    isFirst: item.conversationId !== null && accepted.parentId === null,
    firstStep: item.step ?? 1,
    continues: how.continues ?? null,
    ...(how.caller && { caller: how.caller }),
    ...(path && { path }),
  }
  return { accepted, job, run: deps.turns.engine.run(job) }
}

export function snapshotOf(
  resolution: ModelResolution,
  tools: string[],
  agent?: AnsweringAgent,
  more: Pick<Snapshot['settings'], 'isOfGuest' | 'guardrails' | 'usageType' | 'ownSearch'> = {},
): Snapshot {
  const { temperature, maxTokens, topP, frequencyPenalty, presencePenalty } = resolution.parameters
  const { origin: _, ...price } = resolution.price
  return makeSnapshot({
    provider: resolution.model.provider,
    modelId: resolution.model.id,
    modelName: resolution.model.name,
    connectionId: resolution.connection.id,
    keyOrigin: resolution.keyOrigin,
    systemPrompt: resolution.systemPrompt?.value ?? null,
    settings: {
      internalName: resolution.model.internalName,
      maxContext: resolution.model.maxContext,
      summarizeThreshold: resolution.model.summarizeThreshold,
      isOwnKey: resolution.isOwnKey,
      inputs: resolution.model.inputs,
      parameters: {
        temperature: temperature?.value ?? null,
        maxTokens: maxTokens?.value ?? null,
        topP: topP?.value ?? null,
        frequencyPenalty: frequencyPenalty?.value ?? null,
        presencePenalty: presencePenalty?.value ?? null,
      },
      thinking: resolution.thinking?.value ?? null,
      tools,
      modelOrigin: resolution.modelOrigin,
      ...more,
      ...(agent && { agentId: agent.id, agentVersionId: agent.versionId }),
      ...(agent?.maxSteps && { maxSteps: agent.maxSteps }),
      ...(agent?.parameters.topK && { topK: agent.parameters.topK }),
    },
    price,
  })
}

/** The same request gives the same fingerprint, so that a key sent with another payload is noticed. */
function fingerprintOf(input: StartTurn): string {
  const { id, text, parentId, tryAgain, continueFrom, modelId, connectionId, attachments } = input
  return createHash('sha256')
    .update(JSON.stringify([id, text, parentId, tryAgain, continueFrom, modelId, connectionId, attachments]))
    .digest('hex')
}

/** The first line of the first message, until a better title is made. */
export function titleFrom(text: string): string {
  const line = text
    .trim()
    .split('\n', 1)[0]!
    .replaceAll(/\s+/g, ' ')
    .replace(/^#+\s*/, '')
  if (line.length <= 60) return line
  const cut = beginningOf(line, 60)
  return `${beginningOf(cut, Math.max(cut.lastIndexOf(' '), 40)).trimEnd()}…`
}

/** What lists show of a message. */
export function previewOf(text: string): string {
  return beginningOf(text.trim(), 200).replaceAll(/\s+/g, ' ')
}
