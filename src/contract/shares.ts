import { z } from 'zod'
import { Conversation } from './conversations.ts'
import { endpoint, maxPageSize } from './endpoint.ts'
import { errors } from './errors.ts'
import { ConversationId, Instant, MessageId, ShareId, WorkspaceId } from './ids.ts'

/** As it stands in an address: 24 random bytes in base64url. */
export const ShareToken = z.string().regex(/^[\w-]{32}$/)

export const Share = z.object({
  id: ShareId,
  conversationId: ConversationId,
  conversationTitle: z.string(),
  /** The last message that is shown; where the share is live, those after it are shown too. */
  messageId: MessageId,
  isLive: z.boolean(),
  /** Whether search engines may list it. */
  isIndexed: z.boolean(),
  /** Where it is read, on this server. Whoever knows it may read it. */
  path: z.string(),
  createdAt: Instant,
})
export type Share = z.infer<typeof Share>

const byId = z.strictObject({ id: ShareId })
const access = { resource: 'conversation', action: 'share', whose: 'owner' } as const

/** Links by which anybody reads one path of a conversation. */
export const shares = {
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/shares' })
    .meta({ access: { resource: 'conversation', action: 'share', whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        cursor: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
      }),
    )
    .output(z.object({ shares: z.array(Share), nextCursor: z.string().nullable() }))
    .errors(errors('workspace.not_found')),

  listOfConversation: endpoint
    .route({ method: 'GET', path: '/conversations/{id}/shares' })
    .meta({ access })
    .input(z.strictObject({ id: ConversationId }))
    .output(z.array(Share))
    .errors(errors('conversation.not_found')),

  /** Without a message it ends at the last one that is shown. */
  create: endpoint
    .route({ method: 'POST', path: '/conversations/{id}/shares', successStatus: 201 })
    .meta({ access })
    .input(
      z.strictObject({
        id: ConversationId,
        messageId: MessageId.optional(),
        isLive: z.boolean().default(false),
        isIndexed: z.boolean().default(false),
      }),
    )
    .output(Share)
    .errors(errors('conversation.not_found', 'message.not_found', 'share.too_many')),

  update: endpoint
    .route({ method: 'PATCH', path: '/shares/{id}' })
    .meta({ access })
    .input(z.strictObject({ id: ShareId, isLive: z.boolean().optional(), isIndexed: z.boolean().optional() }))
    .output(Share)
    .errors(errors('share.not_found')),

  /** At once and for good: the link leads nowhere from then on. */
  revoke: endpoint
    .route({ method: 'DELETE', path: '/shares/{id}' })
    .meta({ access })
    .input(byId)
    .output(z.object({ ok: z.literal(true) }))
    .errors(errors('share.not_found')),

  /** The text of what a link shows as a conversation of one's own. */
  fork: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/conversations/from-share', successStatus: 201 })
    .meta({ access: { resource: 'conversation', action: 'create', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId, token: ShareToken }))
    .output(Conversation)
    .errors(errors('workspace.not_found', 'share.not_found')),
}
