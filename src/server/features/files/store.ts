import { sql } from 'kysely'
import type { AttachmentOrigin, AttachmentReason, AttachmentStatus } from '../../../contract/attachments.ts'
import type { FileKind } from '../../../contract/messages.ts'
import { type Db, storableJson, type Tx } from '../../platform/db/index.ts'
import './tables.ts'

export interface Viewer {
  principalId: string
  workspaceIds: string[]
}

/** An attachment with its file. */
export interface AttachmentRow {
  id: string
  workspace_id: string
  conversation_id: string | null
  message_id: string | null
  user_id: string
  origin: AttachmentOrigin
  status: AttachmentStatus
  reason: AttachmentReason | null
  name: string
  claimed_mime: string
  claimed_sha256: Uint8Array | null
  replaces_id: string | null
  version: number
  created_at: Date
  file_id: string
  key: string
  etag: string | null
  size: bigint
  mime: string | null
  checksum_sha256: Uint8Array | null
  kind: FileKind | null
  width: number | null
  height: number | null
  page_count: number | null
  text_key: string | null
  text_tokens: number | null
}

export const columns = sql`t.id, t.workspace_id, t.conversation_id, t.message_id, t.user_id, t.origin, t.status, t.reason, t.name, t.claimed_mime, t.claimed_sha256,
  t.replaces_id, t.version, t.created_at, f.id as file_id, f.key, f.etag, f.size, f.mime, f.checksum_sha256, f.kind, f.width, f.height, f.page_count, f.text_key, f.text_tokens`

/** One's own, but of a conversation in the trash; and what stands in a conversation that one may read. */
const visibleTo = ({ principalId, workspaceIds }: Viewer) => sql`
  (c.id is null or c.deleted_at is null) and (t.user_id = ${principalId} or t.status = 'attached' and (c.owner_id = ${principalId}
    or c.visibility = 'workspace' and c.workspace_id = any (${workspaceIds}::uuid[])))`

export async function find(db: Db | Tx, viewer: Viewer, id: string): Promise<AttachmentRow | undefined> {
  const { rows } = await sql<AttachmentRow>`
    select ${columns} from attachment t join file f on f.id = t.file_id left join conversation c on c.id = t.conversation_id
    where t.id = ${id} and ${visibleTo(viewer)}`.execute(db)
  return rows[0]
}

export async function list(
  db: Db,
  userId: string,
  page: { workspaceId: string; conversationId: string | null; before: { at: Date; id: string } | null; limit: number },
): Promise<AttachmentRow[]> {
  const { workspaceId, conversationId, before, limit } = page
  const { rows } = await sql<AttachmentRow>`
    select ${columns} from attachment t join file f on f.id = t.file_id left join conversation c on c.id = t.conversation_id
    where t.user_id = ${userId} and t.workspace_id = ${workspaceId} and (c.id is null or c.deleted_at is null)
      and (${conversationId}::uuid is null or t.conversation_id = ${conversationId})
      and (${before?.at ?? null}::timestamptz is null or (t.created_at, t.id) < (${before?.at ?? null}::timestamptz, ${before?.id ?? null}::uuid))
    order by t.created_at desc, t.id desc limit ${limit}`.execute(db)
  return rows
}

