import type { Generated, JSONColumnType } from 'kysely'
import type { HighlightColor, TextQuote } from '../../../contract/highlights.ts'

/** A passage of a message that somebody marked. */
export interface HighlightTable {
  id: string
  workspace_id: string
  message_id: string
  user_id: string
  kind: Generated<'text' | 'code'>
  text_quote: JSONColumnType<TextQuote>
  /** Where it was in the text as it was drawn then; a hint. */
  start_offset: number | null
  end_offset: number | null
  language: string | null
  color: Generated<HighlightColor>
  note: string | null
  is_pinned: Generated<boolean>
  /** Of the message and the quotation: the same passage is marked once by each person. */
  selector_hash: Uint8Array
  created_at: Generated<Date>
  updated_at: Generated<Date>
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    highlight: HighlightTable
  }
}
