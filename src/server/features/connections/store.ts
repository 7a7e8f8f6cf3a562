import { sql, type ExpressionBuilder, type Insertable, type Selectable, type Updateable } from 'kysely'
import { systemWorkspaceId, workspaceIdsOf, type Actor } from '../../platform/auth/index.ts'
import type { Db, Tables, Tx } from '../../platform/db/index.ts'
import type { ConnectionTable } from './tables.ts'

export type ConnectionRow = Selectable<ConnectionTable>
export type CountedConnectionRow = ConnectionRow & { model_count: number }

/** Own ones, the workspace's and the house's: what may pay for a person there. */
function reachable(principalId: string, workspaceId: string) {
  return (eb: ExpressionBuilder<Tables, 'connection'>) =>
    eb.or([
      eb('owner_id', '=', principalId),
      eb.and([eb('owner_id', 'is', null), eb('workspace_id', 'in', [workspaceId, systemWorkspaceId])]),
    ])
}

function counted(db: Db | Tx) {
  return db
    .selectFrom('connection')
    .selectAll('connection')
    .select(
      sql<number>`(select count(*)::int from connection_model where connection_model.connection_id = connection.id)`.as('model_count'),
    )
}

/** In the order in which they would pay. */
export async function listConnections(db: Db, principalId: string, workspaceId: string): Promise<CountedConnectionRow[]> {
  return counted(db)
    .where(reachable(principalId, workspaceId))
    .orderBy(sql`case when owner_id is not null then 1 when workspace_id = ${systemWorkspaceId} then 3 else 2 end`)
    .orderBy('provider')
    .orderBy('is_default', 'desc')
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

/** A connection that the actor may know of; whether they may change it, the gate decides. */
export async function findVisible(db: Db | Tx, actor: Actor, id: string): Promise<CountedConnectionRow | undefined> {
  return counted(db)
    .where('id', '=', id)
    .where((eb) =>
      eb.or([
        eb('owner_id', '=', actor.principalId),
        eb.and([eb('owner_id', 'is', null), eb('workspace_id', 'in', [...workspaceIdsOf(actor), systemWorkspaceId])]),
      ]),
    )
    .executeTakeFirst()
}

export async function getCounted(db: Db | Tx, id: string): Promise<CountedConnectionRow> {
  return counted(db).where('id', '=', id).executeTakeFirstOrThrow()
}

export async function insertConnection(tx: Tx, row: Insertable<ConnectionTable>): Promise<void> {
  await tx.insertInto('connection').values(row).execute()
}

export async function updateConnection(db: Db | Tx, id: string, changes: Updateable<ConnectionTable>): Promise<void> {
  await db
    .updateTable('connection')
    .set({ ...changes, updated_at: new Date() })
    .where('id', '=', id)
    .execute()
}

export async function deleteConnection(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('connection').where('id', '=', id).execute()
}

/** At most one key of a provider is the default of a person, and one of a workspace; the newest choice wins. */
export async function clearDefault(
  tx: Tx,
  { owner_id, workspace_id, provider }: Pick<ConnectionRow, 'owner_id' | 'workspace_id' | 'provider'>,
): Promise<void> {
  await tx
    .updateTable('connection')
    .set({ is_default: false, updated_at: new Date() })
    .where('provider', '=', provider)
    .where('is_default', '=', true)
    .$if(owner_id !== null, (query) => query.where('owner_id', '=', owner_id))
    .$if(owner_id === null, (query) => query.where('owner_id', 'is', null).where('workspace_id', '=', workspace_id))
    .execute()
}

export async function personalWorkspaceOf(db: Db, principalId: string): Promise<string> {
  return (await db.selectFrom('principal').select('workspace_id').where('id', '=', principalId).executeTakeFirstOrThrow()).workspace_id
}

export async function listManaged(db: Db | Tx): Promise<ConnectionRow[]> {
  return db.selectFrom('connection').selectAll().where('workspace_id', '=', systemWorkspaceId).where('managed_by', 'is not', null).execute()
}

export async function hasHouseDefault(tx: Tx, provider: ConnectionRow['provider']): Promise<boolean> {
  const row = await tx
    .selectFrom('connection')
    .select('id')
    .where('workspace_id', '=', systemWorkspaceId)
    .where('owner_id', 'is', null)
    .where('provider', '=', provider)
    .where('is_default', '=', true)
    .executeTakeFirst()
  return row !== undefined
}
