import { z } from 'zod'
import { endpoint, maxPageSize } from './endpoint.ts'
import { errors } from './errors.ts'
import { AgentId, ConversationId, InstallationId, Instant, MessageId, UserId, WorkspaceId } from './ids.ts'

export const Platform = z.enum(['webhook', 'telegram'])
export type Platform = z.infer<typeof Platform>

/** A messaging platform that a workspace answers on. Its secrets are sealed and never returned. */
export const Installation = z.object({
  id: InstallationId,
  workspaceId: WorkspaceId,
  platform: Platform,
  name: z.string(),
  isEnabled: z.boolean(),
  /** Where the platform sends its events. */
  hookUrl: z.string(),
  /** Of a webhook: where answers are sent. */
  replyUrl: z.string().nullable(),
  /** Who answers. Null: the model, as the workspace has it. */
  agentId: AgentId.nullable(),
  /** Of a webhook: its sender verifies the addresses that it calls verified, so that a contact with a member's address is shown as that member. */
  verifiesEmail: z.boolean(),
  /** Of a webhook whose secret was changed: until when the old one is valid too. */
  previousSecretUntil: Instant.nullable(),
  createdAt: Instant,
})
export type Installation = z.infer<typeof Installation>

const httpUrl = z.url({ protocol: /^https?$/ }).max(2000)
const name = z.string().trim().min(1).max(100)
const answers = { agentId: AgentId.nullable().optional() }
const byId = z.strictObject({ id: InstallationId })
const ok = z.object({ ok: z.literal(true) })

export const installations = {
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/installations' })
    .meta({ access: { resource: 'installation', action: 'read', whose: 'workspace' } })
    .input(z.strictObject({ workspaceId: WorkspaceId }))
    .output(z.array(Installation))
    .errors(errors('workspace.not_found')),

  /** `secret` is shown once: what the sender of a webhook signs with. A bot's token is tried at the platform, which is told where to send its events. */
  create: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/installations', successStatus: 201 })
    .meta({ access: { resource: 'installation', action: 'create', whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        name,
        settings: z.discriminatedUnion('platform', [
          z.strictObject({ platform: z.literal('webhook'), replyUrl: httpUrl, verifiesEmail: z.boolean().default(false) }),
          z.strictObject({
            platform: z.literal('telegram'),
            botToken: z.string().regex(/^\d{3,20}:[\w-]{10,100}$/, 'is not a token of a Telegram bot'),
            /** Of a Bot API server of one's own. */
            apiUrl: httpUrl.optional(),
          }),
        ]),
        ...answers,
      }),
    )
    .output(z.object({ installation: Installation, secret: z.string().nullable() }))
    .errors(errors('workspace.not_found', 'agent.not_found', 'installation.rejected')),

  update: endpoint
    .route({ method: 'PATCH', path: '/installations/{id}' })
    .meta({ access: { resource: 'installation', action: 'update', whose: 'workspace' } })
    .input(
      z.strictObject({
        id: InstallationId,
        name: name.optional(),
        isEnabled: z.boolean().optional(),
        /** Of a webhook. Switched off, contacts are members no more. */
        verifiesEmail: z.boolean().optional(),
        ...answers,
      }),
    )
    .output(Installation)
    .errors(errors('installation.not_found', 'agent.not_found')),

  /**
   * Changes the secret that proves events. A webhook's new one is shown once, and the old one is valid for another day; a platform that makes its own use
   * of the secret is told, and `secret` is null.
   */
  rotateSecret: endpoint
    .route({ method: 'POST', path: '/installations/{id}/secret' })
    .meta({ access: { resource: 'installation', action: 'update', whose: 'workspace' } })
    .input(byId)
    .output(z.object({ installation: Installation, secret: z.string().nullable() }))
    .errors(errors('installation.not_found', 'installation.rejected')),

  /** Conversations stay; nothing comes in or goes out any more. */
  delete: endpoint
    .route({ method: 'DELETE', path: '/installations/{id}' })
    .meta({ access: { resource: 'installation', action: 'delete', whose: 'workspace' } })
    .input(byId)
    .output(ok)
    .errors(errors('installation.not_found')),
}

