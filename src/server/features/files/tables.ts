import type { ColumnType, Generated, JSONColumnType } from 'kysely'
import type { AttachmentOrigin, AttachmentReason, AttachmentStatus } from '../../../contract/attachments.ts'
import type { FileKind } from '../../../contract/messages.ts'

/** Bytes that are kept once. */
export interface FileTable {
  id: string
  workspace_id: string
  owner_id: string
  bucket: string
  key: string
  region: Generated<string | null>
  etag: Generated<string | null>
  size: bigint
  mime: Generated<string | null>
  checksum_sha256: Generated<Uint8Array | null>
  kind: Generated<FileKind | null>
  width: Generated<number | null>
  height: Generated<number | null>
  page_count: Generated<number | null>
  text_key: Generated<string | null>
  text_tokens: Generated<number | null>
  created_at: Generated<Date>
}

/** One use of a file. */
export interface AttachmentTable {
  id: string
  workspace_id: string
  conversation_id: string | null
  message_id: string | null
  user_id: string
  file_id: string
  origin: Generated<AttachmentOrigin>
  status: Generated<AttachmentStatus>
  reason: AttachmentReason | null
  name: string
  claimed_mime: string
  claimed_sha256: Uint8Array | null
  source_url: Generated<string | null>
  /** The version before it, of a file that was changed. */
  replaces_id: Generated<string | null>
  version: Generated<number>
  meta: JSONColumnType<object, string | undefined, string>
  created_at: ColumnType<Date, Date | undefined, never>
  updated_at: Generated<Date>
}

/** Bytes that are still to be deleted. */
export interface DroppedFileTable {
  id: string
  workspace_id: string
  bucket: string
  key: string
  text_key: string | null
  created_at: Generated<Date>
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    file: FileTable
    attachment: AttachmentTable
    dropped_file: DroppedFileTable
  }
}
