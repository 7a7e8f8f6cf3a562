import { z } from 'zod'
import { ConversationChoices, ConversationSettings } from './conversation-settings.ts'
import { endpoint, maxPageSize } from './endpoint.ts'
import { errors } from './errors.ts'
import { AgentId, ConnectionId, ConversationId, Instant, MessageId, ModelId, NanoUsd, WorkspaceId } from './ids.ts'
import { maxFeedbackReasonLength } from './mark-choices.ts'
import { Feedback, Message, TurnState } from './messages.ts'
import { WebSearch } from './models.ts'

export const Conversation = z.object({
  id: ConversationId,
  workspaceId: WorkspaceId,
  title: z.string(),
  source: z.enum(['web', 'api', 'webhook', 'telegram', 'page', 'widget']),
  headId: MessageId.nullable(),
  modelId: ModelId.nullable(),
  connectionId: ConnectionId.nullable(),
  /** Who answers. Null: the model, as the workspace has it. */
  agentId: AgentId.nullable(),
  lastMessagePreview: z.string().nullable(),
  /** Of a fork: what it was copied from. The origin may be gone meanwhile. */
  forkedFromConversationId: ConversationId.nullable(),
  forkedFromMessageId: MessageId.nullable(),
  /** Of a child: the message that began it, in whose conversation its card stands. */
  spawnedByConversationId: ConversationId.nullable(),
  spawnedByMessageId: MessageId.nullable(),
  /** Temporary: in no list and no search, and erased then. Null: kept. */
  expiresAt: Instant.nullable(),
  /** True while an answer is being written or waits for a person. */
  isAnswering: z.boolean(),
  /** Stands before all others. */
  isPinned: z.boolean(),
  /** Out of the way, and found all the same. */
  isArchived: z.boolean(),
  tags: z.array(z.string()),
  /** What an answer has used stands below it. */
  showsUsage: z.boolean(),
  /** Its owner is told when it has cost that much. Null: never. */
  usageAlertNanoUsd: NanoUsd.nullable(),
  /** When they were told. Another amount begins anew. */
  usageAlertedAt: Instant.nullable(),
  createdAt: Instant,
  updatedAt: Instant,
})
export type Conversation = z.infer<typeof Conversation>

const byId = z.strictObject({ id: ConversationId })

/** A word of its owner's. */
const Tag = z.string().trim().min(1).max(40)
const maxTags = 20
const several = { workspaceId: WorkspaceId, ids: z.array(ConversationId).min(1).max(maxPageSize) }
const changed = z.object({ changed: z.number().int() })

/** What a message of a conversation began, and how far that is. */
export const ChildConversation = z.object({
  conversation: Conversation,
  /** Of the turn at its head. Null: nothing was asked in it yet. */
  state: TurnState.nullable(),
})
export type ChildConversation = z.infer<typeof ChildConversation>

/** A conversation in the trash. */
export const TrashedConversation = z.object({
  id: ConversationId,
  title: z.string(),
  deletedAt: Instant,
  /** When it goes for good, at the latest a day later. */
  purgedAt: Instant,
})
export type TrashedConversation = z.infer<typeof TrashedConversation>

