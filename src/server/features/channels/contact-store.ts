import { sql } from 'kysely'
import type { Database, Db, Tx } from '../../platform/db/index.ts'
import type { EventRow } from './event-store.ts'
import type { IncomingMessage } from './platforms/platform.ts'

type Sender = IncomingMessage['sender']

/** Who said something and where it belongs. */
export interface Place {
  contactId: string
  conversation: SessionRow
  /** The event's message is there already, with a turn or kept for a person. */
  hasMessage: boolean
}

export interface SessionRow {
  id: string
  handled_by: 'bot' | 'person'
}

const placeStatement = `
  select contact.id as contact_id, c.id, c.handled_by,
    exists (select from message m where m.conversation_id = c.id and m.id = $6) as has_message
  from contact join conversation c on c.workspace_id = contact.workspace_id and c.installation_id = contact.installation_id and c.session_id = $4
  where contact.workspace_id = $1 and contact.installation_id = $2 and contact.external_id = $3 and contact.name = $5
    and (c.language is not null or $7::text is null)
    and ($8::text is null or contact.user_id is not distinct from member_with_email($1, $8))`

/** The place of an event whose contact and conversation are there and need no change, as most do: one round trip. */
export async function findPlace(
  { call }: Pick<Database, 'call'>,
  event: EventRow,
  sender: Sender,
  language: string | null,
): Promise<Place | undefined> {
  const { workspace_id: workspaceId, installation_id: installationId, session_id: sessionId } = event
  const [row] = await call<SessionRow & { contact_id: string; has_message: boolean }>('find_event_place', placeStatement, [
    workspaceId,
    installationId,
    sender.externalId,
    sessionId,
    sender.name,
    event.id,
    language,
    sender.verifiedEmail,
  ])
  return row && { contactId: row.contact_id, conversation: { id: row.id, handled_by: row.handled_by }, hasMessage: row.has_message }
}

/**
 * The contact with this id on the platform; made at its first message, however many processes see it at once. What it is called may change, and which
 * member its verified address belongs to.
 */
export async function ensureContact(
  tx: Tx,
  contact: Sender & { id: string; workspaceId: string; installationId: string },
): Promise<string> {
  const { id, workspaceId, installationId, externalId, name, language, verifiedEmail } = contact
  // A principal is made only where the contact was; the reference between them is checked at the end of the statement.
  await sql`
    with made as (
      insert into contact (id, workspace_id, installation_id, external_id, name, language)
      values (${id}, ${workspaceId}, ${installationId}, ${externalId}, ${name}, ${language})
      on conflict (workspace_id, installation_id, external_id) do nothing returning id, workspace_id
    ) insert into principal (id, workspace_id, kind) select id, workspace_id, 'contact' from made
  `.execute(tx)
  const { rows } = await sql<{ id: string }>`
    update contact set name = ${name}, user_id = case when ${verifiedEmail}::text is null then user_id else member_with_email(workspace_id, ${verifiedEmail}) end
    where workspace_id = ${workspaceId} and installation_id = ${installationId} and external_id = ${externalId} returning id
  `.execute(tx)
  return rows[0]!.id
}

/** Nobody is taken for a member any more who was by this installation. */
export async function unlinkContacts(db: Db | Tx, workspaceId: string, installationId: string): Promise<void> {
  await db
    .updateTable('contact')
    .set({ user_id: null })
    .where('workspace_id', '=', workspaceId)
    .where('installation_id', '=', installationId)
    .where('user_id', 'is not', null)
    .execute()
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
    insert into conversation as c (id, workspace_id, owner_id, source, title, visibility, installation_id, session_id, language, entity_type, entity_id)
    values (${conversation.id}, ${conversation.workspaceId}, ${conversation.ownerId}, ${conversation.source}, '', 'workspace',
      ${conversation.installationId}, ${conversation.sessionId}, ${conversation.language}, ${conversation.entity?.type ?? null}, ${conversation.entity?.id ?? null})
    on conflict (workspace_id, installation_id, session_id) where installation_id is not null
      do update set language = excluded.language where c.language is null and excluded.language is not null
  `.execute(tx)
  return tx
    .selectFrom('conversation')
    .select(['id', 'handled_by'])
    .where('workspace_id', '=', conversation.workspaceId)
    .where('installation_id', '=', conversation.installationId)
    .where('session_id', '=', conversation.sessionId)
    .executeTakeFirstOrThrow()
}
