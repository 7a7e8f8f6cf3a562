import { z } from 'zod'
import { endpoint, maxPageSize } from './endpoint.ts'
import { errors } from './errors.ts'
import { highlightColors, highlightKinds, maxNoteLength, maxQuoteLength, quoteContextLength } from './mark-choices.ts'
import { ConversationId, HighlightId, Instant, MessageId, WorkspaceId } from './ids.ts'

/** W3C Web Annotation, TextQuoteSelector: what is marked, and what stands before and after it. Of the text as it is read, without marks of Markdown. */
export const TextQuote = z.strictObject({
  exact: z.string().min(1).max(maxQuoteLength).regex(/\S/),
  prefix: z.string().max(quoteContextLength),
  suffix: z.string().max(quoteContextLength),
})
export type TextQuote = z.infer<typeof TextQuote>

export const HighlightKind = z.enum(highlightKinds)
export const HighlightColor = z.enum(highlightColors)
export type HighlightColor = z.infer<typeof HighlightColor>

export const Highlight = z.object({
  id: HighlightId,
  conversationId: ConversationId,
  conversationTitle: z.string(),
  messageId: MessageId,
  /** The message's place on its path. */
  depth: z.number().int(),
  kind: HighlightKind,
  textQuote: TextQuote,
  /** Where it was when it was marked; a hint. */
  start: z.number().int().nullable(),
  end: z.number().int().nullable(),
  /** Of code. */
  language: z.string().nullable(),
  color: HighlightColor,
  note: z.string().nullable(),
  isPinned: z.boolean(),
  createdAt: Instant,
  updatedAt: Instant,
})
export type Highlight = z.infer<typeof Highlight>

const note = z.string().trim().max(maxNoteLength).nullable()
const offset = z.number().int().min(0).max(100_000_000)

/** Passages that a person marked. Nobody sees anybody else's. */
export const highlights = {
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/highlights' })
    .meta({ access: { resource: 'message', action: 'read', whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        kind: HighlightKind.optional(),
        color: HighlightColor.optional(),
        pinned: z.stringbool().optional(),
        search: z.string().trim().max(200).optional().describe('part of the passage or of the note'),
        cursor: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
      }),
    )
    .output(z.object({ highlights: z.array(Highlight), nextCursor: z.string().nullable() }))
    .errors(errors('workspace.not_found')),

  listOfConversation: endpoint
    .route({ method: 'GET', path: '/conversations/{id}/highlights' })
    .meta({ access: { resource: 'message', action: 'read', whose: 'owner' } })
    .input(z.strictObject({ id: ConversationId }))
    .output(z.array(Highlight))
    .errors(errors('conversation.not_found')),

  /** The same passage again takes the new colour; its note and pin stay. */
  create: endpoint
    .route({ method: 'POST', path: '/conversations/{id}/messages/{messageId}/highlights', successStatus: 201 })
    .meta({ access: { resource: 'message', action: 'update', whose: 'owner' } })
    .input(
      z.strictObject({
        id: ConversationId,
        messageId: MessageId,
        kind: HighlightKind.default('text'),
        textQuote: TextQuote,
        start: offset.nullable().default(null),
        end: offset.nullable().default(null),
        language: z.string().trim().min(1).max(50).nullable().default(null),
        color: HighlightColor.default('yellow'),
        note: note.default(null),
      }),
    )
    .output(Highlight)
    .errors(errors('conversation.not_found', 'message.not_found', 'highlight.too_many')),

  update: endpoint
    .route({ method: 'PATCH', path: '/highlights/{id}' })
    .meta({ access: { resource: 'message', action: 'update', whose: 'owner' } })
    .input(z.strictObject({ id: HighlightId, color: HighlightColor.optional(), note: note.optional(), isPinned: z.boolean().optional() }))
    .output(Highlight)
    .errors(errors('highlight.not_found')),

  delete: endpoint
    .route({ method: 'DELETE', path: '/highlights/{id}' })
    .meta({ access: { resource: 'message', action: 'update', whose: 'owner' } })
    .input(z.strictObject({ id: HighlightId }))
    .output(z.object({ ok: z.literal(true) }))
    .errors(errors('highlight.not_found')),
}
