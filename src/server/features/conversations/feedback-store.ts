import { sql } from 'kysely'
import type { Feedback } from '../../../contract/messages.ts'
import type { Db, Tx } from '../../platform/db/index.ts'

/** What this person thinks of these messages, by message. */
export async function listFeedback(db: Db | Tx, principalId: string, messageIds: string[]): Promise<Map<string, Feedback>> {
  if (messageIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('message_feedback')
    .select(['message_id', 'value', 'reason'])
    .where('principal_id', '=', principalId)
    .where('message_id', 'in', messageIds)
    .execute()
  return new Map(rows.map(({ message_id, value, reason }) => [message_id, { value, reason }]))
}

export async function putFeedback(
  tx: Tx,
  row: { id: string; workspaceId: string; messageId: string; principalId: string } & Feedback,
): Promise<void> {
  const { value, reason } = row
  await tx
    .insertInto('message_feedback')
    .values({ id: row.id, workspace_id: row.workspaceId, message_id: row.messageId, principal_id: row.principalId, value, reason })
    .onConflict((conflict) => conflict.columns(['message_id', 'principal_id']).doUpdateSet({ value, reason, updated_at: sql`now()` }))
    .execute()
}

export async function deleteFeedback(tx: Tx, messageId: string, principalId: string): Promise<void> {
  await tx.deleteFrom('message_feedback').where('message_id', '=', messageId).where('principal_id', '=', principalId).execute()
}
