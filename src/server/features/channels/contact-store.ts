import { sql } from 'kysely'
import type { Tx } from '../../platform/db/index.ts'

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
