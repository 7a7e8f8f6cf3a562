import { z } from 'zod'
import { endpoint, maxPageSize } from './endpoint.ts'
import { errors } from './errors.ts'
import { AttachmentId, ConversationId, Instant, MessageId, WorkspaceId } from './ids.ts'
import { FileKind, FilePart } from './messages.ts'

/** Where it comes from: a person, an address elsewhere, a model. Today only people bring files. */
export const AttachmentOrigin = z.enum(['upload', 'remote', 'generated'])
export type AttachmentOrigin = z.infer<typeof AttachmentOrigin>

/**
 * requested → planned: there is a place for it → uploading → stored → scanning: its real type and structure are looked at → ready → attached to a message.
 * failed: it cannot be used, and the reason says why. quarantined: it is not what it says, or is dangerous to open.
 */
export const AttachmentStatus = z.enum([
  'requested',
  'planned',
  'uploading',
  'stored',
  'scanning',
  'ready',
  'attached',
  'failed',
  'quarantined',
])
export type AttachmentStatus = z.infer<typeof AttachmentStatus>

/** Why it failed or was quarantined. */
export const AttachmentReason = z.enum([
  'size_mismatch',
  'checksum_mismatch',
  'interrupted',
  'type_unsupported',
  'type_mismatch',
  'damaged',
  'encrypted',
  'too_complex',
])
export type AttachmentReason = z.infer<typeof AttachmentReason>

export const maxFileNameLength = 200

export const Attachment = z.object({
  id: AttachmentId,
  workspaceId: WorkspaceId,
  conversationId: ConversationId.nullable(),
  messageId: MessageId.nullable(),
  origin: AttachmentOrigin,
  status: AttachmentStatus,
  reason: AttachmentReason.nullable(),
  name: z.string(),
  sizeBytes: z.number().int(),
  /** As its bytes say; before they are there, as whoever uploads it says. */
  mime: z.string(),
  sha256: z.string().nullable(),
  /** Null until it is known. */
  kind: FileKind.nullable(),
  width: z.number().int().nullable(),
  height: z.number().int().nullable(),
  pageCount: z.number().int().nullable(),
  textTokens: z.number().int().nullable(),
  /** The version before it, where a model changed the file of this name. */
  replacesId: AttachmentId.nullable(),
  version: z.number().int(),
  createdAt: Instant,
})
export type Attachment = z.infer<typeof Attachment>

const byId = z.strictObject({ id: AttachmentId })
const bring = { resource: 'turn', action: 'create' } as const
const read = { resource: 'message', action: 'read', whose: 'owner' } as const

export const attachments = {
  /** Makes a place for a file. What is sent to `upload.path` within a quarter of an hour becomes its bytes. */
  plan: endpoint
    .route({ method: 'POST', path: '/workspaces/{workspaceId}/attachments', successStatus: 201 })
    .meta({ access: { ...bring, whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        /** Where it will be used, if that is known: it goes with the conversation. */
        conversationId: ConversationId.optional(),
        name: z.string().min(1).max(1000),
        sizeBytes: z.number().int().min(1),
        mime: z.string().max(200).default(''),
        /** In hexadecimal. Compared with what arrives. */
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .optional(),
      }),
    )
    .output(z.object({ attachment: Attachment, upload: z.object({ method: z.literal('PUT'), path: z.string(), expiresAt: Instant }) }))
    .errors(errors('workspace.not_found', 'conversation.not_found', 'attachment.too_large', 'attachment.no_space')),

  /** The bytes. Answers once they are stored and checked, with the state that came of it. */
  upload: endpoint
    .route({ method: 'PUT', path: '/attachments/{id}/bytes' })
    .meta({ access: { ...bring, whose: 'owner' }, takesBytes: true })
    .input(z.strictObject({ id: AttachmentId, expires: z.coerce.number().int(), signature: z.string().max(100) }))
    .output(Attachment)
    .errors(errors('attachment.not_found', 'attachment.upload_invalid', 'attachment.not_planned', 'attachment.too_large')),

  get: endpoint
    .route({ method: 'GET', path: '/attachments/{id}' })
    .meta({ access: read })
    .input(byId)
    .output(Attachment)
    .errors(errors('attachment.not_found')),

  /** One's own in a workspace, the newest first. */
  list: endpoint
    .route({ method: 'GET', path: '/workspaces/{workspaceId}/attachments' })
    .meta({ access: { ...read, whose: 'workspace' } })
    .input(
      z.strictObject({
        workspaceId: WorkspaceId,
        conversationId: ConversationId.optional(),
        cursor: z.string().max(200).optional(),
        limit: z.coerce.number().int().min(1).max(maxPageSize).default(50),
      }),
    )
    .output(z.object({ attachments: z.array(Attachment), nextCursor: z.string().nullable() }))
    .errors(errors('workspace.not_found', 'conversation.not_found')),

  /** At once. A message that it stands in keeps its name. */
  delete: endpoint
    .route({ method: 'DELETE', path: '/attachments/{id}' })
    .meta({ access: { resource: 'message', action: 'delete', whose: 'owner' } })
    .input(byId)
    .output(z.object({ ok: z.literal(true) }))
    .errors(errors('attachment.not_found')),

  /** The bytes; `Range` for a part. Shown in place where that is safe, else saved. */
  content: endpoint
    .route({ method: 'GET', path: '/attachments/{id}/content' })
    .meta({ access: read, stream: true })
    .input(z.strictObject({ id: AttachmentId, download: z.enum(['1']).optional() }))
    .errors(errors('attachment.not_found')),

  /** Makes this version the newest of its name in the conversation once more, as a version of its own. */
  restore: endpoint
    .route({ method: 'POST', path: '/attachments/{id}/restore' })
    .meta({ access: { ...bring, whose: 'owner' } })
    .input(byId)
    .output(z.object({ attachment: Attachment, part: FilePart }))
    .errors(errors('attachment.not_found')),

  /** What a model that is given words reads of it, cut after 200,000 characters. */
  text: endpoint
    .route({ method: 'GET', path: '/attachments/{id}/text' })
    .meta({ access: read })
    .input(byId)
    .output(z.object({ text: z.string().nullable(), isCut: z.boolean() }))
    .errors(errors('attachment.not_found')),
}
