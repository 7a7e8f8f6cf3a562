import type { Deps } from '../../deps.ts'
import { type Actor, check, systemPrincipalId } from '../../platform/auth/index.ts'
import { newId } from '../../platform/ids.ts'
import * as store from './store.ts'
import type { StoredPart } from './stored-part.ts'

export interface HistoryMessage {
  role: 'user' | 'assistant' | 'system'
  parts: StoredPart[]
}

/**
 * A new conversation with messages that were exchanged elsewhere, as one path. Nobody is told of it yet: that comes with its first turn. Without one,
 * `drop` leaves nothing of it.
 */
export async function keepHistory(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: { workspaceId: string; modelId: string; history: readonly HistoryMessage[] },
): Promise<{ conversationId: string; drop(): Promise<void> }> {
  const { workspaceId, modelId, history } = input
  check(actor, 'conversation', 'create', { workspaceId })
  const conversationId = newId()
  await deps.db.transaction().execute(async (tx) => {
    await store.insert(tx, { id: conversationId, workspaceId, ownerId: actor.principalId, source: 'api', title: '', modelId })
    const messages = history.map(({ role, parts }) => ({
      id: newId(),
      authorId: role === 'assistant' ? systemPrincipalId : actor.principalId,
      role,
      parts,
    }))
    await store.insertFirstPath(tx, { id: conversationId, workspaceId, branchId: newId() }, messages)
  })
  return { conversationId, drop: () => store.remove(deps.db, conversationId) }
}
