import type { ColumnType, Generated } from 'kysely'

type CreatedAt = ColumnType<Date, Date | undefined, never>

/** Somebody who wrote on a page. The id is the principal's. */
export interface VisitorTable {
  id: string
  workspace_id: string
  page_id: string
  created_at: CreatedAt
}

/** A message that counts for a day (UTC). */
export interface VisitorAnswerTable {
  visitor_id: string
  workspace_id: string
  day: Date
  message_id: string
}

/** A visitor's session on a page: one conversation, which ends by time or by the visitor. */
export interface VisitTable {
  conversation_id: string
  workspace_id: string
  page_id: string
  visitor_id: string
  is_active: Generated<boolean>
  last_active_at: ColumnType<Date, Date | undefined, Date>
  ended_at: Date | null
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    visitor: VisitorTable
    visit: VisitTable
    visitor_answer: VisitorAnswerTable
  }
}
