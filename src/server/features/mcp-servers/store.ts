import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { ToolPermission } from '../../../contract/mcp-servers.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import type { McpServerTable, McpToolTable } from './tables.ts'

export type ServerRow = Omit<Selectable<McpServerTable>, 'check_at' | 'check_failures'>
export type ToolRow = Selectable<McpToolTable>
/** With what a person sees of it. */
export type ShownServer = ServerRow & {
  tool_count: number
  changed_tool_count: number
  credential_failure: string | null
  has_credential: boolean
}

/** Of one server. */
const keptEvents = 50

const serverColumns = [
  'mcp_server.id',
  'mcp_server.workspace_id',
  'mcp_server.name',
  'mcp_server.slug',
  'mcp_server.transport',
  'mcp_server.url',
  'mcp_server.command',
  'mcp_server.args',
  'mcp_server.sealed_env',
  'mcp_server.env_names',
  'mcp_server.sealed_headers',
  'mcp_server.header_names',
  'mcp_server.credentials',
  'mcp_server.trusts_hints',
  'mcp_server.is_enabled',
  'mcp_server.status',
  'mcp_server.status_reason',
  'mcp_server.status_at',
  'mcp_server.server_name',
  'mcp_server.server_version',
  'mcp_server.protocol',
  'mcp_server.has_resources',
  'mcp_server.sampling',
  'mcp_server.tools_listed_at',
  'mcp_server.sealed_client',
  'mcp_server.agent_id',
  'mcp_server.package_version_id',
  'mcp_server.offers',
  'mcp_server.created_by',
  'mcp_server.created_at',
  'mcp_server.updated_at',
] as const

function shown(db: Db | Tx, userId: string) {
  return db
    .selectFrom('mcp_server')
    .leftJoin('mcp_credential', (join) =>
      join.onRef('mcp_credential.server_id', '=', 'mcp_server.id').on('mcp_credential.user_id', '=', userId),
    )
    .select(serverColumns)
    .select([
      'mcp_credential.failure as credential_failure',
      sql<boolean>`mcp_credential.id is not null`.as('has_credential'),
      sql<number>`(select count(*)::int from mcp_tool t where t.server_id = mcp_server.id and t.is_listed)`.as('tool_count'),
      sql<number>`(select count(*)::int from mcp_tool t where t.server_id = mcp_server.id and t.is_listed and t.is_changed)`.as(
        'changed_tool_count',
      ),
    ])
}

export async function listServers(db: Db, workspaceId: string, userId: string): Promise<ShownServer[]> {
  return shown(db, userId).where('mcp_server.workspace_id', '=', workspaceId).orderBy('mcp_server.name').orderBy('mcp_server.id').execute()
}

/** Of one of these workspaces, as this person sees it. */
export async function findServer(
  db: Db | Tx,
  workspaceIds: readonly string[],
  userId: string,
  id: string,
): Promise<ShownServer | undefined> {
  if (workspaceIds.length === 0) return undefined
  return shown(db, userId).where('mcp_server.id', '=', id).where('mcp_server.workspace_id', 'in', workspaceIds).executeTakeFirst()
}

export async function readServer(db: Db | Tx, workspaceId: string, id: string): Promise<ServerRow | undefined> {
  return db.selectFrom('mcp_server').select(serverColumns).where('workspace_id', '=', workspaceId).where('id', '=', id).executeTakeFirst()
}

/** What is taken, for a new one. Locked, so that two that are added at once get two slugs. */
export async function lockSlugs(tx: Tx, workspaceId: string): Promise<string[]> {
  await tx.selectFrom('workspace').select('id').where('id', '=', workspaceId).forNoKeyUpdate().execute()
  return listSlugs(tx, workspaceId)
}

export async function listSlugs(tx: Tx, workspaceId: string): Promise<string[]> {
  const rows = await tx.selectFrom('mcp_server').select('slug').where('workspace_id', '=', workspaceId).execute()
  return rows.map(({ slug }) => slug)
}

