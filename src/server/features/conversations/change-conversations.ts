import type { Conversation } from '../../../contract/conversations.ts'
import type { UserEvent } from '../../../contract/events.ts'
import type { WebSearch } from '../../../contract/web-search.ts'
import type { Deps } from '../../deps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { CounterStreams } from '../../platform/events/index.ts'
import { newId } from '../../platform/ids.ts'
import { recallConversations } from '../search/index.ts'
import { keepChildren, lockConversationOf } from './child-store.ts'
import { tellChanged, unmarkDeleted } from './organise-store.ts'
import { presentConversation } from './present.ts'
import { requireConversation, viewerOf } from './read-conversations.ts'
import * as messageStore from './message-store.ts'
import { noChoices, saveChoices } from './settings-store.ts'
import * as store from './store.ts'
import { setUsageAlert } from './usage-alerts.ts'
import { trashConversations } from './trash-conversations.ts'

/** Throws `model.not_found`, `connection.not_found` or `agent.not_found` where the actor may not use it in that workspace. */
export type RequireUsable = (
  actor: Actor,
  workspaceId: string,
  choice: { modelId?: string | null | undefined; connectionId?: string | null | undefined; agentId?: string | null | undefined },
) => Promise<void>

export interface ConversationDeps extends Pick<Deps, 'db'> {
  userStreams: CounterStreams<UserEvent>
  requireUsable: RequireUsable
  stopConversation(conversationId: string): Promise<void>
  stopTurns(ids: readonly string[]): Promise<void>
}

/** So long a temporary conversation is there. */
const temporaryMs = 24 * 60 * 60_000

export async function createConversation(
  deps: Pick<ConversationDeps, 'db' | 'userStreams' | 'requireUsable'>,
  actor: Actor,
  input: {
    workspaceId: string
    title?: string | undefined
    modelId?: string | undefined
    agentId?: string | undefined
    /** Of who must find it again after an interruption; left out: a new one. */
    id?: string | undefined
    webSearch?: WebSearch | undefined
    source?: 'web' | 'api'
    spawnedByMessageId?: string | undefined
    isTemporary?: boolean
  },
): Promise<Conversation> {
  check(actor, 'conversation', 'create', { workspaceId: input.workspaceId })
  if (input.modelId || input.agentId) await deps.requireUsable(actor, input.workspaceId, { modelId: input.modelId, agentId: input.agentId })
  const id = input.id ?? newId()
  const conversation = await deps.db.transaction().execute(async (tx) => {
    const parent =
      input.spawnedByMessageId === undefined ? undefined : await lockParent(tx, actor, input.workspaceId, input.spawnedByMessageId)
    await store.insert(tx, {
      id,
      workspaceId: input.workspaceId,
      ownerId: actor.principalId,
      source: input.source ?? (actor.apiKeyId === null ? 'web' : 'api'),
      title: input.title ?? '',
      modelId: input.modelId ?? null,
      agentId: input.agentId ?? null,
      // A child is gone with its parent.
      expiresAt: parent ? parent.expiresAt : input.isTemporary ? new Date(Date.now() + temporaryMs) : null,
      spawnedBy: parent,
    })
    if (input.webSearch) await saveChoices(tx, { id, workspace_id: input.workspaceId }, { ...noChoices, webSearch: input.webSearch })
    return announced(tx, actor, id)
  })
  deps.userStreams.announce([actor.principalId])
  return conversation
}

async function lockParent(tx: Tx, actor: Actor, workspaceId: string, messageId: string) {
  const parent = await lockConversationOf(tx, { ownerId: actor.principalId, workspaceId }, messageId)
  if (!parent) throw new AppError('message.not_found')
  return { ...parent, messageId }
}

