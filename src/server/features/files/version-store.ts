import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'
import { type AttachmentRow, columns, listOfConversation } from './store.ts'

export { lockUsage } from './store.ts'

export async function insertFile(
  db: Db,
  file: {
    id: string
    workspaceId: string
    ownerId: string
    bucket: string
    region: string | null
    key: string
    sizeBytes: number
    sha256: Buffer
    textTokens: number
  },
): Promise<void> {
  await db
    .insertInto('file')
    .values({
      id: file.id,
      workspace_id: file.workspaceId,
      owner_id: file.ownerId,
      bucket: file.bucket,
      region: file.region,
      key: file.key,
      etag: file.sha256.toString('hex'),
      size: BigInt(file.sizeBytes),
      checksum_sha256: file.sha256,
      mime: 'text/plain',
      kind: 'text',
      text_key: file.key,
      text_tokens: file.textTokens,
    })
    .execute()
}

/** The files of a conversation, the newest of each name, for whoever has established that it may be read. */
export async function listNewest(db: Db | Tx, conversationId: string): Promise<AttachmentRow[]> {
  const { rows } = await sql<AttachmentRow>`
    select distinct on (t.name) ${columns} from attachment t join file f on f.id = t.file_id
    where t.conversation_id = ${conversationId} and t.status = 'attached' order by t.name, t.created_at desc, t.id desc`.execute(db)
  return rows
}

export async function newestOf(db: Db | Tx, conversationId: string, name: string): Promise<AttachmentRow | undefined> {
  const { rows } = await sql<AttachmentRow>`
    select ${columns} from attachment t join file f on f.id = t.file_id
    where t.conversation_id = ${conversationId} and t.status = 'attached' and t.name = ${name} order by t.created_at desc, t.id desc limit 1`.execute(
    db,
  )
  return rows[0]
}

export async function countGenerated(db: Db | Tx, conversationId: string): Promise<number> {
  const { count } = await db
    .selectFrom('attachment')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('conversation_id', '=', conversationId)
    .where('origin', '=', 'generated')
    .executeTakeFirstOrThrow()
  return count
}

export async function attach(
  tx: Tx,
  row: {
    id: string
    workspaceId: string
    conversationId: string
    messageId: string
    userId: string
    fileId: string
    name: string
    replacesId: string | null
    version: number
  },
): Promise<AttachmentRow> {
  await tx
    .insertInto('attachment')
    .values({
      id: row.id,
      workspace_id: row.workspaceId,
      conversation_id: row.conversationId,
      message_id: row.messageId,
      user_id: row.userId,
      file_id: row.fileId,
      origin: 'generated',
      status: 'attached',
      reason: null,
      name: row.name,
      claimed_mime: 'text/plain',
      claimed_sha256: null,
      replaces_id: row.replacesId,
      version: row.version,
    })
    .execute()
  return (await listOfConversation(tx, row.conversationId, [row.id]))[0]!
}

/** Where a turn of this person writes: its answer, in a conversation that is kept. Undefined for guests, who have no files. */
export async function placeOfTurn(
  db: Db,
  { turnId, conversationId, actorId }: { turnId: string; conversationId: string; actorId: string },
): Promise<{ messageId: string } | undefined> {
  const { rows } = await sql<{ messageId: string }>`
    select t.answer_message_id as "messageId" from turn t join conversation c on c.id = t.conversation_id join user_account u on u.id = t.actor_id
    where t.id = ${turnId} and t.actor_id = ${actorId} and c.id = ${conversationId} and c.deleted_at is null and t.answer_message_id is not null`.execute(
    db,
  )
  return rows[0]
}
