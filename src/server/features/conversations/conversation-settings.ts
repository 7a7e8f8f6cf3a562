import { type SearchesThere, searchesOf, searchUsed } from '../../../contract/web-search.ts'
import type { ConversationChoices, ConversationSettings } from '../../../contract/conversation-settings.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { type AnsweringAgent, chosenWith, getAnsweringAgent, withAgent } from '../agents/index.ts'
import { type ModelRequest, type ModelResolution, withChoices } from '../models/index.ts'
import { costOfConversation } from '../usage/index.ts'
import { change, type ConversationDeps } from './change-conversations.ts'
import { requireConversation } from './read-conversations.ts'
import type { ConversationRow } from './store.ts'
import * as store from './settings-store.ts'

export interface SettingsDeps extends ConversationDeps, Pick<Deps, 'database'> {
  resolveModel(actor: Actor, request: ModelRequest): Promise<ModelResolution>
  /** Whether a turn there would be offered the search that the workspace added. */
  offersSearch(
    actor: Actor,
    place: { workspaceId: string; conversationId: string; agentId: string | null },
    named: readonly string[] | null,
  ): Promise<boolean>
}

export async function getConversationSettings(deps: SettingsDeps, actor: Actor, id: string): Promise<ConversationSettings> {
  check(actor, 'conversation', 'read', 'own')
  const conversation = await requireConversation(deps.db, actor, id)
  const choices = await store.getChoices(deps.db, id)
  const found = await resolved(deps, actor, conversation)
  const inherited = found instanceof AppError ? nothingKnown : found.resolution
  const answering = found instanceof AppError ? undefined : found.resolution
  const there: SearchesThere = found instanceof AppError ? { service: false, provider: false } : found.there
  const spent = await costOfConversation(deps.db, id)
  return {
    spent: { costNanoUsd: spent.costNanoUsd.toString(), isAtLeast: spent.isAtLeast },
    effective: settingsOf(withChoices(inherited, choices), there),
    inherited: settingsOf(inherited, there),
    thinkingLevels: [...inherited.thinkingLevels],
    searches: searchesOf(there),
    model: answering
      ? { id: answering.model.id as never, name: answering.model.name, provider: answering.model.provider, origin: answering.modelOrigin }
      : null,
    key: answering
      ? { connectionId: answering.connection.id as never, name: answering.connection.name, origin: answering.keyOrigin }
      : null,
    problem: found instanceof AppError ? found.notice() : null,
  }
}

/** What would answer now, or why nothing can. */
async function resolved(
  deps: SettingsDeps,
  actor: Actor,
  conversation: ConversationRow,
): Promise<{ resolution: ModelResolution; there: SearchesThere } | AppError> {
  const { workspace_id: workspaceId, agent_id: agentId, model_id: modelId, connection_id: connectionId } = conversation
  const own = { modelId, connectionId }
  try {
    const agent: AnsweringAgent | undefined =
      agentId === null ? undefined : await getAnsweringAgent(deps.database, actor, { agentId, workspaceId })
    const resolution = withAgent(await deps.resolveModel(actor, { workspaceId, conversation: chosenWith(agent, own) }), agent, own)
    const service = await deps.offersSearch(actor, { workspaceId, conversationId: conversation.id, agentId }, agent?.tools ?? null)
    return { resolution, there: { service, provider: resolution.providerSearch !== null } }
  } catch (error) {
    if (error instanceof AppError && !['internal', 'database.unavailable'].includes(error.code)) return error
    throw error
  }
}

/** What is left out stays as it is. Error: `model.thinking_unsupported`, for what the model of now cannot be told. */
export async function updateConversationSettings(
  deps: SettingsDeps,
  actor: Actor,
  { id, ...given }: { id: string } & { [Name in keyof ConversationChoices]?: ConversationChoices[Name] | undefined },
): Promise<ConversationSettings> {
  check(actor, 'conversation', 'update', 'own')
  if (given.thinking) {
    const found = await resolved(deps, actor, await requireConversation(deps.db, actor, id))
    if (found instanceof AppError || !found.resolution.thinkingLevels.includes(given.thinking))
      throw new AppError('model.thinking_unsupported')
  }
  await change(deps, actor, id, 'kept', async (tx, conversation) => {
    const choices = { ...(await store.getChoices(tx, id)) }
    if (given.systemPrompt !== undefined) choices.systemPrompt = given.systemPrompt
    if (given.temperature !== undefined) choices.temperature = given.temperature
    if (given.maxTokens !== undefined) choices.maxTokens = given.maxTokens
    if (given.topP !== undefined) choices.topP = given.topP
    if (given.thinking !== undefined) choices.thinking = given.thinking
    if (given.webSearch !== undefined) choices.webSearch = given.webSearch
    await store.saveChoices(tx, conversation, choices)
  })
  return getConversationSettings(deps, actor, id)
}

type Settable = Pick<ModelResolution, 'systemPrompt' | 'parameters' | 'thinking' | 'thinkingLevels' | 'webSearch'>

const nothingKnown: Settable = {
  systemPrompt: null,
  parameters: { temperature: null, maxTokens: null, topP: null, frequencyPenalty: null, presencePenalty: null },
  thinking: null,
  thinkingLevels: [],
  webSearch: null,
}

function settingsOf({ systemPrompt, parameters, thinking, webSearch }: Settable, there: SearchesThere): ConversationSettings['effective'] {
  const { temperature, maxTokens, topP } = parameters
  const search = { value: searchUsed(webSearch?.value ?? null, there), origin: webSearch?.origin ?? ('system' as const) }
  return { systemPrompt, temperature, maxTokens, topP, thinking, webSearch: there.service || there.provider ? search : null }
}
