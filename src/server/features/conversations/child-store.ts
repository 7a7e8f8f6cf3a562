import { sql } from 'kysely'
import type { TurnState } from '../../../contract/messages.ts'
import type { Db, Tx } from '../../platform/db/index.ts'

/** The conversation of a message that its owner may add a child to, locked, so that it is not deleted meanwhile. */
export async function lockConversationOf(
  tx: Tx,
  where: { ownerId: string; workspaceId: string },
  messageId: string,
): Promise<{ conversationId: string; expiresAt: Date | null } | undefined> {
  const { rows } = await sql<{ conversationId: string; expiresAt: Date | null }>`
    select c.id as "conversationId", c.expires_at as "expiresAt" from message m join conversation c on c.id = m.conversation_id
    where m.id = ${messageId} and m.deleted_at is null and c.owner_id = ${where.ownerId} and c.workspace_id = ${where.workspaceId} and c.deleted_at is null
    for share of c
  `.execute(tx)
  return rows[0]
}

/** The newest children of a conversation, oldest first, each with the state of the turn at its head. */
export async function listChildIds(db: Db, conversationId: string, limit: number): Promise<{ id: string; state: TurnState | null }[]> {
  const { rows } = await sql<{ id: string; state: TurnState | null }>`
    select c.id, t.state from conversation c left join message m on m.id = c.head_id left join turn t on t.id = m.turn_id
    where c.spawned_by_conversation_id = ${conversationId} and c.deleted_at is null
    order by c.created_at desc, c.id desc limit ${limit}
  `.execute(db)
  return rows.toReversed()
}

/** A temporary conversation that is kept keeps its children. */
export async function keepChildren(tx: Tx, conversationId: string): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive family as (
      select id from conversation where spawned_by_conversation_id = ${conversationId}
      union
      select c.id from family f join conversation c on c.spawned_by_conversation_id = f.id
    )
    update conversation set expires_at = null where id in (select id from family) and deleted_at is null returning id
  `.execute(tx)
  return rows.map((row) => row.id)
}