/** Whether the person owns this conversation there. */
export async function ownsConversation(db: Db | Tx, userId: string, workspaceId: string, conversationId: string): Promise<boolean> {
  const row = await db
    .selectFrom('conversation')
    .select('id')
    .where('id', '=', conversationId)
    .where('owner_id', '=', userId)
    .where('workspace_id', '=', workspaceId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}

/** What is kept, the announced included. Whoever plans in the same workspace waits for the end of this transaction. */
export async function lockUsage(
  tx: Tx,
  workspaceId: string,
  ownerId: string,
): Promise<{ ofPerson: bigint; ofWorkspace: bigint; unsent: number }> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`files ${workspaceId}`}, 0))`.execute(tx)
  const { rows } = await sql<{ of_person: bigint; of_workspace: bigint; unsent: number }>`
    select coalesce(sum(size) filter (where owner_id = ${ownerId}), 0)::bigint as of_person, coalesce(sum(size), 0)::bigint as of_workspace,
      (select count(*)::int from attachment where user_id = ${ownerId} and status <> 'attached') as unsent
    from file where workspace_id = ${workspaceId} and exists (select from attachment t where t.file_id = file.id and t.status <> 'failed')`.execute(
    tx,
  )
  return { ofPerson: rows[0]!.of_person, ofWorkspace: rows[0]!.of_workspace, unsent: rows[0]!.unsent }
}

export async function insertPlanned(
  tx: Tx,
  row: {
    id: string
    fileId: string
    workspaceId: string
    userId: string
    conversationId: string | null
    bucket: string
    region: string | null
    key: string
    sizeBytes: number
    name: string
    claimedMime: string
    claimedSha256: Buffer | null
  },
): Promise<void> {
  await tx
    .insertInto('file')
    .values({
      id: row.fileId,
      workspace_id: row.workspaceId,
      owner_id: row.userId,
      bucket: row.bucket,
      region: row.region,
      key: row.key,
      size: BigInt(row.sizeBytes),
    })
    .execute()
  await tx
    .insertInto('attachment')
    .values({
      id: row.id,
      workspace_id: row.workspaceId,
      conversation_id: row.conversationId,
      message_id: null,
      user_id: row.userId,
      file_id: row.fileId,
      origin: 'upload',
      status: 'planned',
      reason: null,
      name: row.name,
      claimed_mime: row.claimedMime,
      claimed_sha256: row.claimedSha256,
    })
    .execute()
}

/** Takes it from one state to the next. False where it is in another: somebody else was faster. */
export async function advance(db: Db, id: string, from: AttachmentStatus, to: AttachmentStatus): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('attachment')
    .set({ status: to, updated_at: sql`now()` })
    .where('id', '=', id)
    .where('status', '=', from)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Ends what has not ended. False where it has. */
export async function refuse(db: Db, id: string, to: 'failed' | 'quarantined', reason: AttachmentReason): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('attachment')
    .set({ status: to, reason, updated_at: sql`now()` })
    .where('id', '=', id)
    .where('status', 'in', to === 'failed' ? ['planned', 'uploading', 'stored', 'scanning'] : ['scanning'])
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function setStored(db: Db, fileId: string, stored: { sizeBytes: number; sha256: Buffer; etag: string }): Promise<void> {
  await db
    .updateTable('file')
    .set({ size: BigInt(stored.sizeBytes), checksum_sha256: stored.sha256, etag: stored.etag })
    .where('id', '=', fileId)
    .execute()
}

export interface FoundOut {
  kind: FileKind
  mime: string
  width: number | null
  height: number | null
  page_count: number | null
  text_key: string | null
  text_tokens: number | null
}

export async function setFoundOut(db: Db, fileId: string, found: FoundOut): Promise<void> {
  await db.updateTable('file').set(found).where('id', '=', fileId).execute()
}

export async function hasFile(db: Db, fileId: string): Promise<boolean> {
  return (await db.selectFrom('file').select('id').where('id', '=', fileId).executeTakeFirst()) !== undefined
}

/** Answers with its file. Undefined: there is no such attachment. */
export async function remove(db: Db, userId: string, id: string): Promise<string | undefined> {
  const row = await db.deleteFrom('attachment').where('id', '=', id).where('user_id', '=', userId).returning('file_id').executeTakeFirst()
  return row?.file_id
}

/** The person's own, in the order of the ids; of one workspace where it is named. */
export async function listOwn(db: Db, userId: string, ids: readonly string[], workspaceId: string | null = null): Promise<AttachmentRow[]> {
  const { rows } = await sql<AttachmentRow>`
    select ${columns} from attachment t join file f on f.id = t.file_id
    where t.user_id = ${userId} and t.id = any (${[...ids]}::uuid[]) and (${workspaceId}::uuid is null or t.workspace_id = ${workspaceId})`.execute(
    db,
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** For whoever has established that the conversation may be read. */
export async function listOfConversation(db: Db | Tx, conversationId: string, ids: readonly string[]): Promise<AttachmentRow[]> {
  const { rows } = await sql<AttachmentRow>`
    select ${columns} from attachment t join file f on f.id = t.file_id
    where t.conversation_id = ${conversationId} and t.status = 'attached' and t.id = any (${[...ids]}::uuid[])`.execute(db)
  return rows
}

/** The newest file of each name; for whoever has established that the conversation may be read. */
export async function listByName(db: Db, conversationId: string, names: readonly string[]): Promise<AttachmentRow[]> {
  const { rows } = await sql<AttachmentRow>`
    select distinct on (t.name) ${columns} from attachment t join file f on f.id = t.file_id
    where t.conversation_id = ${conversationId} and t.status = 'attached' and t.name = any (${[...names]}::text[])
    order by t.name, t.created_at desc, t.id desc`.execute(db)
  return rows
}

/** Copies of attachments for the messages of a fork; `copies` say which became which. */
export async function copy(
  tx: Tx,
  to: { conversationId: string; workspaceId: string; userId: string },
  copies: readonly { id: string; source: string; messageId: string }[],
): Promise<void> {
  await sql`
    insert into attachment (id, workspace_id, conversation_id, message_id, user_id, file_id, origin, status, name, claimed_mime, source_url, meta)
    select a.id, ${to.workspaceId}, ${to.conversationId}, a."messageId", ${to.userId}, t.file_id, t.origin, 'attached', t.name, t.claimed_mime, t.source_url, t.meta
    from jsonb_to_recordset(${storableJson(copies)}::jsonb) as a (id uuid, source uuid, "messageId" uuid) join attachment t on t.id = a.source and t.status = 'attached' and t.workspace_id = ${to.workspaceId}
  `.execute(tx)
}

export async function hasAttached(tx: Tx, conversationId: string): Promise<boolean> {
  const row = await tx
    .selectFrom('attachment')
    .select('id')
    .where('conversation_id', '=', conversationId)
    .where('status', '=', 'attached')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}