export async function updateConversation(
  deps: ConversationDeps,
  actor: Actor,
  input: {
    id: string
    title?: string | undefined
    modelId?: string | null | undefined
    connectionId?: string | null | undefined
    agentId?: string | null | undefined
    isPinned?: boolean | undefined
    isArchived?: boolean | undefined
    tags?: string[] | undefined
    isTemporary?: false | undefined
    showsUsage?: boolean | undefined
    usageAlertNanoUsd?: string | null | undefined
  },
): Promise<Conversation> {
  check(actor, 'conversation', 'update', 'own')
  if (input.modelId || input.connectionId || input.agentId) {
    const { workspace_id: workspaceId } = await requireConversation(deps.db, actor, input.id)
    await deps.requireUsable(actor, workspaceId, input)
  }
  return change(deps, actor, input.id, 'kept', async (tx, conversation) => {
    await store.update(tx, input.id, {
      ...(input.title !== undefined && { title: input.title, title_state: 'own' }),
      ...(input.modelId !== undefined && { model_id: input.modelId }),
      ...(input.connectionId !== undefined && { connection_id: input.connectionId }),
      ...(input.agentId !== undefined && { agent_id: input.agentId }),
      ...(input.isPinned !== undefined && { pinned_at: input.isPinned ? new Date() : null }),
      ...(input.isArchived !== undefined && { archived_at: input.isArchived ? new Date() : null }),
      ...(input.tags !== undefined && { tags: tidy(input.tags) }),
      ...(input.isTemporary === false && { expires_at: null }),
      ...(input.showsUsage !== undefined && { shows_usage: input.showsUsage }),
    })
    if (input.usageAlertNanoUsd !== undefined) await setUsageAlert(tx, conversation, input.usageAlertNanoUsd)
    // What was in no search until now.
    if (input.isTemporary === false) await recallConversations(tx, [input.id, ...(await keepChildren(tx, input.id))])
  })
}

/** Soft: `restore` brings it back. What runs in it is stopped. */
export async function deleteConversation(deps: ConversationDeps, actor: Actor, id: string): Promise<{ ok: true }> {
  check(actor, 'conversation', 'delete', 'own')
  const deletedIds = await deps.db.transaction().execute(async (tx) => {
    if (!(await store.lockOwned(tx, viewerOf(actor), id, 'kept'))) throw new AppError('conversation.not_found')
    return trashConversations(tx, [id])
  })
  deps.userStreams.announce([actor.principalId])
  for (const deletedId of deletedIds) await deps.stopConversation(deletedId)
  return { ok: true }
}

export async function restoreConversation(deps: ConversationDeps, actor: Actor, id: string): Promise<Conversation> {
  check(actor, 'conversation', 'delete', 'own')
  return change(deps, actor, id, 'deleted', async (tx) => {
    const ids = await unmarkDeleted(tx, id)
    await recallConversations(tx, ids)
    await tellChanged(
      tx,
      actor.principalId,
      ids.filter((childId) => childId !== id),
    )
  })
}

/** Shows the newest path through a message. */
export async function switchBranch(deps: ConversationDeps, actor: Actor, input: { id: string; messageId: string }): Promise<Conversation> {
  check(actor, 'conversation', 'update', 'own')
  return change(deps, actor, input.id, 'kept', async (tx) => {
    if (!(await messageStore.findMessage(tx, input.id, input.messageId))) throw new AppError('message.not_found')
    await store.update(tx, input.id, { head_id: await messageStore.newestLeafThrough(tx, input.id, input.messageId) })
  })
}

/** Once each, by name. */
const tidy = (tags: readonly string[]): string[] => [...new Set(tags)].sort((a, b) => a.localeCompare(b))

/** Changes an owned conversation and tells its owner's devices. */
export async function change(
  deps: ConversationDeps,
  actor: Actor,
  id: string,
  deletion: 'kept' | 'deleted',
  work: (tx: Tx, conversation: store.ConversationRow) => Promise<void>,
): Promise<Conversation> {
  const conversation = await deps.db.transaction().execute(async (tx) => {
    const owned = await store.lockOwned(tx, viewerOf(actor), id, deletion)
    if (!owned) throw new AppError('conversation.not_found')
    await work(tx, owned)
    return announced(tx, actor, id)
  })
  deps.userStreams.announce([actor.principalId])
  return conversation
}

/** What the owner's devices are told, last in the transaction. */
export async function announced(tx: Tx, actor: Actor, id: string): Promise<Conversation> {
  const conversation = presentConversation(await requireConversation(tx, actor, id))
  await store.appendEvent(tx, actor.principalId, { type: 'conversation-changed', conversation })
  return conversation
}
