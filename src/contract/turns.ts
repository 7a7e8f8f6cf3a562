import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { endpoint } from './endpoint.ts'
import { guardrailPlaces } from './guardrail-choices.ts'
import { ErrorNotice, errors } from './errors.ts'
import { AttachmentId, ConnectionId, ConversationId, Instant, MessageId, ModelId, TurnId } from './ids.ts'
import { Part, ToolCallState, ToolProgress, TokenCounts, TurnState } from './messages.ts'
import { NanoUsd } from './ids.ts'

/** 10 MB of text is refused at the door by the body limit; this is what one message may hold. */
export const maxMessageLength = 1_000_000
export const maxAttachments = 20

export const StartTurn = z.strictObject({
  id: ConversationId,
  /** What the person wrote. Absent with `tryAgain` and `continueFrom`, and where files say it all. */
  text: z.string().min(1).max(maxMessageLength).optional(),
  /** Files that go with it, each READY, or already in this conversation: then the messages share the file. */
  attachments: z.array(AttachmentId).max(maxAttachments).optional(),
  /** The message to answer after; the head by default. A message that has an answer already gets a sibling: that is how a message is edited. */
  parentId: MessageId.nullable().optional(),
  /** Answer this user message once more: a new sibling beside the answers it has. */
  tryAgain: MessageId.optional(),
  /** Go on with this answer, which was stopped, broke off or was cut off at its longest: a new sibling that begins with what is there. */
  continueFrom: MessageId.optional(),
  modelId: ModelId.optional(),
  connectionId: ConnectionId.optional(),
  /** The same key with the same payload gives the same turn, however often it is sent. */
  idempotencyKey: z.string().min(1).max(200).optional(),
})
export type StartTurn = z.infer<typeof StartTurn>

export const StartedTurn = z.object({
  turnId: TurnId,
  state: TurnState,
  conversationId: ConversationId,
  userMessageId: MessageId,
  answerMessageId: MessageId,
})
export type StartedTurn = z.infer<typeof StartedTurn>

/**
 * What happens in a turn, in order. `part` is the position in the answer's parts. Text events carry the `offset` (UTF-16 units) at which their
 * text begins in the part, so that applying one twice is harmless: cut the part at `offset`, then append.
 */
export const TurnEvent = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('turn-started'),
    turnId: TurnId,
    conversationId: ConversationId.nullable(),
    answerMessageId: MessageId.nullable(),
  }),
  /** Another process went on after an interruption: keep only so many characters of each part, drop the rest. */
  z.object({ type: z.literal('turn-resumed'), parts: z.array(Part) }),
  z.object({ type: z.literal('step-started'), step: z.number().int(), modelName: z.string() }),
  z.object({ type: z.literal('text-delta'), part: z.number().int(), step: z.number().int(), offset: z.number().int(), text: z.string() }),
  z.object({
    type: z.literal('reasoning-delta'),
    part: z.number().int(),
    step: z.number().int(),
    offset: z.number().int(),
    text: z.string(),
  }),
  z.object({ type: z.literal('reasoning-end'), part: z.number().int(), durationMs: z.number().int() }),
  /** A part appears or is replaced whole: tool calls with each change of state, sources, notices. */
  z.object({ type: z.literal('part'), part: z.number().int(), value: Part }),
  /** Guardrails look at what a person sent, or hold back what a model wrote until they have; over with the next event. */
  z.object({ type: z.literal('checking'), place: z.enum(guardrailPlaces) }),
  /** How far a tool call is that runs. Some are left out: only the newest counts. */
  z.object({ type: z.literal('tool-progress'), part: z.number().int(), progress: ToolProgress }),
  /** The turn holds until a person decides about these calls. */
  z.object({ type: z.literal('turn-waiting'), callIds: z.array(z.string()) }),
  z.object({ type: z.literal('turn-continued') }),
  z.object({
    type: z.literal('turn-ended'),
    state: z.enum(['completed', 'stopped', 'failed']),
    error: ErrorNotice.nullable(),
    tokens: TokenCounts,
    costNanoUsd: NanoUsd.nullable(),
    latencyMs: z.number().int(),
  }),
  /** Instead of events that are no longer kept: the whole answer as it stands. */
  z.object({ type: z.literal('snapshot'), state: TurnState, parts: z.array(Part) }),
])
export type TurnEvent = z.infer<typeof TurnEvent>

/** `id` is `<epoch>.<seq>`: the position to resume after (`Last-Event-ID`, or `after` on the socket). */
export const TurnStreamItem = z.object({ id: z.string(), event: TurnEvent })
export type TurnStreamItem = z.infer<typeof TurnStreamItem>

