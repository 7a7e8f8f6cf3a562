import { sql } from 'kysely'
import type { Provider } from '../../../contract/models.ts'
import { systemWorkspaceId } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { newId } from '../../platform/ids.ts'
import type { CatalogueEntry, ListedModel, Llm } from '../../platform/llm/index.ts'
import { defaultRank } from './default-rank.ts'
import './tables.ts'

export interface ListingConnection {
  id: string
  workspaceId: string
  provider: Provider
  baseUrl: string | null
}

/** More than any provider offers; an endpoint that lists more is not trusted with the rest. */
const maxModels = 3000

/** What is known of each listed model, from the provider's list and the catalogue. Before the transaction, since the catalogue may have to be loaded. */
export async function describeModels(
  llm: Pick<Llm, 'catalogueEntry'>,
  { provider, baseUrl }: Pick<ListingConnection, 'provider' | 'baseUrl'>,
  listed: readonly ListedModel[],
): Promise<DescribedModel[]> {
  const unique = [...new Map(listed.slice(0, maxModels).map((model) => [model.internalName, model])).values()]
  return Promise.all(
    unique.map(async (model, position) =>
      describe(model, position, provider, await llm.catalogueEntry(provider, model.internalName, baseUrl)),
    ),
  )
}

/**
 * Makes a connection offer what its provider listed, and nothing else. Models of the large providers at their own address are one row for
 * everybody; those of another address belong to the connection, since nobody knows what its names mean.
 */
export async function saveListedModels(tx: Tx, connection: ListingConnection, models: readonly DescribedModel[]): Promise<void> {
  const isShared = connection.provider !== 'openai-compatible' && connection.provider !== 'ollama' && connection.baseUrl === null
  const workspaceId = isShared ? systemWorkspaceId : connection.workspaceId
  const endpointId = isShared ? null : connection.id
  const target = isShared
    ? sql`(workspace_id, provider, internal_name) where endpoint_connection_id is null`
    : sql`(workspace_id, endpoint_connection_id, internal_name) where endpoint_connection_id is not null`

  // A field that neither the provider nor the catalogue knows any more keeps what was known.
  await sql`
    insert into model as known (id, workspace_id, provider, endpoint_connection_id, internal_name, name, description, kind, max_context, max_output, default_rank)
    select id, ${workspaceId}, ${connection.provider}, ${endpointId}::uuid, internal_name, name, description, kind, max_context, max_output, default_rank
    from jsonb_to_recordset(${JSON.stringify(models)}::jsonb) as listed (
      id uuid, internal_name text, name text, description text, kind text, max_context int, max_output int, default_rank int)
    order by internal_name
    on conflict ${target} do update set name = excluded.name, description = coalesce(excluded.description, known.description), kind = excluded.kind,
      max_context = coalesce(excluded.max_context, known.max_context), max_output = coalesce(excluded.max_output, known.max_output),
      default_rank = excluded.default_rank, updated_at = now()
    where (known.name, known.description, known.kind, known.max_context, known.max_output, known.default_rank)
      is distinct from (excluded.name, coalesce(excluded.description, known.description), excluded.kind, coalesce(excluded.max_context, known.max_context),
        coalesce(excluded.max_output, known.max_output), excluded.default_rank)`.execute(tx)

  const offered = sql`select id from model where workspace_id = ${workspaceId} and provider = ${connection.provider}
    and endpoint_connection_id is not distinct from ${endpointId}::uuid and internal_name = any(${models.map((model) => model.internal_name)})`
  await sql`delete from connection_model where connection_id = ${connection.id} and model_id not in (${offered})`.execute(tx)
  await sql`insert into connection_model (connection_id, model_id) select ${connection.id}, offered.id from (${offered}) offered on conflict do nothing`.execute(
    tx,
  )
  await savePrices(tx, models, workspaceId, connection.provider, endpointId)
}

export type DescribedModel = ReturnType<typeof describe>

/** A new price becomes a new row of the history. What an administrator set stays until they take it back. */
async function savePrices(
  tx: Tx,
  models: readonly DescribedModel[],
  workspaceId: string,
  provider: Provider,
  endpointId: string | null,
): Promise<void> {
  const priced = models.filter((model) => model.price_origin !== null)
  if (priced.length === 0) return
  await sql`
    insert into model_price (model_id, valid_from, origin, input_per_1k, output_per_1k, reasoning_per_1k, cache_read_per_1k, cache_write_per_1k)
    select model.id, clock_timestamp(), listed.price_origin, listed.input, listed.output, listed.reasoning, listed.cache_read, listed.cache_write
    from jsonb_to_recordset(${JSON.stringify(priced)}::jsonb) as listed (
      internal_name text, price_origin text, input bigint, output bigint, reasoning bigint, cache_read bigint, cache_write bigint)
    join model on model.workspace_id = ${workspaceId} and model.provider = ${provider} and model.internal_name = listed.internal_name
      and model.endpoint_connection_id is not distinct from ${endpointId}::uuid
    left join lateral (select * from model_price where model_price.model_id = model.id order by valid_from desc limit 1) latest on true
    where latest.origin is distinct from 'admin'
      and (latest.origin, latest.input_per_1k, latest.output_per_1k, latest.reasoning_per_1k, latest.cache_read_per_1k, latest.cache_write_per_1k)
        is distinct from (listed.price_origin, listed.input, listed.output, listed.reasoning, listed.cache_read, listed.cache_write)`.execute(
    tx,
  )
}

function describe(model: ListedModel, position: number, provider: Provider, entry: CatalogueEntry | undefined) {
  const price = entry?.price
  const digits = (amount: bigint | null | undefined) => amount?.toString() ?? null
  return {
    id: newId(),
    internal_name: model.internalName.slice(0, 300),
    name: (entry?.name ?? model.name ?? model.internalName).slice(0, 300),
    description: entry?.description ?? null,
    kind: model.kind,
    max_context: model.maxContext ?? entry?.maxContext ?? null,
    max_output: model.maxOutput ?? entry?.maxOutput ?? null,
    default_rank: defaultRank(provider, model.internalName, position),
    price_origin: price ? entry.origin : null,
    input: digits(price?.inputPer1k),
    output: digits(price?.outputPer1k),
    reasoning: digits(price?.reasoningPer1k),
    cache_read: digits(price?.cacheReadPer1k),
    cache_write: digits(price?.cacheWritePer1k),
  }
}