export const conversations = {
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/conversations' })
    .meta({ access: { resource: 'conversation', action: 'read', whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        cursor: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
        search: z.string().trim().max(200).optional().describe('part of a title'),
        tag: Tag.optional(),
        status: z.enum(['active', 'archived']).default('active'),
      }),
    )
    .output(z.object({ conversations: z.array(Conversation), nextCursor: z.string().nullable() }))
    .errors(errors('workspace.not_found')),

  create: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/conversations', successStatus: 201 })
    .meta({ access: { resource: 'conversation', action: 'create', whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        title: z.string().trim().min(1).max(200).optional(),
        modelId: ModelId.optional(),
        agentId: AgentId.optional(),
        /** A child of this message's conversation: in no list, deleted with it and restored with it, and temporary where that one is. */
        spawnedByMessageId: MessageId.optional(),
        /** What searches the web for it, from its first message on. */
        webSearch: WebSearch.optional(),
        /** Erased after 24 hours. What it costs stays in the ledger. */
        isTemporary: z.boolean().default(false),
      }),
    )
    .output(Conversation)
    .errors(errors('workspace.not_found', 'model.not_found', 'message.not_found', 'agent.not_found')),

  get: endpoint
    .route({ method: 'GET', path: '/conversations/{id}' })
    .meta({ access: { resource: 'conversation', action: 'read', whose: 'owner' } })
    .input(byId)
    .output(Conversation)
    .errors(errors('conversation.not_found')),

  update: endpoint
    .route({ method: 'PATCH', path: '/conversations/{id}' })
    .meta({ access: { resource: 'conversation', action: 'update', whose: 'owner' } })
    .input(
      z.strictObject({
        id: ConversationId,
        title: z.string().trim().min(1).max(200).optional(),
        modelId: ModelId.nullable().optional(),
        /** The key chosen for this conversation; null goes back to the usual order. */
        connectionId: ConnectionId.nullable().optional(),
        /** Null: the model answers, as the workspace has it. */
        agentId: AgentId.nullable().optional(),
        isPinned: z.boolean().optional(),
        isArchived: z.boolean().optional(),
        /** All of them, in place of those it had. */
        tags: z.array(Tag).max(maxTags).optional(),
        showsUsage: z.boolean().optional(),
        usageAlertNanoUsd: NanoUsd.regex(/[1-9]/, 'more than nothing').nullable().optional(),
        /** A temporary conversation is kept from now on. */
        isTemporary: z.literal(false).optional(),
      }),
    )
    .output(Conversation)
    .errors(errors('conversation.not_found', 'model.not_found', 'connection.not_found', 'agent.not_found')),

  /** What the next turn of the actor's runs with here, and where each value comes from. */
  getSettings: endpoint
    .route({ method: 'GET', path: '/conversations/{id}/settings' })
    .meta({ access: { resource: 'conversation', action: 'read', whose: 'owner' } })
    .input(byId)
    .output(ConversationSettings)
    .errors(errors('conversation.not_found')),

  updateSettings: endpoint
    .route({ method: 'PATCH', path: '/conversations/{id}/settings' })
    .meta({ access: { resource: 'conversation', action: 'update', whose: 'owner' } })
    .input(z.strictObject({ id: ConversationId, ...ConversationChoices.partial().shape }))
    .output(ConversationSettings)
    .errors(errors('conversation.not_found', 'model.thinking_unsupported')),

  /** Soft: `restore` brings it back. Running answers are stopped. */
  delete: endpoint
    .route({ method: 'DELETE', path: '/conversations/{id}' })
    .meta({ access: { resource: 'conversation', action: 'delete', whose: 'owner' } })
    .input(byId)
    .output(z.object({ ok: z.literal(true) }))
    .errors(errors('conversation.not_found')),

  restore: endpoint
    .route({ method: 'POST', path: '/conversations/{id}/restore' })
    .meta({ access: { resource: 'conversation', action: 'delete', whose: 'owner' } })
    .input(byId)
    .output(Conversation)
    .errors(errors('conversation.not_found')),

  /** All of these or none. */
  updateMany: endpoint
    .route({ method: 'PATCH', path: '/workspaces/{workspaceId}/conversations' })
    .meta({ access: { resource: 'conversation', action: 'update', whose: 'workspace' } })
    .input(
      z.strictObject({
        ...several,
        isPinned: z.boolean().optional(),
        isArchived: z.boolean().optional(),
        addTags: z.array(Tag).max(maxTags).optional(),
        removeTags: z.array(Tag).max(maxTags).optional(),
      }),
    )
    .output(changed)
    .errors(errors('workspace.not_found', 'conversation.not_found')),

  /** All of these or none, to the trash. */
  deleteMany: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/conversations/delete' })
    .meta({ access: { resource: 'conversation', action: 'delete', whose: 'workspace' } })
    .input(z.strictObject(several))
    .output(changed)
    .errors(errors('workspace.not_found', 'conversation.not_found')),

  /** What can be restored, the newest first. */
  listTrash: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/trash' })
    .meta({ access: { resource: 'conversation', action: 'read', whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        cursor: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
      }),
    )
    .output(z.object({ conversations: z.array(TrashedConversation), nextCursor: z.string().nullable() }))
    .errors(errors('workspace.not_found')),

  /** For good, with all messages. What they cost stays in the ledger. */
  emptyTrash: endpoint
    .route({ method: 'DELETE', path: '/workspaces/{workspaceId}/trash' })
    .meta({ access: { resource: 'conversation', action: 'delete', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .output(z.object({ ok: z.literal(true) }))
    .errors(errors('workspace.not_found')),

  /** One's tags, by name, and how many conversations have each. */
  listTags: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/tags' })
    .meta({ access: { resource: 'conversation', action: 'read', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .output(z.array(z.object({ tag: z.string(), count: z.number().int() })))
    .errors(errors('workspace.not_found')),

  /** Its child conversations, oldest first, at most the newest two hundred. */
  children: endpoint
    .route({ method: 'GET', path: '/conversations/{id}/children' })
    .meta({ access: { resource: 'conversation', action: 'read', whose: 'owner' } })
    .input(byId)
    .output(z.array(ChildConversation))
    .errors(errors('conversation.not_found')),

  /**
   * A window of the shown path, oldest first. Without `before` and `after` it ends at the head. `before`/`after` are depths, exclusive. `around`: the window
   * with this message in its middle; not found unless it is on the shown path.
   */
  messages: endpoint
    .route({ method: 'GET', path: '/conversations/{id}/messages' })
    .meta({ access: { resource: 'message', action: 'read', whose: 'owner' } })
    .input(
      z.strictObject({
        id: ConversationId,
        before: z.coerce.number().int().min(0).optional(),
        after: z.coerce.number().int().min(-1).optional(),
        around: MessageId.optional(),
        limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
      }),
    )
    .output(z.object({ messages: z.array(Message), hasBefore: z.boolean(), hasAfter: z.boolean(), pathLength: z.number().int() }))
    .errors(errors('conversation.not_found', 'message.not_found')),

  /** The versions at the place of this message, oldest first and the newest fifty at most: what a comparison shows. */
  siblings: endpoint
    .route({ method: 'GET', path: '/conversations/{id}/messages/{messageId}/siblings' })
    .meta({ access: { resource: 'message', action: 'read', whose: 'owner' } })
    .input(z.strictObject({ id: ConversationId, messageId: MessageId }))
    .output(z.object({ messages: z.array(Message) }))
    .errors(errors('conversation.not_found', 'message.not_found')),

  /** A new conversation with a copy of the path up to this message. The text is copied; what the answers cost was paid once. */
  fork: endpoint
    .route({ method: 'POST', path: '/conversations/{id}/forks', successStatus: 201 })
    .meta({ access: { resource: 'conversation', action: 'create', whose: 'owner' } })
    .input(z.strictObject({ id: ConversationId, messageId: MessageId, title: z.string().trim().min(1).max(200).optional() }))
    .output(Conversation)
    .errors(errors('conversation.not_found', 'message.not_found', 'answer.being_written')),

  /**
   * Deletes this message and all that follows it, on every path through it. Soft: `restoreBranch` brings it back within thirty days. What is being
   * written in it is stopped; a path that ended in it ends at the nearest version beside it, or before it.
   */
  deleteBranch: endpoint
    .route({ method: 'DELETE', path: '/conversations/{id}/messages/{messageId}' })
    .meta({ access: { resource: 'message', action: 'delete', whose: 'owner' } })
    .input(z.strictObject({ id: ConversationId, messageId: MessageId }))
    .output(Conversation)
    .errors(errors('conversation.not_found', 'message.not_found')),

  /** Takes the deletion of this message back, and shows it. */
  restoreBranch: endpoint
    .route({ method: 'POST', path: '/conversations/{id}/messages/{messageId}/restore' })
    .meta({ access: { resource: 'message', action: 'delete', whose: 'owner' } })
    .input(z.strictObject({ id: ConversationId, messageId: MessageId }))
    .output(Conversation)
    .errors(errors('conversation.not_found', 'message.not_found')),

  /** Shows another branch: the newest path through this message. */
  switchBranch: endpoint
    .route({ method: 'PUT', path: '/conversations/{id}/head' })
    .meta({ access: { resource: 'conversation', action: 'update', whose: 'owner' } })
    .input(z.strictObject({ id: ConversationId, messageId: MessageId }))
    .output(Conversation)
    .errors(errors('conversation.not_found', 'message.not_found')),

  /** What the actor thinks of an answer. A new value takes the place of the old one, null takes it back. */
  rateMessage: endpoint
    .route({ method: 'PUT', path: '/conversations/{id}/messages/{messageId}/feedback' })
    .meta({ access: { resource: 'message', action: 'update', whose: 'owner' } })
    .input(
      z.strictObject({
        id: ConversationId,
        messageId: MessageId,
        value: Feedback.shape.value.nullable(),
        reason: z.string().trim().max(maxFeedbackReasonLength).optional(),
      }),
    )
    .output(z.object({ feedback: Feedback.nullable() }))
    .errors(errors('conversation.not_found', 'message.not_found', 'message.not_an_answer')),
}
