import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { Conversation } from './conversations.ts'
import { endpoint } from './endpoint.ts'
import { ConversationId, ImportId, MessageId, NanoUsd, TurnId } from './ids.ts'
import { Import } from './imports.ts'
import { Feedback, TurnState } from './messages.ts'

/** What happens to a person's things, on every device of theirs. Written in the transaction that makes it true. */
export const UserEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('conversation-changed'), conversation: Conversation }),
  z.object({ type: z.literal('conversation-deleted'), conversationId: ConversationId }),
  z.object({
    type: z.literal('turn-changed'),
    conversationId: ConversationId,
    turnId: TurnId,
    state: TurnState,
    answerMessageId: MessageId,
    userMessageId: MessageId,
  }),
  z.object({
    type: z.literal('feedback-changed'),
    conversationId: ConversationId,
    messageId: MessageId,
    feedback: Feedback.nullable(),
  }),
  z.object({ type: z.literal('highlights-changed'), conversationId: ConversationId }),
  z.object({ type: z.literal('shares-changed'), conversationId: ConversationId }),
  z.object({ type: z.literal('prompts-changed') }),
  z.object({ type: z.literal('agents-changed') }),
  z.object({ type: z.literal('memories-changed') }),
  /** A conversation has cost as much as its owner wanted to know of. */
  z.object({
    type: z.literal('usage-alert'),
    conversationId: ConversationId,
    title: z.string(),
    alertNanoUsd: NanoUsd,
    costNanoUsd: NanoUsd,
    isAtLeast: z.boolean(),
  }),
  z.object({ type: z.literal('import-changed'), import: Import }),
  z.object({ type: z.literal('import-deleted'), importId: ImportId }),
  z.object({ type: z.literal('settings-changed') }),
  z.object({ type: z.literal('connections-changed') }),
  z.object({ type: z.literal('custom-tools-changed') }),
  z.object({ type: z.literal('mcp-servers-changed') }),
  z.object({ type: z.literal('apps-changed') }),
  z.object({ type: z.literal('guardrails-changed') }),
])
export type UserEvent = z.infer<typeof UserEvent>

export const events = {
  /** The actor's own events; `Last-Event-ID` resumes. After a gap that is no longer kept, `reset` asks the client to load afresh. */
  mine: endpoint
    .route({ method: 'GET', path: '/me/events' })
    .meta({ access: { resource: 'profile', action: 'read', whose: 'self' }, stream: true })
    .output(eventIterator(z.union([UserEvent, z.object({ type: z.literal('reset') })]))),
}
