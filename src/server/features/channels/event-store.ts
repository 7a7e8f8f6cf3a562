import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'

export interface EventRow {
  id: string
  workspace_id: string
  installation_id: string
  session_id: string
  raw: Uint8Array
  attempts: number
}

/** Stores an event once. False: it is there already. */
export async function insertEvent(
  db: Db,
  event: { id: string; workspaceId: string; installationId: string; externalId: string; sessionId: string; raw: Buffer },
): Promise<boolean> {
  const { rows } = await sql`
    insert into inbound_event (id, workspace_id, installation_id, external_id, session_id, raw)
    values (${event.id}, ${event.workspaceId}, ${event.installationId}, ${event.externalId}, ${event.sessionId}, ${event.raw})
    on conflict do nothing returning id
  `.execute(db)
  return rows.length > 0
}

/** Open events that nobody works on, the first of each thread: what follows waits until it is done. */
export async function claimEvents(db: Db, limit: number, claimSeconds: number): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    update inbound_event set claimed_until = now() + make_interval(secs => ${claimSeconds}), attempts = attempts + 1
    where id in (
      select e.id from inbound_event e
      where e.state = 'open' and (e.claimed_until is null or e.claimed_until < now())
        and not exists (
          select from inbound_event o where o.installation_id = e.installation_id and o.session_id = e.session_id and o.state = 'open' and o.id < e.id)
      order by e.id limit ${limit} for update of e skip locked
    ) returning id, workspace_id, installation_id, session_id, raw, attempts
  `.execute(db)
  return rows
}

export async function endEvent(
  db: Db,
  id: string,
  end: { state: 'done' | 'ignored' | 'failed'; error?: string; conversationId?: string; messageId?: string | null },
): Promise<void> {
  await db
    .updateTable('inbound_event')
    .set({
      state: end.state,
      claimed_until: null,
      error: end.error ?? null,
      conversation_id: end.conversationId ?? null,
      message_id: end.messageId ?? null,
    })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .execute()
}

/** Left open, to be tried again after a pause. */
export async function postponeEvent(db: Db, id: string, seconds: number, error: string): Promise<void> {
  await db
    .updateTable('inbound_event')
    .set({ claimed_until: sql<Date>`now() + make_interval(secs => ${seconds})`, error })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .execute()
}

/** The contact with this id on the platform; made at its first message, however many processes see it at once. What it is called may change. */
export async function ensureContact(
  tx: Tx,
  contact: { id: string; workspaceId: string; installationId: string; externalId: string; name: string; language: string | null },
): Promise<string> {
  const find = () =>
    tx
      .selectFrom('contact')
      .select(['id', 'name'])
      .where('workspace_id', '=', contact.workspaceId)
      .where('installation_id', '=', contact.installationId)
      .where('external_id', '=', contact.externalId)
      .executeTakeFirst()
  const known = await find()
  if (known) {
    if (known.name !== contact.name) await tx.updateTable('contact').set({ name: contact.name }).where('id', '=', known.id).execute()
    return known.id
  }
  await tx.insertInto('principal').values({ id: contact.id, workspace_id: contact.workspaceId, kind: 'contact' }).execute()
  const made = await tx
    .insertInto('contact')
    .values({
      id: contact.id,
      workspace_id: contact.workspaceId,
      installation_id: contact.installationId,
      external_id: contact.externalId,
      name: contact.name,
      language: contact.language,
      user_id: null,
    })
    .onConflict((conflict) => conflict.columns(['workspace_id', 'installation_id', 'external_id']).doNothing())
    .executeTakeFirst()
  if (made.numInsertedOrUpdatedRows === 1n) return contact.id
  await tx.deleteFrom('principal').where('id', '=', contact.id).execute()
  return (await find())!.id
}

export interface SessionRow {
  id: string
  owner_id: string
  handled_by: 'bot' | 'person'
}

/** The conversation of a thread, made at its first message. It is its first contact's; in a group others speak in it too. */
export async function ensureConversation(
  tx: Tx,
  conversation: {
    id: string
    workspaceId: string
    installationId: string
    sessionId: string
    ownerId: string
    source: 'webhook' | 'telegram'
    language: string | null
    entity: { type: string; id: string } | null
  },
): Promise<SessionRow> {
  await sql`
    insert into conversation (id, workspace_id, owner_id, source, title, visibility, installation_id, session_id, language, entity_type, entity_id)
    values (${conversation.id}, ${conversation.workspaceId}, ${conversation.ownerId}, ${conversation.source}, '', 'workspace',
      ${conversation.installationId}, ${conversation.sessionId}, ${conversation.language}, ${conversation.entity?.type ?? null}, ${conversation.entity?.id ?? null})
    on conflict (workspace_id, installation_id, session_id) where installation_id is not null do nothing
  `.execute(tx)
  return tx
    .selectFrom('conversation')
    .select(['id', 'owner_id', 'handled_by'])
    .where('workspace_id', '=', conversation.workspaceId)
    .where('installation_id', '=', conversation.installationId)
    .where('session_id', '=', conversation.sessionId)
    .executeTakeFirstOrThrow()
}

/** A message that no turn writes. False: it is there already. Locks the conversation. */
export async function appendMessage(
  tx: Tx,
  message: {
    id: string
    conversationId: string
    branchId: string
    authorId: string
    role: 'user' | 'assistant'
    text: string
    externalId: string | null
    delivers: boolean
  },
): Promise<boolean> {
  await sql`select 1 from conversation where id = ${message.conversationId} for update`.execute(tx)
  const parts = JSON.stringify([{ type: 'text', step: message.role === 'user' ? 0 : 1, text: message.text }])
  const preview = message.text.slice(0, 200).replaceAll(/\s+/g, ' ')
  const { rows } = await sql<{ isNew: boolean }>`
    select append_message(${message.conversationId}, ${message.id}, ${message.branchId}, ${message.authorId}, ${message.role}, ${parts}::jsonb, ${preview},
      ${message.externalId}, ${message.delivers}) as "isNew"
  `.execute(tx)
  return rows[0]!.isNew
}

/** A person is to look after it, and nobody has taken it yet. */
export async function needPerson(db: Db, conversationId: string): Promise<void> {
  await db.updateTable('conversation').set({ handled_by: 'person', updated_at: new Date() }).where('id', '=', conversationId).execute()
}
