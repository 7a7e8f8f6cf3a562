import type { ToolQuestion } from '../../../contract/tool-questions.ts'
import type { QuestionRow } from './store.ts'

export function presentQuestion({ id, state, expires_at, body }: QuestionRow): ToolQuestion {
  return { id: id as ToolQuestion['id'], state, expiresAt: expires_at.toISOString(), body }
}
