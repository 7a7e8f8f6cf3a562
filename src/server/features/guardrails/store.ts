import { type Insertable, type Selectable, sql, type Updateable } from 'kysely'
import type { GuardrailPlace } from '../../../contract/guardrail-choices.ts'
import type { GuardrailOutcome } from '../../../contract/guardrails.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { GuardrailTable, GuardrailVerdictTable } from './tables.ts'

export type GuardrailRow = Selectable<GuardrailTable>
export type VerdictRow = Selectable<GuardrailVerdictTable>

export async function list(db: Db | Tx, workspaceId: string): Promise<GuardrailRow[]> {
  return db.selectFrom('guardrail').selectAll().where('workspace_id', '=', workspaceId).orderBy('name').orderBy('id').execute()
}

/** Workspaces in which some are switched on. */
export async function listGuarded(db: Db): Promise<string[]> {
  const rows = await db.selectFrom('guardrail').select('workspace_id').distinct().where('is_enabled', '=', true).execute()
  return rows.map(({ workspace_id }) => workspace_id)
}

/** One of these workspaces. */
export async function find(db: Db | Tx, workspaceIds: readonly string[], id: string): Promise<GuardrailRow | undefined> {
  if (workspaceIds.length === 0) return undefined
  return db.selectFrom('guardrail').selectAll().where('id', '=', id).where('workspace_id', 'in', workspaceIds).executeTakeFirst()
}

/** One at a time in a workspace, so that their number cannot be wrong. */
export async function lockCount(tx: Tx, workspaceId: string): Promise<number> {
  await tx.selectFrom('workspace').select('id').where('id', '=', workspaceId).forNoKeyUpdate().execute()
  const { count } = await tx
    .selectFrom('guardrail')
    .select(sql<number>`count(*)::int`.as('count'))
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow()
  return count
}

export async function insert(tx: Tx, row: Insertable<GuardrailTable>): Promise<void> {
  await tx.insertInto('guardrail').values(row).execute()
}

export async function update(tx: Tx, { id, workspace_id }: GuardrailRow, changes: Updateable<GuardrailTable>): Promise<void> {
  await tx
    .updateTable('guardrail')
    .set({ ...changes, updated_at: new Date() })
    .where('id', '=', id)
    .where('workspace_id', '=', workspace_id)
    .execute()
}

export async function remove(tx: Tx, { id, workspace_id }: GuardrailRow): Promise<void> {
  await tx.deleteFrom('guardrail').where('id', '=', id).where('workspace_id', '=', workspace_id).execute()
}

export async function insertVerdicts(db: Db, rows: Insertable<GuardrailVerdictTable>[]): Promise<void> {
  if (rows.length > 0) await db.insertInto('guardrail_verdict').values(rows).execute()
}

/** What a guardrail said of what a person sent in this turn, should it be asked again after an interruption. */
export async function listOfTurn(
  db: Db,
  { workspaceId, turnId, place }: { workspaceId: string; turnId: string; place: GuardrailPlace },
): Promise<VerdictRow[]> {
  return db
    .selectFrom('guardrail_verdict')
    .selectAll()
    .where('turn_id', '=', turnId)
    .where('workspace_id', '=', workspaceId)
    .where('place', '=', place)
    .execute()
}

export async function listVerdicts(db: Db, { id, workspace_id }: GuardrailRow, limit: number): Promise<VerdictRow[]> {
  return db
    .selectFrom('guardrail_verdict')
    .selectAll()
    .where('guardrail_id', '=', id)
    .where('workspace_id', '=', workspace_id)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

export async function countVerdicts(db: Db, { id, workspace_id }: GuardrailRow): Promise<{ outcome: GuardrailOutcome; count: number }[]> {
  return db
    .selectFrom('guardrail_verdict')
    .select(['outcome', sql<number>`count(*)::int`.as('count')])
    .where('guardrail_id', '=', id)
    .where('workspace_id', '=', workspace_id)
    .where('created_at', '>', sql<Date>`now() - interval '30 days'`)
    .groupBy('outcome')
    .execute()
}

/** They are counted for thirty days and shown for a while longer. */
export async function removeOldVerdicts(db: Db): Promise<void> {
  await sql`delete from guardrail_verdict where created_at < now() - interval '90 days'`.execute(db)
}
