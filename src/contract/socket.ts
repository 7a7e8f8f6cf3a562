import { z } from 'zod'
import type { Access } from './endpoint.ts'
import { ErrorCode, Issue } from './errors.ts'
import { UserEvent } from './events.ts'
import { ConversationId, TurnId } from './ids.ts'
import { Decision, DecisionScope, StartTurn, StartedTurn, Turn, TurnStreamItem } from './turns.ts'

/** Chosen by the client; answers carry it back. */
const ref = z.string().min(1).max(64)

/** What a client says on `/ws`, one JSON object a frame, with the access each message needs. */
export const socketMessages = {
  'turn.start': {
    access: { resource: 'turn', action: 'create', whose: 'owner' },
    /** Also follows the turn. */
    input: z.strictObject({ type: z.literal('turn.start'), ref, turn: StartTurn }),
  },
  'turn.follow': {
    access: { resource: 'turn', action: 'read', whose: 'owner' },
    /** `after` is the last event id seen; without it the stream begins at its start. */
    input: z.strictObject({ type: z.literal('turn.follow'), ref, id: TurnId, after: z.string().max(40).optional() }),
  },
  'turn.unfollow': {
    access: { resource: 'turn', action: 'read', whose: 'owner' },
    input: z.strictObject({ type: z.literal('turn.unfollow'), ref, id: TurnId }),
  },
  'turn.stop': {
    access: { resource: 'turn', action: 'stop', whose: 'owner' },
    input: z.strictObject({ type: z.literal('turn.stop'), ref, id: TurnId }),
  },
  'turn.decide': {
    access: { resource: 'turn', action: 'decide', whose: 'owner' },
    input: z.strictObject({
      type: z.literal('turn.decide'),
      ref,
      id: TurnId,
      callId: z.string().min(1).max(200),
      decision: Decision,
      scope: DecisionScope.default('conversation'),
    }),
  },
  'events.follow': {
    access: { resource: 'profile', action: 'read', whose: 'self' },
    /** The person's own events from now, or after the given position. */
    input: z.strictObject({ type: z.literal('events.follow'), ref, after: z.string().max(40).optional() }),
  },
  typing: {
    access: { resource: 'conversation', action: 'read', whose: 'owner' },
    /** Shown on the person's other devices, kept nowhere. */
    input: z.strictObject({ type: z.literal('typing'), ref, id: ConversationId, isTyping: z.boolean() }),
  },
  ping: { access: { resource: 'session', action: 'read', whose: 'self' }, input: z.strictObject({ type: z.literal('ping'), ref }) },
} as const satisfies Record<string, { access: Access; input: z.ZodType }>

export const ClientMessage = z.discriminatedUnion('type', [
  socketMessages['turn.start'].input,
  socketMessages['turn.follow'].input,
  socketMessages['turn.unfollow'].input,
  socketMessages['turn.stop'].input,
  socketMessages['turn.decide'].input,
  socketMessages['events.follow'].input,
  socketMessages.typing.input,
  socketMessages.ping.input,
])
export type ClientMessage = z.infer<typeof ClientMessage>

/** What the server says on `/ws`. */
export const ServerMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('hello'), version: z.string(), processId: z.string() }),
  z.object({ type: z.literal('turn.accepted'), ref, turn: StartedTurn }),
  z.object({ type: z.literal('turn.state'), ref, turn: Turn }),
  z.object({ type: z.literal('turn.events'), turnId: TurnId, items: z.array(TurnStreamItem) }),
  z.object({ type: z.literal('events'), items: z.array(z.object({ id: z.string(), event: UserEvent })) }),
  /** Events were missed that are no longer kept: load afresh. */
  z.object({ type: z.literal('events.reset') }),
  z.object({ type: z.literal('typing'), conversationId: ConversationId, isTyping: z.boolean() }),
  z.object({ type: z.literal('ok'), ref }),
  z.object({ type: z.literal('pong'), ref }),
  z.object({
    type: z.literal('error'),
    ref: ref.nullable(),
    code: ErrorCode,
    message: z.string(),
    action: z.string(),
    retryAfterSeconds: z.number().optional(),
    issues: z.array(Issue).optional(),
  }),
])
export type ServerMessage = z.infer<typeof ServerMessage>
