import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'

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
    with due as materialized (
      select e.id from inbound_event e
      where e.state = 'open' and e.raw is not null and (e.claimed_until is null or e.claimed_until < now())
        and not exists (
          select from inbound_event o where o.installation_id = e.installation_id and o.session_id = e.session_id and o.state = 'open' and o.id <> e.id
            -- Its storing may have committed after that of a later one, which then is at work already.
            and ((o.received_at, o.id) < (e.received_at, e.id) or o.claimed_until > now()))
      order by e.received_at, e.id limit ${limit} for update of e skip locked
    )
    update inbound_event set claimed_until = now() + make_interval(secs => ${claimSeconds}), attempts = attempts + 1
    where id in (select id from due)
    returning id, workspace_id, installation_id, session_id, raw, attempts
  `.execute(db)
  return rows
}

export interface EventEnd {
  state: 'done' | 'ignored' | 'failed'
  error?: string
  conversationId?: string
  messageId?: string
}

export async function endEvent(db: Db, id: string, end: EventEnd): Promise<void> {
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

/** Raw events older than so many days go; that they came is remembered. Answers how many. */
export async function forgetRaw(db: Db, days: number, limit: number): Promise<number> {
  const { rows } = await sql`
    update inbound_event set raw = null where id in (
      select id from inbound_event where raw is not null and state <> 'open' and received_at < now() - make_interval(days => ${days})
      order by received_at limit ${limit} for update skip locked
    ) returning id
  `.execute(db)
  return rows.length
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
    if (known.name !== contact.name)
      await tx
        .updateTable('contact')
        .set({ name: contact.name })
        .where('id', '=', known.id)
        .where('workspace_id', '=', contact.workspaceId)
        .execute()
    return known.id
  }
  // A principal is made only where the contact was; the reference between them is checked at the end of the statement.
  await sql`
    with made as (
      insert into contact (id, workspace_id, installation_id, external_id, name, language)
      values (${contact.id}, ${contact.workspaceId}, ${contact.installationId}, ${contact.externalId}, ${contact.name}, ${contact.language})
      on conflict (workspace_id, installation_id, external_id) do nothing returning id, workspace_id
    ) insert into principal (id, workspace_id, kind) select id, workspace_id, 'contact' from made
  `.execute(tx)
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

/** Whether the message of an event is there already, with a turn or kept for a person. */
export async function hasMessage(db: Db, conversationId: string, id: string): Promise<boolean> {
  const row = await db
    .selectFrom('message')
    .select('id')
    .where('conversation_id', '=', conversationId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row !== undefined
}

export interface AppendedMessage {
  id: string
  conversationId: string
  authorId: string
  role: 'user' | 'assistant'
  text: string
  externalId?: string | null
  structuredPrompt?: string | null
  language?: string | null
  replyTo?: string | null
  entity?: { type: string; id: string } | null
  /** Of a person's answer, which is sent to the contact. */
  answerKey?: string
  /** Nobody but a person can answer it. */
  needsPerson?: boolean
}

/** A message that no turn writes. Locks the conversation. Answers with its id, or that of the one that is there already. */
export async function appendMessage(db: Db | Tx, { text, entity, ...message }: AppendedMessage): Promise<string> {
  const item = {
    ...message,
    branchId: newId(),
    parts: [{ type: 'text', step: message.role === 'user' ? 0 : 1, text }],
    preview: text.slice(0, 200).replaceAll(/\s+/g, ' '),
    entityType: entity?.type ?? null,
    entityId: entity?.id ?? null,
  }
  const { rows } = await sql<{ id: string }>`select append_message(${JSON.stringify(item)}::jsonb) as id`.execute(db)
  return rows[0]!.id
}
