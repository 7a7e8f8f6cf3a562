import { sql } from 'kysely'
import type { Database, Tx } from '../../platform/db/index.ts'
import type { EventRow } from './event-store.ts'

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
    .select(['id', 'handled_by'])
    .where('workspace_id', '=', conversation.workspaceId)
    .where('installation_id', '=', conversation.installationId)
    .where('session_id', '=', conversation.sessionId)
    .executeTakeFirstOrThrow()
}

/** Who said something and where it belongs. */
export interface Place {
  contactId: string
  conversation: SessionRow
  /** The event's message is there already, with a turn or kept for a person. */
  hasMessage: boolean
}

const placeStatement = `
  select contact.id as contact_id, c.id, c.handled_by,
    exists (select from message m where m.conversation_id = c.id and m.id = $6) as has_message
  from contact join conversation c on c.workspace_id = contact.workspace_id and c.installation_id = contact.installation_id and c.session_id = $4
  where contact.workspace_id = $1 and contact.installation_id = $2 and contact.external_id = $3 and contact.name = $5`

/** The place of an event whose contact and conversation are there and need no change, as most do: one round trip. */
export async function findPlace(
  { call }: Pick<Database, 'call'>,
  event: EventRow,
  sender: { externalId: string; name: string },
): Promise<Place | undefined> {
  const [row] = await call<{ contact_id: string; id: string; handled_by: SessionRow['handled_by']; has_message: boolean }>(
    'find_event_place',
    placeStatement,
    [event.workspace_id, event.installation_id, sender.externalId, event.session_id, sender.name, event.id],
  )
  return row && { contactId: row.contact_id, conversation: { id: row.id, handled_by: row.handled_by }, hasMessage: row.has_message }
}