export const DeliveryState = z.enum(['pending', 'sent', 'failed'])

/** A conversation with a contact of a platform or a visitor of the page, as the people see it who look after it. */
export const InboxConversation = z.object({
  id: ConversationId,
  workspaceId: WorkspaceId,
  installationId: InstallationId.nullable(),
  source: z.enum([...Platform.options, 'page', 'widget']),
  /** Null: a visitor, of whom nothing is known. */
  contactName: z.string().nullable(),
  /** Who the contact was proved to be, as long as they are a member. It gives the contact no rights. */
  contactMember: z.object({ id: UserId, name: z.string() }).nullable(),
  preview: z.string().nullable(),
  handledBy: z.enum(['bot', 'person']),
  assignee: z.object({ id: UserId, name: z.string() }).nullable(),
  isAnswering: z.boolean(),
  /** Whether what a person writes can reach them: the installation is still there, the visit has not ended. */
  canAnswer: z.boolean(),
  /** Of what was sent last; null before anything was. */
  delivery: z.object({ state: DeliveryState, isUncertain: z.boolean(), error: z.string().nullable() }).nullable(),
  updatedAt: Instant,
})
export type InboxConversation = z.infer<typeof InboxConversation>

/** One conversation, looked at alone. */
export const OpenInboxConversation = InboxConversation.extend({
  /** Of the last messages: what a model wrote that the contact never got, since somebody had taken over or it failed. */
  unsentAnswerIds: z.array(MessageId),
})
export type OpenInboxConversation = z.infer<typeof OpenInboxConversation>

const ofConversation = z.strictObject({ id: ConversationId })

export const inbox = {
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/inbox' })
    .meta({ access: { resource: 'inbox', action: 'read', whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        handledBy: z.enum(['bot', 'person']).optional(),
        limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
      }),
    )
    .output(z.array(InboxConversation))
    .errors(errors('workspace.not_found')),

  get: endpoint
    .route({ method: 'GET', path: '/inbox/{id}' })
    .meta({ access: { resource: 'inbox', action: 'read', whose: 'workspace' } })
    .input(ofConversation)
    .output(OpenInboxConversation)
    .errors(errors('conversation.not_found')),

  /** From now on the model is silent; an answer that is being written is stopped. */
  takeOver: endpoint
    .route({ method: 'POST', path: '/inbox/{id}/take-over' })
    .meta({ access: { resource: 'inbox', action: 'update', whose: 'workspace' } })
    .input(ofConversation)
    .output(OpenInboxConversation)
    .errors(errors('conversation.not_found')),

  handBack: endpoint
    .route({ method: 'POST', path: '/inbox/{id}/hand-back' })
    .meta({ access: { resource: 'inbox', action: 'update', whose: 'workspace' } })
    .input(ofConversation)
    .output(OpenInboxConversation)
    .errors(errors('conversation.not_found')),

  /** A person's answer, sent to the contact. The id is made by the client, so that sending twice answers once. */
  answer: endpoint
    .route({ method: 'POST', path: '/inbox/{id}/answers', successStatus: 201 })
    .meta({ access: { resource: 'inbox', action: 'create', whose: 'workspace' } })
    .input(z.strictObject({ id: ConversationId, text: z.string().trim().min(1).max(20_000), key: z.uuid() }))
    .output(z.object({ messageId: MessageId }))
    .errors(errors('conversation.not_found', 'inbox.not_taken_over', 'inbox.out_of_reach')),

  /** Sends again what could not be sent. */
  retry: endpoint
    .route({ method: 'POST', path: '/inbox/{id}/retry' })
    .meta({ access: { resource: 'inbox', action: 'update', whose: 'workspace' } })
    .input(ofConversation)
    .output(OpenInboxConversation)
    .errors(errors('conversation.not_found')),
}
