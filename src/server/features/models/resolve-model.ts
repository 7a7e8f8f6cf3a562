import type { KeyOrigin, SettingOrigin, ThinkingLevel } from '../../../contract/models.ts'
import type { WebSearch } from '../../../contract/web-search.ts'
import { systemWorkspaceId, type Actor } from '../../platform/auth/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { type ProviderSearch, providerSearch, type SearchLocation, thinkingLevels } from '../../platform/llm/index.ts'
import type { SealedConnection } from './connection-secrets.ts'
import { keyOriginOf, toEffectiveModel, toPrice, type EffectiveModel, type Price } from './effective-model.ts'
import { latestPrice, modelColumns, reach, type ModelRow } from './query-store.ts'

export interface ModelRequest {
  workspaceId: string
  /** What the conversation has chosen. */
  conversation?: { modelId: string | null; connectionId: string | null }
  /** What this message has chosen. */
  requestedModelId?: string
  requestedConnectionId?: string
  /** `chat` by default. */
  kind?: EffectiveModel['kind']
}

export interface Setting<Value> {
  value: Value
  origin: SettingOrigin
}

export type ParameterName = 'temperature' | 'maxTokens' | 'topP' | 'frequencyPenalty' | 'presencePenalty'

/** Which model answers, whose key pays, and with which settings, each with where it comes from. */
export interface ModelResolution {
  model: EffectiveModel
  modelOrigin: SettingOrigin
  price: Price
  connection: SealedConnection
  keyOrigin: KeyOrigin
  /** The key is the person's own: it pays for nobody else, and budgets may leave it out. */
  isOwnKey: boolean
  /** Null: nobody set it, so it is not sent. */
  parameters: Record<ParameterName, Setting<number> | null>
  systemPrompt: Setting<string> | null
  /** Null too where the model cannot be told. */
  thinking: Setting<ThinkingLevel> | null
  thinkingLevels: readonly ThinkingLevel[]
  /** What was chosen, whether it is there or not; see `searchUsed`. */
  webSearch: Setting<WebSearch> | null
  /** Null: the model's provider does not search for it. */
  providerSearch: ProviderSearch | null
  /** Where the person is, if a search may be told so. */
  location: SearchLocation | null
}

/** What the statement below returns: always one row; its model or connection is null where nothing was found. */
interface ResolvedRow extends Partial<ModelRow> {
  level: number | null
  model_exists: boolean
  key_order: number | null
  connection_id: string | null
  connection_workspace_id: string
  connection_name: string
  base_url: string | null
  sealed_key: Uint8Array | null
  sealed_headers: Uint8Array | null
  allows_private_address: boolean
  is_own_key: boolean
  requested_connection_is_known: boolean
  system_prompt: string | null
  thinking: ThinkingLevel | null
  temperature: number | null
  max_tokens: number | null
  top_p: number | null
  frequency_penalty: number | null
  presence_penalty: number | null
  web_search: WebSearch | null
  location: SearchLocation | null
}

/*
 * $1 person · $2 workspace · $3 and $4 the message's model and connection · $5 and $6 the conversation's · $7 kind
 * What a message or a conversation names counts even when no key reaches it, so that nobody is answered by another model without knowing;
 * defaults of a person or workspace that are out of reach are passed over.
 */
const statement = `
with ${reach},
wanted (level, id) as (
  values (1, $3::uuid), (2, $5::uuid),
    (3, (select default_model_id from user_settings where user_id = $1)),
    (4, (select default_model_id from workspace_settings where workspace_id = $2))),
chosen as (
  select level, id from (
    select wanted.level, wanted.id, 0 as position
    from wanted
    where wanted.id is not null
      and (wanted.level <= 2 or exists (
        select 1 from connection_model join reach on reach.id = connection_model.connection_id join model on model.id = connection_model.model_id
        where connection_model.model_id = wanted.id and model.kind = $7))
    union all (
      select 5, model.id, 1
      from reach join connection_model on connection_model.connection_id = reach.id join model on model.id = connection_model.model_id
      where reach.workspace_id = '${systemWorkspaceId}' and reach.owner_id is null and model.kind = $7
        and (reach.status = 'ready' or reach.provider = 'built-in')
      order by reach.provider = 'built-in', reach.is_default desc, reach.created_at, model.default_rank nulls last, model.internal_name
      limit 1)
  ) candidates order by position, level limit 1),
paying as (
  select reach.*, case reach.id when $4::uuid then 1 when $6::uuid then 2 else reach.key_order end as chosen_order
  from reach join connection_model on connection_model.connection_id = reach.id join chosen on chosen.id = connection_model.model_id
  where $4::uuid is null or reach.id = $4::uuid
  order by chosen_order, reach.created_at, reach.id
  limit 1)
select chosen.level, model.id is not null and (model.endpoint_connection_id is null or paying.id is not null) as model_exists, ${modelColumns},
  paying.id as connection_id, paying.workspace_id as connection_workspace_id, paying.name as connection_name, paying.base_url,
  paying.sealed_key, paying.sealed_headers, paying.allows_private_address, paying.chosen_order as key_order, paying.owner_id is not null as is_own_key,
  $4::uuid is null or exists (select 1 from reach where id = $4::uuid) as requested_connection_is_known,
  settings.system_prompt, settings.thinking, settings.temperature, settings.max_tokens, settings.top_p, settings.frequency_penalty, settings.presence_penalty,
  person.web_search, case when person.shares_location then jsonb_build_object('lat', place.lat, 'lng', place.lng, 'city', place.city, 'region', place.region,
    'country', place.country, 'timezone', place.timezone) end as location
from (select) one
left join chosen on true
left join model on model.id = chosen.id and model.kind = $7
left join paying on true
${latestPrice}
left join workspace_settings settings on settings.workspace_id = $2
left join user_settings person on person.user_id = $1
left join profile place on place.user_id = $1`

