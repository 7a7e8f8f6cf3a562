import type { ConversationChoices, ConversationSettings } from '../../../contract/conversation-settings.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { type ModelRequest, type ModelResolution, withChoices } from '../models/index.ts'
import { change, type ConversationDeps } from './change-conversations.ts'
import { requireConversation } from './read-conversations.ts'
import * as store from './settings-store.ts'

export interface SettingsDeps extends ConversationDeps {
  resolveModel(actor: Actor, request: ModelRequest): Promise<ModelResolution>
}

export async function getConversationSettings(deps: SettingsDeps, actor: Actor, id: string): Promise<ConversationSettings> {
  check(actor, 'conversation', 'read', 'own')
  const conversation = await requireConversation(deps.db, actor, id)
  const choices = await store.getChoices(deps.db, id)
  const request = {
    workspaceId: conversation.workspace_id,
    conversation: { modelId: conversation.model_id, connectionId: conversation.connection_id },
  }
  const found = await deps.resolveModel(actor, request).catch((error: unknown) => {
    if (error instanceof AppError && !['internal', 'database.unavailable'].includes(error.code)) return error
    throw error
  })
  const inherited = found instanceof AppError ? nothingKnown : found
  return {
    effective: settingsOf(withChoices(inherited, choices)),
    inherited: settingsOf(inherited),
    model:
      found instanceof AppError
        ? null
        : { id: found.model.id as never, name: found.model.name, provider: found.model.provider, origin: found.modelOrigin },
    key:
      found instanceof AppError
        ? null
        : { connectionId: found.connection.id as never, name: found.connection.name, origin: found.keyOrigin },
    problem: found instanceof AppError ? found.notice() : null,
  }
}

/** What is left out stays as it is. */
export async function updateConversationSettings(
  deps: SettingsDeps,
  actor: Actor,
  { id, ...given }: { id: string } & { [Name in keyof ConversationChoices]?: ConversationChoices[Name] | undefined },
): Promise<ConversationSettings> {
  check(actor, 'conversation', 'update', 'own')
  await change(deps, actor, id, 'kept', async (tx, conversation) => {
    const choices = { ...(await store.getChoices(tx, id)) }
    if (given.systemPrompt !== undefined) choices.systemPrompt = given.systemPrompt
    if (given.temperature !== undefined) choices.temperature = given.temperature
    if (given.maxTokens !== undefined) choices.maxTokens = given.maxTokens
    if (given.topP !== undefined) choices.topP = given.topP
    await store.saveChoices(tx, conversation, choices)
  })
  return getConversationSettings(deps, actor, id)
}

type Settable = Pick<ModelResolution, 'systemPrompt' | 'parameters'>

const nothingKnown: Settable = {
  systemPrompt: null,
  parameters: { temperature: null, maxTokens: null, topP: null, frequencyPenalty: null, presencePenalty: null },
}

function settingsOf({ systemPrompt, parameters: { temperature, maxTokens, topP } }: Settable): ConversationSettings['effective'] {
  return { systemPrompt, temperature, maxTokens, topP }
}
