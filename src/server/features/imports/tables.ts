import type { Generated, JSONColumnType } from 'kysely'
import type { ErrorCode } from '../../../contract/errors.ts'
import type { ImportNotes, ImportOutcome, ImportReason, ImportSource, ImportStatus } from '../../../contract/imports.ts'

export interface ConversationImportTable {
  id: string
  workspace_id: string
  owner_id: string
  input_file_name: string
  size_bytes: bigint
  received_bytes: Generated<bigint>
  source: Generated<ImportSource | null>
  processing_status: Generated<ImportStatus>
  error_message: Generated<ErrorCode | null>
  notes: JSONColumnType<ImportNotes, string | undefined, string>
  total_bytes: Generated<bigint | null>
  read_bytes: Generated<bigint>
  /** Whoever goes on begins here. */
  next_position: Generated<number>
  imported: Generated<number>
  extended: Generated<number>
  unchanged: Generated<number>
  skipped: Generated<number>
  failed: Generated<number>
  messages: Generated<number>
  /** A newer one makes the writes of an older one void. */
  epoch: Generated<number>
  claimed_until: Generated<Date | null>
  created_at: Generated<Date>
  finished_at: Generated<Date | null>
}

export interface ConversationImportItemTable {
  import_id: string
  position: number
  workspace_id: string
  outcome: ImportOutcome
  title: string
  conversation_id: string | null
  messages: Generated<number>
  reason: ImportReason | null
  notes: JSONColumnType<ImportNotes, string | undefined, string>
}

export interface ImportedConversationTable {
  conversation_id: string
  workspace_id: string
  owner_id: string
  source: ImportSource
  external_id: string
  created_at: Generated<Date>
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    conversation_import: ConversationImportTable
    conversation_import_item: ConversationImportItemTable
    imported_conversation: ImportedConversationTable
  }
}