/** By which names models have called its tools. */
export async function listCallNames(tx: Tx, { workspace_id, id }: Pick<ServerRow, 'workspace_id' | 'id'>): Promise<string[]> {
  const rows = await tx
    .selectFrom('mcp_tool')
    .select('call_name')
    .where('workspace_id', '=', workspace_id)
    .where('server_id', '=', id)
    .execute()
  return rows.map((row) => row.call_name)
}

export async function insertServer(tx: Tx, row: Insertable<McpServerTable>): Promise<void> {
  await tx.insertInto('mcp_server').values(row).execute()
}

export async function updateServer(
  tx: Tx,
  { workspace_id, id }: Pick<ServerRow, 'workspace_id' | 'id'>,
  changes: Updateable<McpServerTable>,
): Promise<void> {
  await tx
    .updateTable('mcp_server')
    .set({ ...changes, updated_at: new Date() })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
}

export async function deleteServer(tx: Tx, { workspace_id, id }: Pick<ServerRow, 'workspace_id' | 'id'>): Promise<void> {
  await tx.deleteFrom('mcp_server').where('workspace_id', '=', workspace_id).where('id', '=', id).execute()
}

/** Whether that is news. A status that stays writes nothing, so that its history says what happened and no more. */
export async function noteStatus(
  tx: Tx,
  { workspace_id, id }: Pick<ServerRow, 'workspace_id' | 'id'>,
  state: Pick<ServerRow, 'status' | 'status_reason'> &
    Partial<Pick<ServerRow, 'server_name' | 'server_version' | 'protocol' | 'has_resources'>>,
): Promise<boolean> {
  const changed = await tx
    .updateTable('mcp_server')
    .set({ ...state, status_at: new Date() })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .where(sql<boolean>`(status, status_reason) is distinct from (${state.status}, ${state.status_reason}::text)`)
    .returning('id')
    .executeTakeFirst()
  if (!changed) return false
  await tx
    .insertInto('mcp_server_event')
    .values({ id: newId(), workspace_id, server_id: id, status: state.status, reason: state.status_reason })
    .execute()
  await tx
    .deleteFrom('mcp_server_event')
    .where('server_id', '=', id)
    .where('id', 'not in', (eb) =>
      eb.selectFrom('mcp_server_event').select('id').where('server_id', '=', id).orderBy('id', 'desc').limit(keptEvents),
    )
    .execute()
  return true
}

export async function listEvents(db: Db, workspaceId: string, serverId: string) {
  return db
    .selectFrom('mcp_server_event')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('server_id', '=', serverId)
    .orderBy('id', 'desc')
    .limit(keptEvents)
    .execute()
}

export async function listTools(db: Db | Tx, workspaceId: string, serverId: string): Promise<ToolRow[]> {
  return db
    .selectFrom('mcp_tool')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('server_id', '=', serverId)
    .where('is_listed', '=', true)
    .orderBy('name')
    .execute()
}

/** What a workspace's turns may be offered. */
export async function listOffered(db: Db, workspaceId: string): Promise<{ servers: ServerRow[]; tools: ToolRow[] }> {
  const servers = await db
    .selectFrom('mcp_server')
    .select(serverColumns)
    .where('workspace_id', '=', workspaceId)
    .where('is_enabled', '=', true)
    .orderBy('slug')
    .execute()
  if (servers.length === 0) return { servers, tools: [] }
  const tools = await db
    .selectFrom('mcp_tool')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('is_listed', '=', true)
    .where('permission', '<>', 'deny')
    .orderBy('call_name')
    .execute()
  return { servers, tools }
}

