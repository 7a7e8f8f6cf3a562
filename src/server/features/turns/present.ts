import type { Turn } from '../../../contract/turns.ts'
import type { CallRow, TurnRow } from './store.ts'

export function presentTurn(turn: TurnRow, calls: readonly CallRow[]): Turn {
  return {
    id: turn.id as Turn['id'],
    conversationId: turn.conversation_id as Turn['conversationId'],
    answerMessageId: turn.answer_message_id as Turn['answerMessageId'],
    state: turn.state,
    error: turn.error,
    waitingFor: calls.flatMap((call) =>
      call.state === 'asked' ? [{ callId: call.call_id, toolName: call.tool_name, state: 'asked' as const }] : [],
    ),
    createdAt: turn.created_at.toISOString(),
    finishedAt: turn.finished_at?.toISOString() ?? null,
  }
}