export const Decision = z.enum(['allow', 'deny', 'always-allow', 'always-deny'])
export type Decision = z.infer<typeof Decision>

/** Where an `always-` holds. */
export const DecisionScope = z.enum(['conversation', 'agent'])
export type DecisionScope = z.infer<typeof DecisionScope>

export const Turn = z.object({
  id: TurnId,
  conversationId: ConversationId.nullable(),
  answerMessageId: MessageId.nullable(),
  state: TurnState,
  error: ErrorNotice.nullable(),
  waitingFor: z.array(z.object({ callId: z.string(), toolName: z.string(), state: ToolCallState })),
  createdAt: Instant,
  finishedAt: Instant.nullable(),
})
export type Turn = z.infer<typeof Turn>

const byId = z.strictObject({ id: TurnId })

export const turns = {
  /**
   * Answers with the ids as soon as the turn is safe in the database. With `Accept: text/event-stream` the answer is the stream itself.
   * `Idempotency-Key` may be sent as a header too.
   */
  start: endpoint
    .route({ method: 'POST', path: '/conversations/{id}/turns', successStatus: 202 })
    .meta({ access: { resource: 'turn', action: 'create', whose: 'owner' } })
    .input(StartTurn)
    .output(StartedTurn)
    .errors(
      errors(
        'conversation.not_found',
        'message.not_found',
        'answer.being_written',
        'answer.not_continuable',
        'attachment.not_found',
        'attachment.not_ready',
        'model.not_found',
        'connection.not_found',
        'model.no_key',
        'model.price_unknown',
        'budget.exhausted',
        'turn.too_many_queued',
        'idempotency.mismatch',
        'auth.disabled',
      ),
    ),

  get: endpoint
    .route({ method: 'GET', path: '/turns/{id}' })
    .meta({ access: { resource: 'turn', action: 'read', whose: 'owner' } })
    .input(byId)
    .output(Turn)
    .errors(errors('turn.not_found')),

  /** Server-sent events, resumable by `Last-Event-ID` on any process. Ends after `turn-ended`. */
  events: endpoint
    .route({ method: 'GET', path: '/turns/{id}/events' })
    .meta({ access: { resource: 'turn', action: 'read', whose: 'owner' }, stream: true })
    .input(byId)
    .output(eventIterator(TurnEvent))
    .errors(errors('turn.not_found')),

  /** Stops it wherever it runs; text that arrived is kept. A queued turn is withdrawn. */
  stop: endpoint
    .route({ method: 'POST', path: '/turns/{id}/stop' })
    .meta({ access: { resource: 'turn', action: 'stop', whose: 'owner' } })
    .input(byId)
    .output(Turn)
    .errors(errors('turn.not_found')),

  /**
   * Answers one tool's question. `always-` holds for this tool in this conversation, or with the scope `agent` for whoever decides, wherever the agent of this
   * turn answers them.
   */
  decide: endpoint
    .route({ method: 'POST', path: '/turns/{id}/decisions' })
    .meta({ access: { resource: 'turn', action: 'decide', whose: 'owner' } })
    .input(
      z.strictObject({ id: TurnId, callId: z.string().min(1).max(200), decision: Decision, scope: DecisionScope.default('conversation') }),
    )
    .output(Turn)
    .errors(errors('turn.not_found', 'turn.not_waiting', 'turn.finished', 'budget.exhausted')),

  /** Ends one tool call that runs; the turn goes on, and the model is told. What the tool has done by then may stand. */
  cancelCall: endpoint
    .route({ method: 'POST', path: '/turns/{id}/cancelled-calls' })
    .meta({ access: { resource: 'turn', action: 'stop', whose: 'owner' } })
    .input(z.strictObject({ id: TurnId, callId: z.string().min(1).max(200) }))
    .output(Turn)
    .errors(errors('turn.not_found', 'call.not_running')),

  /** A piece of a tool's result of which the answer has only the beginning. */
  readResult: endpoint
    .route({ method: 'GET', path: '/turns/{id}/results/{resultId}' })
    .meta({ access: { resource: 'turn', action: 'read', whose: 'owner' } })
    .input(z.strictObject({ id: TurnId, resultId: z.uuid(), offset: z.coerce.number().int().min(0).default(0) }))
    .output(z.object({ text: z.string(), offset: z.number().int(), length: z.number().int() }))
    .errors(errors('turn.not_found', 'result.not_found')),
}
