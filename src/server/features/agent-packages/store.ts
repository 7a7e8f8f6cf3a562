import { type Insertable, type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { AgentPackageEventTable, AgentPackageTable, AgentPackageVersionTable, PackageInspectionTable } from './tables.ts'

export type InspectionRow = Selectable<PackageInspectionTable> & Archive
export type VersionRow = Selectable<AgentPackageVersionTable> & Archive & { installed_by_name: string }
export type PackageRow = Selectable<AgentPackageTable>
export type EventRow = Selectable<AgentPackageEventTable> & { actor_name: string }

interface Archive {
  sha256: Buffer
  storage_key: string
  size_bytes: string | number
}

const archive = ['package_archive.sha256', 'package_archive.storage_key', 'package_archive.size_bytes'] as const

const versionColumns = [
  'agent_package_version.id',
  'agent_package_version.workspace_id',
  'agent_package_version.agent_package_id',
  'agent_package_version.number',
  'agent_package_version.manifest',
  'agent_package_version.source',
  'agent_package_version.archive_id',
  'agent_package_version.root',
  'agent_package_version.sealed_env',
  'agent_package_version.env_names',
  'agent_package_version.installed_by',
  'agent_package_version.installed_at',
] as const

export async function insertInspection(tx: Tx, row: Insertable<PackageInspectionTable>): Promise<void> {
  await tx.insertInto('package_inspection').values(row).execute()
}

/** Of whoever looked, while it is held. */
export async function findInspection(db: Db | Tx, id: string, createdBy: string): Promise<InspectionRow | undefined> {
  return db
    .selectFrom('package_inspection')
    .innerJoin('package_archive', 'package_archive.id', 'package_inspection.archive_id')
    .selectAll('package_inspection')
    .select(archive)
    .where('package_inspection.id', '=', id)
    .where('package_inspection.created_by', '=', createdBy)
    .where('package_inspection.expires_at', '>', new Date())
    .executeTakeFirst()
}

/** Once: whether it was still there. */
export async function takeInspection(tx: Tx, { id, workspace_id }: Pick<InspectionRow, 'id' | 'workspace_id'>): Promise<boolean> {
  const row = await tx
    .deleteFrom('package_inspection')
    .where('id', '=', id)
    .where('workspace_id', '=', workspace_id)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** The archive of these bytes, if it is kept. It is as if it had been kept now, so that the sweep leaves it. */
export async function touchArchive(db: Db, workspaceId: string, sha256: Buffer): Promise<string | undefined> {
  const row = await db
    .updateTable('package_archive')
    .set({ created_at: new Date() })
    .where('workspace_id', '=', workspaceId)
    .where('sha256', '=', sha256)
    .returning('id')
    .executeTakeFirst()
  return row?.id
}

/** Of two that keep the same bytes at once, one: which it was. */
export async function insertArchive(
  db: Db,
  row: { id: string; workspace_id: string; sha256: Buffer; storage_key: string; size_bytes: number },
): Promise<string> {
  const kept = await db
    .insertInto('package_archive')
    .values(row)
    .onConflict((conflict) => conflict.columns(['workspace_id', 'sha256']).doUpdateSet({ created_at: new Date() }))
    .returning('id')
    .executeTakeFirstOrThrow()
  return kept.id
}

/** Archives that nothing names any more, and inspections whose hour is over. What to delete of the files. */
export async function sweep(db: Db): Promise<string[]> {
  await db.deleteFrom('package_inspection').where('expires_at', '<', new Date()).execute()
  const rows = await sql<{ storage_key: string }>`
    delete from package_archive a where a.created_at < now() - interval '2 hours'
      and not exists (select from package_inspection i where i.archive_id = a.id)
      and not exists (select from agent_package_version v where v.archive_id = a.id)
    returning storage_key`.execute(db)
  return rows.rows.map((row) => row.storage_key)
}

/** Of all workspaces: what may be on a disk. */
export async function listKept(db: Db): Promise<{ archives: Set<string>; versions: Set<string> }> {
  const archives = await db.selectFrom('package_archive').select('sha256').execute()
  const versions = await db.selectFrom('agent_package_version').select('id').execute()
  return { archives: new Set(archives.map(({ sha256 }) => sha256.toString('hex'))), versions: new Set(versions.map(({ id }) => id)) }
}

export async function insertPackage(tx: Tx, row: Insertable<AgentPackageTable>): Promise<boolean> {
  const inserted = await tx
    .insertInto('agent_package')
    .values(row)
    .onConflict((conflict) => conflict.columns(['agent_id', 'package_id']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

export async function findPackage(db: Db | Tx, workspaceIds: readonly string[], id: string): Promise<PackageRow | undefined> {
  if (workspaceIds.length === 0) return undefined
  return db.selectFrom('agent_package').selectAll().where('id', '=', id).where('workspace_id', 'in', workspaceIds).executeTakeFirst()
}

/** Locked, so that of two changes at once the second sees what the first has made. */
export async function lockPackage(tx: Tx, { id, workspace_id }: Pick<PackageRow, 'id' | 'workspace_id'>): Promise<PackageRow | undefined> {
  return tx
    .selectFrom('agent_package')
    .selectAll()
    .where('id', '=', id)
    .where('workspace_id', '=', workspace_id)
    .forUpdate()
    .executeTakeFirst()
}

export async function listPackages(db: Db, workspaceId: string, agentId: string): Promise<PackageRow[]> {
  return db
    .selectFrom('agent_package')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('agent_id', '=', agentId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export async function setVersion(tx: Tx, { id, workspace_id }: Pick<PackageRow, 'id' | 'workspace_id'>, version: number): Promise<void> {
  await tx
    .updateTable('agent_package')
    .set({ version, updated_at: new Date() })
    .where('id', '=', id)
    .where('workspace_id', '=', workspace_id)
    .execute()
}

export async function deletePackage(tx: Tx, { id, workspace_id }: Pick<PackageRow, 'id' | 'workspace_id'>): Promise<void> {
  await tx.deleteFrom('agent_package').where('id', '=', id).where('workspace_id', '=', workspace_id).execute()
}

export async function insertVersion(tx: Tx, row: Insertable<AgentPackageVersionTable>): Promise<void> {
  await tx.insertInto('agent_package_version').values(row).execute()
}

function versions(db: Db | Tx, workspaceId: string) {
  return db
    .selectFrom('agent_package_version')
    .innerJoin('package_archive', 'package_archive.id', 'agent_package_version.archive_id')
    .leftJoin('user_account', 'user_account.id', 'agent_package_version.installed_by')
    .select(versionColumns)
    .select(archive)
    .select(sql<string>`coalesce(user_account.name, '')`.as('installed_by_name'))
    .where('agent_package_version.workspace_id', '=', workspaceId)
}

export async function listVersions(db: Db | Tx, { id, workspace_id }: Pick<PackageRow, 'id' | 'workspace_id'>): Promise<VersionRow[]> {
  return versions(db, workspace_id)
    .where('agent_package_version.agent_package_id', '=', id)
    .orderBy('agent_package_version.number', 'desc')
    .limit(100)
    .execute()
}

export async function getVersion(
  db: Db | Tx,
  { id, workspace_id }: Pick<PackageRow, 'id' | 'workspace_id'>,
  number: number,
): Promise<VersionRow | undefined> {
  return versions(db, workspace_id)
    .where('agent_package_version.agent_package_id', '=', id)
    .where('agent_package_version.number', '=', number)
    .executeTakeFirst()
}

export async function findVersionById(db: Db, workspaceId: string, id: string): Promise<VersionRow | undefined> {
  return versions(db, workspaceId).where('agent_package_version.id', '=', id).executeTakeFirst()
}

export async function insertEvent(tx: Tx, row: Insertable<AgentPackageEventTable>): Promise<void> {
  await tx.insertInto('agent_package_event').values(row).execute()
}

export async function listEvents(db: Db, workspaceId: string, agentId: string): Promise<EventRow[]> {
  return db
    .selectFrom('agent_package_event')
    .leftJoin('user_account', 'user_account.id', 'agent_package_event.actor_id')
    .selectAll('agent_package_event')
    .select(sql<string>`coalesce(user_account.name, '')`.as('actor_name'))
    .where('agent_package_event.workspace_id', '=', workspaceId)
    .where('agent_package_event.agent_id', '=', agentId)
    .orderBy('agent_package_event.id', 'desc')
    .limit(100)
    .execute()
}
