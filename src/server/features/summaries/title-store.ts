import { sql } from 'kysely'
import type { Provider } from '../../../contract/models.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { StoredPart } from '../conversations/index.ts'

export interface UntitledRow {
  id: string
  workspace_id: string
  owner_id: string
}

/** Conversations whose first exchange is over and that no model has given a title yet. Each is tried twice at most. */
export async function claimUntitled(db: Db, limit: number, claimSeconds: number): Promise<UntitledRow[]> {
  const { rows } = await sql<UntitledRow>`
    with due as materialized (
      select c.id from conversation c
      where c.title_state = 'first' and c.title_attempts < 2 and c.source = 'web' and c.next_serial > 2 and c.deleted_at is null
        and (c.title_claimed_until is null or c.title_claimed_until < now()) and c.updated_at > now() - interval '1 day'
        and exists (select from turn t where t.conversation_id = c.id and t.state = 'completed')
      order by c.updated_at limit ${limit} for update of c skip locked
    )
    update conversation set title_attempts = title_attempts + 1, title_claimed_until = now() + make_interval(secs => ${claimSeconds})
    where id in (select id from due) returning id, workspace_id, owner_id
  `.execute(db)
  return rows
}

export interface ExchangeRow {
  question: StoredPart[]
  answer: StoredPart[]
  model_id: string
  provider: Provider
}

/** The first question that was answered and not kept from models, and by which model. */
export async function findFirstExchange(db: Db, conversationId: string, withheldWords: string): Promise<ExchangeRow | undefined> {
  const { rows } = await sql<ExchangeRow>`
    select case when q.structured_prompt is null then q.parts
      else jsonb_build_array(jsonb_build_object('type', 'text', 'step', 0, 'text', q.structured_prompt)) end as question, a.parts as answer, s.model_id, s.provider
    from message a join turn t on t.id = a.turn_id join message q on q.id = t.user_message_id join settings_snapshot s on s.id = t.settings_id
    where a.conversation_id = ${conversationId} and t.state = 'completed' and q.structured_prompt is distinct from ${withheldWords}
    order by a.serial limit 1
  `.execute(db)
  return rows[0]
}

/** False: a person was quicker, or the conversation is gone. */
export async function setTitle(tx: Tx, conversationId: string, title: string | null): Promise<boolean> {
  const { rows } = await sql`
    update conversation set title_state = 'made', title_claimed_until = null, title = coalesce(${title}, title)
    where id = ${conversationId} and title_state = 'first' and deleted_at is null returning id
  `.execute(tx)
  return rows.length > 0
}

/** Tells the owner's devices of the conversation as it is now. */
export async function tellOwner(tx: Tx, conversationId: string): Promise<void> {
  await sql`
    select append_user_events(jsonb_build_array(jsonb_build_array(c.owner_id,
      jsonb_build_object('type', 'conversation-changed', 'conversation', conversation_json(c)))))
    from conversation c where c.id = ${conversationId}
  `.execute(tx)
}
