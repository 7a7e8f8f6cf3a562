import type { ColumnType, Generated } from 'kysely'
import type { QuestionBody, QuestionState } from '../../../contract/tool-questions.ts'

/** What a tool asks a person in the middle of a call. */
export interface ToolQuestionTable {
  id: string
  workspace_id: string
  turn_id: string
  tool_call_id: string
  /** Within the call. */
  key: string
  /** Whose turn it is. */
  asked_of: string
  body: ColumnType<QuestionBody, string, string>
  state: Generated<QuestionState>
  sealed_answer: Buffer | null
  expires_at: Date
  answered_at: Date | null
  created_at: ColumnType<Date, Date | undefined, never>
}

/** With what a call goes on after an interruption. */
export interface ToolCallMemoTable {
  tool_call_id: string
  workspace_id: string
  sealed: Buffer
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    tool_question: ToolQuestionTable
    tool_call_memo: ToolCallMemoTable
  }
}
