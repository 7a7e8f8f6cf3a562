import type { Selectable, Updateable } from 'kysely'
import { workspaceIdsOf, type Actor } from '../../platform/auth/index.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { WorkspaceSettingsTable } from './tables.ts'

export interface WorkspaceRow {
  id: string
  name: string
  kind: 'personal' | 'team'
  created_at: Date
}

const columns = ['id', 'name', 'kind', 'created_at'] as const

export async function listWorkspaces(db: Db, actor: Actor): Promise<WorkspaceRow[]> {
  const ids = workspaceIdsOf(actor)
  if (ids.length === 0) return []
  const rows = await db.selectFrom('workspace').select(columns).where('id', 'in', ids).orderBy('kind').orderBy('created_at').execute()
  return rows as WorkspaceRow[] // the system workspace has no members
}

export async function insertWorkspace(tx: Tx, id: string, name: string): Promise<WorkspaceRow> {
  const row = await tx.insertInto('workspace').values({ id, name, kind: 'team' }).returning(columns).executeTakeFirstOrThrow()
  await tx.insertInto('workspace_settings').values({ workspace_id: id }).execute()
  return row as WorkspaceRow
}

export async function rename(tx: Tx, id: string, name: string): Promise<WorkspaceRow | undefined> {
  const row = await tx
    .updateTable('workspace')
    .set({ name, updated_at: new Date() })
    .where('id', '=', id)
    .where('kind', '<>', 'system')
    .returning(columns)
    .executeTakeFirst()
  return row as WorkspaceRow | undefined
}

export type SettingsRow = Selectable<WorkspaceSettingsTable>

export async function findSettings(db: Db, workspaceId: string): Promise<SettingsRow | undefined> {
  return db.selectFrom('workspace_settings').selectAll().where('workspace_id', '=', workspaceId).executeTakeFirst()
}

export async function updateSettings(
  tx: Tx,
  workspaceId: string,
  changes: Updateable<WorkspaceSettingsTable>,
): Promise<SettingsRow | undefined> {
  return tx
    .updateTable('workspace_settings')
    .set({ ...changes, updated_at: new Date() })
    .where('workspace_id', '=', workspaceId)
    .returningAll()
    .executeTakeFirst()
}
