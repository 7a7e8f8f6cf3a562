import type { Conversation } from '../../../contract/conversations.ts'
import { type Actor, check, systemPrincipalId } from '../../platform/auth/index.ts'
import { newId } from '../../platform/ids.ts'
import { announced, type ConversationDeps } from './change-conversations.ts'
import * as store from './store.ts'

const previewLength = 200

export interface SaidElsewhere {
  role: 'user' | 'assistant'
  text: string
  /** What models read in place of it. */
  readAs?: string | undefined
}

/** A conversation of the actor's own with words that were said elsewhere. */
export async function copyHistory(
  deps: Pick<ConversationDeps, 'db' | 'userStreams'>,
  actor: Actor,
  input: { workspaceId: string; title: string; history: readonly SaidElsewhere[] },
): Promise<Conversation> {
  const { workspaceId, title, history } = input
  check(actor, 'conversation', 'create', { workspaceId })
  const id = newId()
  const messages = history.map(({ role, text, readAs }) => ({
    id: newId(),
    authorId: role === 'assistant' ? systemPrincipalId : actor.principalId,
    role,
    parts: [{ type: 'text' as const, step: role === 'assistant' ? 1 : 0, text }],
    readAs,
  }))
  const preview = history.at(-1)?.text.slice(0, previewLength).replaceAll(/\s+/g, ' ')
  const conversation = await deps.db.transaction().execute(async (tx) => {
    await store.insert(tx, { id, workspaceId, ownerId: actor.principalId, source: 'web', title, modelId: null })
    await store.insertFirstPath(tx, { id, workspaceId, branchId: newId() }, messages)
    if (preview !== undefined) await store.update(tx, id, { last_message_preview: preview })
    return announced(tx, actor, id)
  })
  deps.userStreams.announce([actor.principalId])
  return conversation
}
