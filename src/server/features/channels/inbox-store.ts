import { sql } from 'kysely'
import type { InboxConversation } from '../../../contract/channels.ts'
import type { Db, Tx } from '../../platform/db/index.ts'

export interface InboxRow {
  id: string
  workspace_id: string
  installation_id: string | null
  source: InboxConversation['source']
  contact_name: string | null
  member_id: string | null
  member_name: string | null
  last_message_preview: string | null
  handled_by: 'bot' | 'person'
  assignee_id: string | null
  assignee_name: string | null
  is_answering: boolean
  can_answer: boolean
  delivery_state: 'pending' | 'sent' | 'failed' | null
  is_uncertain: boolean | null
  delivery_error: string | null
  updated_at: Date
}

// A failure that nobody has looked after yet is shown before what was sent later.
const select = sql<InboxRow>`
  select c.id, c.workspace_id, c.installation_id, c.source, contact.name as contact_name, member.id as member_id, member.name as member_name, c.last_message_preview, c.handled_by, c.assignee_id,
    a.name as assignee_name, c.updated_at,
    exists (select from turn t where t.conversation_id = c.id and t.state in ('queued', 'running', 'waiting')) as is_answering, c.installation_id is not null or coalesce(v.is_active, false) as can_answer,
    d.state as delivery_state, d.is_uncertain, d.error as delivery_error
  from conversation c left join contact on contact.id = c.owner_id left join visit v on v.conversation_id = c.id left join user_account a on a.id = c.assignee_id
  left join user_account member on member.id = contact.user_id and member.status = 'active'
    and exists (select from role_grant g where g.principal_id = member.id and g.scope = 'workspace' and g.scope_id = c.workspace_id)
  left join lateral (
    select d.state, d.is_uncertain, d.error from delivery d where d.conversation_id = c.id order by d.state = 'failed' desc, d.created_at desc, d.message_id desc limit 1
  ) d on true`

export async function list(
  db: Db,
  workspaceId: string,
  { handledBy, limit }: { handledBy: 'bot' | 'person' | null; limit: number },
): Promise<InboxRow[]> {
  const { rows } = await sql<InboxRow>`${select}
    where c.workspace_id = ${workspaceId} and c.source not in ('web', 'api') and c.deleted_at is null and (${handledBy}::text is null or c.handled_by = ${handledBy})
    order by c.updated_at desc, c.id desc limit ${limit}
  `.execute(db)
  return rows
}

/** In one of the workspaces. */
export async function find(db: Db | Tx, workspaceIds: readonly string[], id: string): Promise<InboxRow | undefined> {
  const { rows } = await sql<InboxRow>`${select}
    where c.id = ${id} and c.source not in ('web', 'api') and c.deleted_at is null and c.workspace_id = any (${workspaceIds}::uuid[])
  `.execute(db)
  return rows[0]
}

export async function setHandler(
  db: Db,
  workspaceId: string,
  id: string,
  handler: { handledBy: 'bot' | 'person'; assigneeId: string | null },
): Promise<void> {
  await db
    .updateTable('conversation')
    .set({ handled_by: handler.handledBy, assignee_id: handler.assigneeId, updated_at: new Date() })
    .where('id', '=', id)
    .where('workspace_id', '=', workspaceId)
    .execute()
}

export async function lock(
  tx: Tx,
  workspaceId: string,
  id: string,
): Promise<{ handled_by: 'bot' | 'person'; owner_id: string; can_answer: boolean } | undefined> {
  const { rows } = await sql<{ handled_by: 'bot' | 'person'; owner_id: string; can_answer: boolean }>`
    select c.handled_by, c.owner_id, c.installation_id is not null or exists (select from visit v where v.conversation_id = c.id and v.is_active) as can_answer
    from conversation c where c.id = ${id} and c.workspace_id = ${workspaceId} for update of c
  `.execute(tx)
  return rows[0]
}

/** As many as the screen shows. */
const lastMessages = 100

/** Answers with words that have ended and have no delivery. Of an installation that is gone nobody knows any more. */
export async function listUnsent(db: Db, { id, workspace_id: workspaceId, installation_id: installationId }: InboxRow): Promise<string[]> {
  if (installationId === null) return []
  const { rows } = await sql<{ id: string }>`
    select m.id from (
      select * from message where conversation_id = ${id} and workspace_id = ${workspaceId} order by serial desc limit ${lastMessages}
    ) m
    where m.role = 'assistant'
      and jsonb_path_exists(m.parts, '$[*] ? (@.type == "text" && @.text != "")')
      and not exists (select from delivery d where d.message_id = m.id)
      and not exists (select from turn t where t.answer_message_id = m.id and t.state in ('queued', 'running', 'waiting'))
    order by m.serial
  `.execute(db)
  return rows.map((row) => row.id)
}
