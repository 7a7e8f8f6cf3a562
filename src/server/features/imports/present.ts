import type { Import, ImportItem } from '../../../contract/imports.ts'
import type { ImportRow, ItemRow } from './store.ts'

export function presentImport(row: ImportRow): Import {
  return {
    id: row.id as Import['id'],
    workspaceId: row.workspace_id as Import['workspaceId'],
    fileName: row.input_file_name,
    sizeBytes: Number(row.size_bytes),
    receivedBytes: Number(row.received_bytes),
    source: row.source,
    status: row.processing_status,
    error: row.error_message,
    notes: row.notes,
    progress: progressOf(row),
    counts: { imported: row.imported, extended: row.extended, unchanged: row.unchanged, skipped: row.skipped, failed: row.failed },
    messages: row.messages,
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}

function progressOf(row: ImportRow): number | null {
  if (row.processing_status === 'completed') return 1
  return row.total_bytes === null ? null : Math.min(1, Number(row.read_bytes) / Math.max(1, Number(row.total_bytes)))
}

export function presentItem(row: ItemRow): ImportItem {
  return {
    position: row.position,
    outcome: row.outcome,
    title: row.title,
    conversationId: row.conversation_id as ImportItem['conversationId'],
    messages: row.messages,
    reason: row.reason,
    notes: row.notes,
  }
}
