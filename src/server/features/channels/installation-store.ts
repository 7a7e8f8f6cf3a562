import type { Insertable, Selectable, Updateable } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { InstallationTable } from './tables.ts'

export type InstallationRow = Selectable<InstallationTable>

export async function list(db: Db, workspaceId: string): Promise<InstallationRow[]> {
  return db.selectFrom('installation').selectAll().where('workspace_id', '=', workspaceId).orderBy('created_at').orderBy('id').execute()
}

/** For a platform, which names nothing but the id in its address; what it sends is proved by the installation's own secret. */
export async function find(db: Db | Tx, id: string): Promise<InstallationRow | undefined> {
  return db.selectFrom('installation').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Of one of the workspaces. */
export async function findIn(db: Db | Tx, workspaceIds: readonly string[], id: string): Promise<InstallationRow | undefined> {
  if (workspaceIds.length === 0) return undefined
  return db.selectFrom('installation').selectAll().where('id', '=', id).where('workspace_id', 'in', workspaceIds).executeTakeFirst()
}

export async function insert(db: Db | Tx, row: Insertable<InstallationTable>): Promise<InstallationRow> {
  return db.insertInto('installation').values(row).returningAll().executeTakeFirstOrThrow()
}

export async function update(db: Db | Tx, row: InstallationRow, changes: Updateable<InstallationTable>): Promise<InstallationRow> {
  return db
    .updateTable('installation')
    .set({ ...changes, updated_at: new Date() })
    .where('id', '=', row.id)
    .where('workspace_id', '=', row.workspace_id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function remove(db: Db | Tx, row: InstallationRow): Promise<void> {
  await db.deleteFrom('installation').where('id', '=', row.id).where('workspace_id', '=', row.workspace_id).execute()
}
