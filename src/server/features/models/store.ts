import { CompiledQuery } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { SealedConnection } from './connection-secrets.ts'
import type { Price } from './effective-model.ts'
import { latestPrice, modelColumns, reach, type ModelRow } from './query-store.ts'
import type { ModelOverrides } from './tables.ts'

export interface UsableModelRow extends ModelRow {
  connection_id: string
  connection_name: string
  base_url: string | null
  key_order: number
}

export type UsableNameRow = Pick<ModelRow, 'model_id' | 'internal_name' | 'provider' | 'kind'> & { created_at: Date }

/** Every model that some key of the person, the workspace or the house reaches, with the key that would pay. */
export async function listUsableModels(db: Db, principalId: string, workspaceId: string): Promise<UsableModelRow[]> {
  const { rows } = await db.executeQuery<UsableModelRow>(
    CompiledQuery.raw(
      `with ${reach}
      select ${modelColumns}, paying.id as connection_id, paying.name as connection_name, paying.base_url, paying.key_order
      from (
        select distinct on (connection_model.model_id) connection_model.model_id, reach.id, reach.name, reach.base_url, reach.key_order
        from reach join connection_model on connection_model.connection_id = reach.id
        order by connection_model.model_id, reach.key_order, reach.created_at, reach.id) paying
      join model on model.id = paying.model_id
      ${latestPrice}
      order by paying.key_order, model.provider = 'built-in', model.provider, model.default_rank nulls last, model.name, model.id`,
      [principalId, workspaceId],
    ),
  )
  return rows
}

/** The same models and order, with no more of them than programs need to name one. */
export async function listUsableNames(db: Db, principalId: string, workspaceId: string): Promise<UsableNameRow[]> {
  const { rows } = await db.executeQuery<UsableNameRow>(
    CompiledQuery.raw(
      `with ${reach}
      select model.id as model_id, model.internal_name, model.provider, model.kind, model.created_at
      from (
        select connection_model.model_id, min(reach.key_order) as key_order
        from reach join connection_model on connection_model.connection_id = reach.id group by 1) paying
      join model on model.id = paying.model_id
      order by paying.key_order, model.provider = 'built-in', model.provider, model.default_rank nulls last, model.name, model.id`,
      [principalId, workspaceId],
    ),
  )
  return rows
}

export async function isUsable(db: Db, principalId: string, workspaceId: string, modelId: string): Promise<boolean> {
  const { rows } = await db.executeQuery(
    CompiledQuery.raw(
      `with ${reach} select 1 from reach join connection_model on connection_model.connection_id = reach.id
      join model on model.id = connection_model.model_id
      where model.id = $3 and model.kind = 'chat' limit 1`,
      [principalId, workspaceId, modelId],
    ),
  )
  return rows.length > 0
}

export async function findForUpdate(tx: Tx, id: string): Promise<{ overrides: ModelOverrides } | undefined> {
  return tx.selectFrom('model').select('overrides').where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function setOverrides(tx: Tx, id: string, overrides: ModelOverrides): Promise<void> {
  await tx
    .updateTable('model')
    .set({ overrides: JSON.stringify(overrides), updated_at: new Date() })
    .where('id', '=', id)
    .execute()
}

export async function insertPrice(tx: Tx, modelId: string, { origin, ...price }: Price): Promise<void> {
  await tx
    .insertInto('model_price')
    .values({
      model_id: modelId,
      valid_from: new Date(),
      origin,
      input_per_1k: price.inputPer1k,
      output_per_1k: price.outputPer1k,
      reasoning_per_1k: price.reasoningPer1k,
      cache_read_per_1k: price.cacheReadPer1k,
      cache_write_per_1k: price.cacheWritePer1k,
    })
    .execute()
}

/** The price before an administrator set one. */
export async function findPriceBeforeAdmin(tx: Tx, modelId: string): Promise<Price | undefined> {
  const row = await tx
    .selectFrom('model_price')
    .selectAll()
    .where('model_id', '=', modelId)
    .where('origin', '<>', 'admin')
    .orderBy('valid_from', 'desc')
    .limit(1)
    .executeTakeFirst()
  return (
    row && {
      origin: row.origin,
      inputPer1k: row.input_per_1k,
      outputPer1k: row.output_per_1k,
      reasoningPer1k: row.reasoning_per_1k,
      cacheReadPer1k: row.cache_read_per_1k,
      cacheWritePer1k: row.cache_write_per_1k,
    }
  )
}

export async function getModel(db: Db | Tx, id: string): Promise<ModelRow> {
  const { rows } = await db.executeQuery<ModelRow>(
    CompiledQuery.raw(`select ${modelColumns} from model ${latestPrice} where model.id = $1`, [id]),
  )
  return rows[0]!
}

/** For a call whose model and key were settled before: the key is used again only while it exists. */
export async function findSealedConnection(db: Db, id: string): Promise<SealedConnection | undefined> {
  const row = await db
    .selectFrom('connection')
    .select(['id', 'workspace_id', 'provider', 'name', 'base_url', 'sealed_key', 'sealed_headers', 'allows_private_address'])
    .where('id', '=', id)
    .executeTakeFirst()
  return (
    row && {
      id: row.id,
      workspaceId: row.workspace_id,
      provider: row.provider,
      name: row.name,
      baseUrl: row.base_url,
      sealedKey: row.sealed_key,
      sealedHeaders: row.sealed_headers,
      allowsPrivateAddress: row.allows_private_address,
    }
  )
}

export async function isInReach(db: Db, principalId: string, workspaceId: string, connectionId: string): Promise<boolean> {
  const { rows } = await db.executeQuery(
    CompiledQuery.raw(`with ${reach} select 1 from reach where id = $3`, [principalId, workspaceId, connectionId]),
  )
  return rows.length > 0
}