const origins: Record<number, SettingOrigin> = { 1: 'message', 2: 'conversation', 3: 'user', 4: 'workspace', 5: 'system' }

/**
 * One statement. The caller has checked that the actor belongs to the workspace.
 * Errors: `model.not_found`, `model.no_key`, `connection.not_found`.
 */
export async function resolveInDatabase(
  database: Pick<Database, 'call'>,
  actor: Pick<Actor, 'principalId'>,
  request: ModelRequest,
): Promise<ModelResolution> {
  const [row] = await database.call<ResolvedRow>('resolve_model', statement, [
    actor.principalId,
    request.workspaceId,
    request.requestedModelId ?? null,
    request.requestedConnectionId ?? null,
    request.conversation?.modelId ?? null,
    request.conversation?.connectionId ?? null,
    request.kind ?? 'chat',
  ])
  if (!row?.requested_connection_is_known) throw new AppError('connection.not_found')
  if (row.level === null || !row.model_exists) throw new AppError('model.not_found')
  if (row.connection_id === null || row.key_order === null) throw new AppError('model.no_key')
  const modelRow = row as ResolvedRow & ModelRow
  const model = toEffectiveModel(modelRow)
  const levels = thinkingLevels({ ...model, baseUrl: row.base_url })
  return {
    model,
    modelOrigin: origins[row.level]!,
    price: toPrice(modelRow),
    connection: {
      id: row.connection_id,
      workspaceId: row.connection_workspace_id,
      provider: model.provider,
      name: row.connection_name,
      baseUrl: row.base_url,
      sealedKey: row.sealed_key,
      sealedHeaders: row.sealed_headers,
      allowsPrivateAddress: row.allows_private_address,
    },
    keyOrigin: keyOriginOf(row.key_order),
    isOwnKey: row.is_own_key,
    parameters: parametersOf(row, model),
    systemPrompt: row.system_prompt === null ? null : { value: row.system_prompt, origin: 'workspace' },
    thinking: row.thinking && levels.includes(row.thinking) ? { value: row.thinking, origin: 'workspace' } : null,
    thinkingLevels: levels,
    webSearch: row.web_search && { value: row.web_search, origin: 'user' },
    providerSearch: providerSearch({ ...model, baseUrl: row.base_url }),
    location: row.location,
  }
}

interface Choices {
  systemPrompt: string | null
  temperature: number | null
  maxTokens: number | null
  topP: number | null
  thinking: ThinkingLevel | null
  webSearch: WebSearch | null
}

/** What a conversation has set for itself stands before what it inherits. */
export function withChoices<
  Settable extends Pick<ModelResolution, 'systemPrompt' | 'parameters' | 'thinking' | 'thinkingLevels' | 'webSearch'>,
>(inherited: Settable, choices: Choices): Settable {
  const { systemPrompt, temperature, maxTokens, topP, thinking, webSearch } = choices
  const chosen = <Value>(value: Value | null, else_: Setting<Value> | null) =>
    value === null ? else_ : { value, origin: 'conversation' as const }
  const { parameters, thinkingLevels: levels } = inherited
  return {
    ...inherited,
    systemPrompt: chosen(systemPrompt, inherited.systemPrompt),
    // What was chosen for another model waits until that one answers again.
    thinking: chosen(thinking && levels.includes(thinking) ? thinking : null, inherited.thinking),
    webSearch: chosen(webSearch, inherited.webSearch),
    parameters: {
      ...parameters,
      temperature: chosen(temperature, parameters.temperature),
      maxTokens: chosen(maxTokens, parameters.maxTokens),
      topP: chosen(topP, parameters.topP),
    },
  }
}

function parametersOf(row: ResolvedRow, model: EffectiveModel): ModelResolution['parameters'] {
  const pick = (ofWorkspace: number | null, name: ParameterName): Setting<number> | null => {
    if (ofWorkspace !== null) return { value: ofWorkspace, origin: 'workspace' }
    const ofModel = model.defaultParameters[name]
    return typeof ofModel === 'number' ? { value: ofModel, origin: 'system' } : null
  }
  return {
    temperature: pick(row.temperature, 'temperature'),
    maxTokens: pick(row.max_tokens, 'maxTokens'),
    topP: pick(row.top_p, 'topP'),
    frequencyPenalty: pick(row.frequency_penalty, 'frequencyPenalty'),
    presencePenalty: pick(row.presence_penalty, 'presencePenalty'),
  }
}
