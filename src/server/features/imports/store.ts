import { type Selectable, sql } from 'kysely'
import type { ErrorCode } from '../../../contract/errors.ts'
import type { ImportNotes, ImportOutcome } from '../../../contract/imports.ts'
import { type Db, storableJson, type Tx } from '../../platform/db/index.ts'
import type { ConversationImportItemTable, ConversationImportTable } from './tables.ts'

export type ImportRow = Selectable<ConversationImportTable>
export type ItemRow = Omit<Selectable<ConversationImportItemTable>, 'import_id' | 'workspace_id'>

const open = ['uploading', 'pending', 'processing'] as const

export async function insertImport(
  tx: Tx,
  row: { id: string; workspaceId: string; ownerId: string; fileName: string; sizeBytes: number },
): Promise<ImportRow> {
  return tx
    .insertInto('conversation_import')
    .values({
      id: row.id,
      workspace_id: row.workspaceId,
      owner_id: row.ownerId,
      input_file_name: row.fileName,
      size_bytes: BigInt(row.sizeBytes),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function countOpen(tx: Tx, ownerId: string): Promise<number> {
  // One after the other, or two requests would each find room.
  await sql`select from principal where id = ${ownerId} for no key update`.execute(tx)
  const row = await tx
    .selectFrom('conversation_import')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('owner_id', '=', ownerId)
    .where('processing_status', 'in', open)
    .executeTakeFirstOrThrow()
  return row.count
}

export async function findImport(db: Db | Tx, ownerId: string, id: string): Promise<ImportRow | undefined> {
  return db.selectFrom('conversation_import').selectAll().where('id', '=', id).where('owner_id', '=', ownerId).executeTakeFirst()
}

export async function lockImport(tx: Tx, ownerId: string, id: string): Promise<ImportRow | undefined> {
  return tx
    .selectFrom('conversation_import')
    .selectAll()
    .where('id', '=', id)
    .where('owner_id', '=', ownerId)
    .forUpdate()
    .executeTakeFirst()
}

export async function listImports(db: Db, where: { ownerId: string; workspaceId: string; limit: number }): Promise<ImportRow[]> {
  return db
    .selectFrom('conversation_import')
    .selectAll()
    .where('owner_id', '=', where.ownerId)
    .where('workspace_id', '=', where.workspaceId)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(where.limit)
    .execute()
}

export async function listItems(
  db: Db,
  where: { importId: string; outcome: ImportOutcome | undefined; after: number; limit: number },
): Promise<ItemRow[]> {
  let query = db
    .selectFrom('conversation_import_item')
    .select(['position', 'outcome', 'title', 'conversation_id', 'messages', 'reason', 'notes'])
    .where('import_id', '=', where.importId)
    .where('position', '>', where.after)
  if (where.outcome) query = query.where('outcome', '=', where.outcome)
  return query.orderBy('position').limit(where.limit).execute()
}

/** More of the file has arrived. Undefined: somebody else was faster, or it was stopped. */
export async function noteReceived(
  db: Db | Tx,
  where: { ownerId: string; id: string; offset: number },
  received: number,
): Promise<ImportRow | undefined> {
  const { rows } = await sql<ImportRow>`
    update conversation_import set received_bytes = ${received},
      processing_status = case when ${received}::bigint = size_bytes then 'pending' else processing_status end
    where id = ${where.id} and owner_id = ${where.ownerId} and received_bytes = ${where.offset} and processing_status = 'uploading'
    returning *
  `.execute(db)
  return rows[0]
}

export async function deleteImport(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('conversation_import').where('id', '=', id).execute()
}

/** What could be worked on: whose file is here is for the caller to look at. */
export async function listClaimable(db: Db, limit: number): Promise<{ id: string; is_old: boolean }[]> {
  const { rows } = await sql<{ id: string; is_old: boolean }>`
    select id, greatest(created_at, claimed_until) < now() - interval '1 day' as is_old from conversation_import
    where processing_status in ('pending', 'processing') and (claimed_until is null or claimed_until < now()) order by created_at limit ${limit}
  `.execute(db)
  return rows
}

/** Takes one for this process. Undefined: another was faster. */
export async function claimImport(db: Db, id: string, claimSeconds: number): Promise<ImportRow | undefined> {
  const { rows } = await sql<ImportRow>`
    update conversation_import set processing_status = 'processing', epoch = epoch + 1, claimed_until = now() + make_interval(secs => ${claimSeconds})
    where id = ${id} and processing_status in ('pending', 'processing') and (claimed_until is null or claimed_until < now()) returning *
  `.execute(db)
  return rows[0]
}

/** False: the claim is lost, or it was stopped. */
export async function renewClaim(db: Db, { id, epoch }: ImportRow, claimSeconds: number): Promise<boolean> {
  const { rows } = await sql`
    update conversation_import set claimed_until = now() + make_interval(secs => ${claimSeconds})
    where id = ${id} and epoch = ${epoch} and processing_status = 'processing' returning id
  `.execute(db)
  return rows.length > 0
}

/** Whose claim is still good writes; the row is locked until the end of the transaction. */
export async function lockClaimed(tx: Tx, { id, epoch }: ImportRow): Promise<ImportRow | undefined> {
  return tx
    .selectFrom('conversation_import')
    .selectAll()
    .where('id', '=', id)
    .where('epoch', '=', epoch)
    .where('processing_status', '=', 'processing')
    .forUpdate()
    .executeTakeFirst()
}

export async function noteOpened(tx: Tx, id: string, opened: { totalBytes: number; notes: ImportNotes }): Promise<void> {
  await sql`update conversation_import set total_bytes = ${opened.totalBytes}, notes = ${storableJson(opened.notes)}::jsonb where id = ${id}`.execute(
    tx,
  )
}

/** The report of some conversations, and how far the import is by them. */
export async function noteItems(
  tx: Tx,
  { id, workspace_id: workspaceId }: ImportRow,
  items: readonly (Omit<ItemRow, 'notes'> & { notes: ImportNotes })[],
  progress: { nextPosition: number; bytes: number; source: string | null },
): Promise<ImportRow> {
  await sql`
    insert into conversation_import_item (import_id, position, workspace_id, outcome, title, conversation_id, messages, reason, notes)
    select ${id}, position, ${workspaceId}, outcome, title, conversation_id, messages, reason, notes
    from jsonb_to_recordset(${storableJson(items)}::jsonb) as r (position int, outcome text, title text, conversation_id uuid, messages int, reason text, notes jsonb)
  `.execute(tx)
  const count = (outcome: ImportOutcome) => items.filter((item) => item.outcome === outcome).length
  const { rows } = await sql<ImportRow>`
    update conversation_import set next_position = ${progress.nextPosition}, read_bytes = read_bytes + ${progress.bytes}, source = coalesce(source, ${progress.source}),
      imported = imported + ${count('imported')}, extended = extended + ${count('extended')}, unchanged = unchanged + ${count('unchanged')},
      skipped = skipped + ${count('skipped')}, failed = failed + ${count('failed')}, messages = messages + ${items.reduce((sum, item) => sum + item.messages, 0)}
    where id = ${id} returning *
  `.execute(tx)
  return rows[0]!
}

export async function finishImport(
  tx: Tx,
  id: string,
  end: { status: 'completed' | 'failed' | 'stopped'; error: ErrorCode | null },
): Promise<ImportRow> {
  const { rows } = await sql<ImportRow>`
    update conversation_import set processing_status = ${end.status}, error_message = ${end.error}, claimed_until = null, finished_at = now() where id = ${id} returning *
  `.execute(tx)
  return rows[0]!
}

export async function releaseClaim(db: Db, { id, epoch }: ImportRow): Promise<void> {
  await sql`update conversation_import set claimed_until = now() where id = ${id} and epoch = ${epoch} and processing_status = 'processing'`.execute(
    db,
  )
}

/** Uploads that nobody goes on with. */
export async function listStale(db: Db): Promise<ImportRow[]> {
  return db
    .selectFrom('conversation_import')
    .selectAll()
    .where('processing_status', '=', 'uploading')
    .where('created_at', '<', sql<Date>`now() - interval '1 day'`)
    .limit(100)
    .execute()
}

/** Imports whose file is still needed. */
export async function listKept(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('conversation_import')
    .select('id')
    .where('id', 'in', ids)
    .where('processing_status', 'in', open)
    .execute()
  return new Set(rows.map(({ id }) => id))
}
