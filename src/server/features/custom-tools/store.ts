import type { Insertable, Selectable, Updateable } from 'kysely'
import type { ToolPermission } from '../../../contract/custom-tools.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { CustomToolOperationTable, CustomToolTable } from './tables.ts'

export type CustomToolRow = Selectable<CustomToolTable>
export type OperationRow = Selectable<CustomToolOperationTable>
export interface WholeTool {
  tool: CustomToolRow
  operations: OperationRow[]
}

export async function list(db: Db | Tx, workspaceId: string): Promise<WholeTool[]> {
  const tools = await db
    .selectFrom('custom_tool')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('name')
    .orderBy('id')
    .execute()
  if (tools.length === 0) return []
  const operations = await db
    .selectFrom('custom_tool_operation')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .orderBy('position')
    .execute()
  return tools.map((tool) => ({ tool, operations: operations.filter((one) => one.custom_tool_id === tool.id) }))
}

/** One of these workspaces. */
export async function find(db: Db | Tx, workspaceIds: readonly string[], id: string): Promise<WholeTool | undefined> {
  if (workspaceIds.length === 0) return undefined
  const tool = await db
    .selectFrom('custom_tool')
    .selectAll()
    .where('id', '=', id)
    .where('workspace_id', 'in', workspaceIds)
    .executeTakeFirst()
  if (!tool) return undefined
  const operations = await db
    .selectFrom('custom_tool_operation')
    .selectAll()
    .where('custom_tool_id', '=', id)
    .where('workspace_id', '=', tool.workspace_id)
    .orderBy('position')
    .execute()
  return { tool, operations }
}

/** One at a time in a workspace, so that neither its number nor its slugs can be wrong. */
export async function lockSlugs(tx: Tx, workspaceId: string): Promise<string[]> {
  // The row that MCP servers are added under too: they share the names.
  await tx.selectFrom('workspace').select('id').where('id', '=', workspaceId).forNoKeyUpdate().execute()
  return listSlugs(tx, workspaceId)
}

export async function listSlugs(tx: Tx, workspaceId: string): Promise<string[]> {
  const rows = await tx.selectFrom('custom_tool').select('slug').where('workspace_id', '=', workspaceId).execute()
  return rows.map(({ slug }) => slug)
}

export async function insert(tx: Tx, row: Insertable<CustomToolTable>, operations: Insertable<CustomToolOperationTable>[]): Promise<void> {
  await tx.insertInto('custom_tool').values(row).execute()
  await tx.insertInto('custom_tool_operation').values(operations).execute()
}

export async function update(tx: Tx, { id, workspace_id }: CustomToolRow, changes: Updateable<CustomToolTable>): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('custom_tool')
    .set({ ...changes, updated_at: new Date() })
    .where('id', '=', id)
    .where('workspace_id', '=', workspace_id)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function setPermission(tx: Tx, { id, workspace_id }: CustomToolRow, name: string, permission: ToolPermission): Promise<void> {
  await tx
    .updateTable('custom_tool_operation')
    .set({ permission })
    .where('custom_tool_id', '=', id)
    .where('workspace_id', '=', workspace_id)
    .where('name', '=', name)
    .execute()
}

export async function remove(tx: Tx, { id, workspace_id }: CustomToolRow): Promise<void> {
  await tx.deleteFrom('custom_tool').where('id', '=', id).where('workspace_id', '=', workspace_id).execute()
}
