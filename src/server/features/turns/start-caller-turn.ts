import type { ModelParameters } from '../../../contract/workspaces.ts'
import { type Actor, check, workspaceIdsOf } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { StoredPart } from '../conversations/index.ts'
import type { ModelResolution } from '../models/index.ts'
import { reservationFor } from '../usage/index.ts'
import type { CallerSupplied, Outcome } from './ports.ts'
import { acceptAndRun, emptyItem, previewOf, snapshotOf, titleFrom } from './start-turn.ts'
import type { TurnDeps } from './turn-deps.ts'

export interface CallerTurn {
  workspaceId: string
  modelId: string
  /** Who set it going, if not a person. */
  usageType?: 'guardrail'
  /** Built for the provider that was resolved: some options have other names there. */
  supply(provider: string): CallerSupplied
  parameters: ModelParameters
  /** Of everything that goes to the model, estimated. */
  inputTokens: number
  /** Null: nothing of it is kept but its task and usage. Else its question and answer go to the end of this conversation. */
  keep: { conversationId: string; parts: StoredPart[] } | null
}

export interface StartedCallerTurn {
  turnId: string
  /** See `TurnRun.outcome`. */
  outcome: Promise<Outcome | undefined>
  stop(): void
}

/** Starts a turn whose context and tools its caller brings along: metered and limited like any other. */
export async function startCallerTurn(deps: TurnDeps, actor: Actor, turn: CallerTurn): Promise<StartedCallerTurn> {
  check(actor, 'turn', 'create', 'own')
  if (deps.turns.isStopping()) throw new AppError('server.stopping', { retryAfterSeconds: 5 })
  const { workspaceId, keep } = turn
  const resolution = await deps.resolver.resolve(actor, { workspaceId, requestedModelId: turn.modelId })
  // What the workspace adds to its own conversations is not added here: the caller's context is complete.
  const caller = turn.supply(resolution.model.provider)
  // What is asked aside was guarded where it was said, and judges are not judged; what a tool asks comes from elsewhere.
  const isGuarded = !caller.aside || caller.aside.purpose === 'tool'
  const guardrails = !isGuarded ? undefined : await deps.turns.guardrailsFor(workspaceId, [])
  const ofTurn = { ...resolution, parameters: ofCaller(turn.parameters), systemPrompt: null, thinking: null }
  const snapshot = snapshotOf(ofTurn, [], undefined, {
    ...(guardrails && guardrails.length > 0 && { guardrails }),
    ...(turn.usageType && { usageType: turn.usageType }),
  })
  const text = keep?.parts.map((part) => (part.type === 'text' ? part.text : '')).join('\n') ?? ''
  const item = {
    ...emptyItem(deps, actor, workspaceId, snapshot),
    reserveNanoUsd: resolution.price.origin === 'free' ? 0n : reservationFor(turn.inputTokens, resolution.price),
    ...(keep && {
      conversationId: keep.conversationId,
      actorWorkspaceIds: workspaceIdsOf(actor),
      parts: keep.parts,
      preview: previewOf(text),
      title: titleFrom(text),
    }),
  }
  const { accepted, job, run } = await acceptAndRun(deps, item, snapshot, { caller })
  if (!run) throw new Error(`a turn of its caller's own was ${accepted.state} when it was accepted`)
  if (job.ownerId) deps.turns.userStreams.announce([job.ownerId])
  return { turnId: accepted.turnId, outcome: run.outcome, stop: () => run.stop() }
}

function ofCaller(given: ModelParameters): ModelResolution['parameters'] {
  const setting = (value: number | null) => (value === null ? null : { value, origin: 'message' as const })
  return {
    temperature: setting(given.temperature),
    maxTokens: setting(given.maxTokens),
    topP: setting(given.topP),
    frequencyPenalty: setting(given.frequencyPenalty),
    presencePenalty: setting(given.presencePenalty),
  }
}
