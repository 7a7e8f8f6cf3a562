import { z } from 'zod'
import type { Access } from './endpoint.ts'
import { ErrorCode, Issue } from './errors.ts'
import { Instant, MessageId } from './ids.ts'
import { A2uiMessage } from './messages.ts'
import { maxVisitTextLength } from './page-choices.ts'

/** What a stranger gets before anything is said: all that a chat needs to be drawn. `GET /@slug/bot`. */
export const BotCard = z.object({
  displayName: z.string(),
  /** Shown as the first bubble. It is not a message and costs nothing. */
  greeting: z.string(),
  /** Buttons, by their position. */
  quickActions: z.array(z.object({ label: z.string() })),
  /** Values of the page's style tokens (`--surface`, `--accent`, …); dark is null where the page is always light, and the other way round. */
  theme: z.object({ light: z.record(z.string(), z.string()).nullable(), dark: z.record(z.string(), z.string()).nullable() }),
})
export type BotCard = z.infer<typeof BotCard>

/**
 * `POST /@slug/visit` admits a visitor: the page itself gets a cookie and a null token; the widget on another site, which cannot have one, gets a token to keep and
 * to send again with its next `token`, and as the WebSocket protocol `visitor.<token>` beside `parley`.
 */
export const Admission = z.strictObject({ token: z.string().max(300).nullable().default(null) })
export const Admitted = z.object({ token: z.string().nullable() })
export type Admitted = z.infer<typeof Admitted>

/** What a visitor is shown of a message. Positions are those of the answer's parts, so one that is not shown leaves its place. */
export const VisitPart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  /** Drawn from its messages, or where that is not possible as the text. */
  z.object({ type: z.literal('surface'), surfaceId: z.string(), messages: z.array(A2uiMessage), fallback: z.string() }),
  /** In words for the visitor: why there is no answer, or no whole one. */
  z.object({ type: z.literal('notice'), text: z.string() }),
  z.object({ type: z.literal('hidden') }),
])
export type VisitPart = z.infer<typeof VisitPart>

export const VisitMessage = z.object({
  id: MessageId,
  from: z.enum(['visitor', 'bot', 'person']),
  /** Of a person who answers in the bot's place. */
  name: z.string().nullable(),
  parts: z.array(VisitPart),
  isWriting: z.boolean(),
  createdAt: Instant,
})
export type VisitMessage = z.infer<typeof VisitMessage>

/** Chosen by the client; answers carry it back. */
const ref = z.string().min(1).max(64)
/** Made by the client for what it wants done once; sent again with the same key it is done once. */
const key = z.uuid()

/** What a client does in a surface, as A2UI 0.9 words it. */
export const SurfaceAction = z.strictObject({
  name: z.string().min(1).max(100),
  surfaceId: z.string().min(1).max(100),
  sourceComponentId: z.string().min(1).max(100),
  timestamp: z.string().max(40),
  context: z.record(z.string().max(100), z.json()),
})
export type SurfaceAction = z.infer<typeof SurfaceAction>

/** What a visitor's client says on `/@slug/socket`, one JSON object a frame, with the access each message needs. */
export const visitMessages = {
  say: {
    access: { resource: 'turn', action: 'create', whose: 'owner' },
    input: z.strictObject({ type: z.literal('say'), ref, key, text: z.string().trim().min(1).max(maxVisitTextLength) }),
  },
  /** A quick action by its position. No model is asked where it names a tool. */
  press: {
    access: { resource: 'turn', action: 'create', whose: 'owner' },
    input: z.strictObject({ type: z.literal('press'), ref, key, index: z.number().int().min(0).max(20) }),
  },
  /** An action of a surface on a message of this visit. It is handled directly, never by a model. */
  act: {
    access: { resource: 'turn', action: 'create', whose: 'owner' },
    input: z.strictObject({ type: z.literal('act'), ref, key, messageId: MessageId, action: SurfaceAction }),
  },
  /** Stops the answer that is being written. */
  stop: { access: { resource: 'turn', action: 'stop', whose: 'owner' }, input: z.strictObject({ type: z.literal('stop'), ref }) },
  /** Ends the visit; what is said next begins another one. */
  end: { access: { resource: 'turn', action: 'stop', whose: 'owner' }, input: z.strictObject({ type: z.literal('end'), ref }) },
  ping: { access: { resource: 'message', action: 'read', whose: 'self' }, input: z.strictObject({ type: z.literal('ping'), ref }) },
} as const satisfies Record<string, { access: Access; input: z.ZodType }>

export const VisitorMessage = z.discriminatedUnion('type', [
  visitMessages.say.input,
  visitMessages.press.input,
  visitMessages.act.input,
  visitMessages.stop.input,
  visitMessages.end.input,
  visitMessages.ping.input,
])
export type VisitorMessage = z.infer<typeof VisitorMessage>

/** What the server says there. A client keeps messages by id, in the order in which they came, and takes each as the newest word on it. */
export const VisitUpdate = z.discriminatedUnion('type', [
  /** The whole visit, first of all and whenever parts of it were missed. Empty before anything was said, or after it ended. */
  z.object({ type: z.literal('visit'), messages: z.array(VisitMessage), handledBy: z.enum(['bot', 'person']) }),
  /** Messages that are new or have changed: what was said here or in another tab, what a person answers, an answer that ended. */
  z.object({ type: z.literal('messages'), messages: z.array(VisitMessage) }),
  /** More text of a part: cut it at `offset` (UTF-16 units), then append. A part that is not there yet begins. */
  z.object({ type: z.literal('text'), messageId: MessageId, part: z.number().int(), offset: z.number().int(), text: z.string() }),
  /** A part appears or is replaced whole. */
  z.object({ type: z.literal('part'), messageId: MessageId, part: z.number().int(), value: VisitPart }),
  /** The visit ended, by time or by request. */
  z.object({ type: z.literal('ended') }),
  /** Done. `messageId` is the visitor's own message. */
  z.object({ type: z.literal('ok'), ref, messageId: MessageId.nullable() }),
  z.object({ type: z.literal('pong'), ref }),
  /** `message` and `action` are in words for the visitor. */
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
export type VisitUpdate = z.infer<typeof VisitUpdate>
