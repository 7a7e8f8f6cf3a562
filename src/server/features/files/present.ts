import type { Attachment } from '../../../contract/attachments.ts'
import type { FilePart } from '../../../contract/messages.ts'
import type { AttachmentRow } from './store.ts'

export function presentAttachment(row: AttachmentRow): Attachment {
  return {
    id: row.id as Attachment['id'],
    workspaceId: row.workspace_id as Attachment['workspaceId'],
    conversationId: row.conversation_id as Attachment['conversationId'],
    messageId: row.message_id as Attachment['messageId'],
    origin: row.origin,
    status: row.status,
    reason: row.reason,
    name: row.name,
    sizeBytes: Number(row.size),
    mime: row.mime ?? row.claimed_mime,
    sha256: row.checksum_sha256 && Buffer.from(row.checksum_sha256).toString('hex'),
    kind: row.kind,
    width: row.width,
    height: row.height,
    pageCount: row.page_count,
    textTokens: row.text_tokens,
    replacesId: row.replaces_id as Attachment['replacesId'],
    version: row.version,
    createdAt: row.created_at.toISOString(),
  }
}

/** As it stands in a message, under the id that the message's own attachment has. */
export function toFilePart(row: AttachmentRow, id: string): FilePart {
  return {
    type: 'file',
    step: 0,
    attachmentId: id as FilePart['attachmentId'],
    name: row.name,
    kind: row.kind ?? 'text',
    mime: row.mime ?? row.claimed_mime,
    sizeBytes: Number(row.size),
    width: row.width,
    height: row.height,
    pageCount: row.page_count,
    textTokens: row.text_tokens,
    ...(row.version > 1 && { version: row.version, replacesId: row.replaces_id as FilePart['replacesId'] }),
  }
}
