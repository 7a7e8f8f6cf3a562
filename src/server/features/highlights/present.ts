import type { Highlight } from '../../../contract/highlights.ts'
import type { HighlightRow } from './store.ts'

export function presentHighlight(row: HighlightRow): Highlight {
  return {
    id: row.id as Highlight['id'],
    conversationId: row.conversation_id as Highlight['conversationId'],
    conversationTitle: row.title,
    messageId: row.message_id as Highlight['messageId'],
    depth: row.depth,
    kind: row.kind,
    textQuote: row.text_quote,
    start: row.start_offset,
    end: row.end_offset,
    language: row.language,
    color: row.color,
    note: row.note,
    isPinned: row.is_pinned,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  }
}