/** The list as it is now. What was allowed and is another tool now asks again; what is not listed any more stays known. Also by which names models call what is another tool now. */
export async function saveTools(
  tx: Tx,
  { workspace_id, id }: Pick<ServerRow, 'workspace_id' | 'id'>,
  tools: readonly Insertable<McpToolTable>[],
): Promise<{ isNews: boolean; changedNames: string[] }> {
  const before = await tx
    .selectFrom('mcp_tool')
    .select(['name', 'hash', 'is_listed'])
    .where('server_id', '=', id)
    .orderBy('name')
    .forUpdate()
    .execute()
  const known = new Map(before.map((tool) => [tool.name, tool]))
  const changed = tools.filter(({ name, hash }) => known.get(name)?.hash !== hash || !known.get(name)?.is_listed)
  const names = new Set(tools.map(({ name }) => name))
  const gone = before.filter(({ name, is_listed }) => is_listed && !names.has(name))
  if (changed.length > 0) {
    await tx
      .insertInto('mcp_tool')
      .values(changed)
      .onConflict((conflict) =>
        conflict.columns(['server_id', 'name']).doUpdateSet((eb) => ({
          title: eb.ref('excluded.title'),
          description: eb.ref('excluded.description'),
          input_schema: sql<string>`excluded.input_schema`,
          hints: sql<string>`excluded.hints`,
          hash: eb.ref('excluded.hash'),
          is_listed: true,
          permission: sql<ToolPermission>`case when mcp_tool.hash <> excluded.hash and mcp_tool.permission = 'allow' then 'ask' else mcp_tool.permission end`,
          is_changed: sql<boolean>`mcp_tool.is_changed or (mcp_tool.hash <> excluded.hash and mcp_tool.permission = 'allow')`,
          updated_at: new Date(),
        })),
      )
      .execute()
  }
  if (gone.length > 0) {
    await tx
      .updateTable('mcp_tool')
      .set({ is_listed: false, updated_at: new Date() })
      .where('server_id', '=', id)
      .where(
        'name',
        'in',
        gone.map(({ name }) => name),
      )
      .execute()
  }
  await tx
    .updateTable('mcp_server')
    .set({ tools_listed_at: new Date() })
    .where('workspace_id', '=', workspace_id)
    .where('id', '=', id)
    .execute()
  const others = changed.filter(({ name, hash }) => known.has(name) && known.get(name)!.hash !== hash)
  return { isNews: changed.length > 0 || gone.length > 0, changedNames: others.map((tool) => tool.call_name) }
}

/** What these tools are now, until the transaction ends. */
export async function lockHashes(tx: Tx, server: Pick<ServerRow, 'workspace_id' | 'id'>, toolIds: readonly string[]) {
  return tx
    .selectFrom('mcp_tool')
    .select(['id', 'hash'])
    .where('workspace_id', '=', server.workspace_id)
    .where('server_id', '=', server.id)
    .where('id', 'in', toolIds)
    .orderBy('name')
    .forUpdate()
    .execute()
}

/** How many of them there were. */
export async function setPermissions(
  tx: Tx,
  server: Pick<ServerRow, 'workspace_id' | 'id'>,
  toolIds: readonly string[],
  permission: ToolPermission,
): Promise<number> {
  const rows = await tx
    .updateTable('mcp_tool')
    .set({ permission, is_changed: false, updated_at: new Date() })
    .where('workspace_id', '=', server.workspace_id)
    .where('server_id', '=', server.id)
    .where('id', 'in', toolIds)
    .returning('id')
    .execute()
  return rows.length
}

/** As the package of a program asks for it. */
export async function setPermissionByName(
  tx: Tx,
  server: Pick<ServerRow, 'workspace_id' | 'id'>,
  name: string,
  permission: ToolPermission,
): Promise<void> {
  await tx
    .updateTable('mcp_tool')
    .set({ permission, is_changed: false, updated_at: new Date() })
    .where('workspace_id', '=', server.workspace_id)
    .where('server_id', '=', server.id)
    .where('name', '=', name)
    .execute()
}

/** Programs of these versions of packages. */
export async function listOfPackages(
  db: Db | Tx,
  workspaceId: string,
  versionIds: readonly string[],
): Promise<{ id: string; packageVersionId: string }[]> {
  if (versionIds.length === 0) return []
  const rows = await db
    .selectFrom('mcp_server')
    .select(['id', 'package_version_id'])
    .where('workspace_id', '=', workspaceId)
    .where('package_version_id', 'in', versionIds)
    .execute()
  return rows.map((row) => ({ id: row.id, packageVersionId: row.package_version_id! }))
}
