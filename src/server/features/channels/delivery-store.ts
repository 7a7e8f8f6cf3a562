import { sql } from 'kysely'
import type { Db } from '../../platform/db/index.ts'
import type { StoredPart } from '../conversations/index.ts'

export interface DeliveryRow {
  message_id: string
  workspace_id: string
  installation_id: string
  conversation_id: string
  attempts: number
  pieces_sent: number
  session_id: string
  parts: StoredPart[]
}

/** What is due, the first of each conversation: answers arrive in the order in which they were given. */
export async function claimDeliveries(db: Db, limit: number, claimSeconds: number): Promise<DeliveryRow[]> {
  const { rows } = await sql<DeliveryRow>`
    with due as materialized (
      select d.message_id from delivery d
      where d.state = 'pending' and d.next_attempt_at <= now() and (d.claimed_until is null or d.claimed_until < now())
        and not exists (
          select from delivery o where o.conversation_id = d.conversation_id and o.state = 'pending'
            and (o.created_at, o.message_id) < (d.created_at, d.message_id))
      order by d.created_at, d.message_id limit ${limit} for update of d skip locked
    )
    update delivery set claimed_until = now() + make_interval(secs => ${claimSeconds}), attempts = delivery.attempts + 1
    from conversation c, message m
    where c.id = delivery.conversation_id and m.id = delivery.message_id and delivery.message_id in (select message_id from due)
    returning delivery.message_id, delivery.workspace_id, delivery.installation_id, delivery.conversation_id, delivery.attempts, delivery.pieces_sent,
      c.session_id, m.parts
  `.execute(db)
  return rows
}

/** The platform took this many pieces; the claim lasts on. */
export async function markPieces(db: Db, messageId: string, piecesSent: number, claimSeconds: number): Promise<void> {
  await sql`
    update delivery set pieces_sent = ${piecesSent}, claimed_until = now() + make_interval(secs => ${claimSeconds}) where message_id = ${messageId}
  `.execute(db)
}

export async function markSent(db: Db, messageId: string, externalId: string | null): Promise<void> {
  await sql`
    with sent as (
      update delivery set state = 'sent', sent_at = now(), claimed_until = null, error = null, external_id = ${externalId} where message_id = ${messageId} returning message_id
    ) update message set external_id = ${externalId} from sent where message.id = sent.message_id
  `.execute(db)
}

export async function postpone(
  db: Db,
  messageId: string,
  failure: { error: string; isUncertain: boolean; seconds: number },
): Promise<void> {
  await sql`
    update delivery set claimed_until = null, error = ${failure.error}, is_uncertain = is_uncertain or ${failure.isUncertain},
      next_attempt_at = now() + make_interval(secs => ${failure.seconds})
    where message_id = ${messageId}
  `.execute(db)
}

/** Given up: a person looks after it. */
export async function giveUp(db: Db, messageId: string, failure: { error: string; isUncertain: boolean }): Promise<void> {
  await sql`
    with failed as (
      update delivery set state = 'failed', claimed_until = null, error = ${failure.error}, is_uncertain = is_uncertain or ${failure.isUncertain}
      where message_id = ${messageId} returning conversation_id
    ) update conversation set handled_by = 'person', updated_at = now() from failed where conversation.id = failed.conversation_id
  `.execute(db)
}

/** Sends again what was given up. */
export async function retryFailed(db: Db, workspaceId: string, conversationId: string): Promise<void> {
  await sql`
    update delivery set state = 'pending', attempts = 0, error = null, next_attempt_at = now()
    where workspace_id = ${workspaceId} and conversation_id = ${conversationId} and state = 'failed'
  `.execute(db)
}
