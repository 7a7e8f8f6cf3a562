import type { Part } from '../../../contract/messages.ts'
import type { Turn } from '../../../contract/turns.ts'
import { type Actor, check, may } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { requireConversation, withoutMetadata } from '../conversations/index.ts'
import { requireTurn } from './get-turn.ts'
import { presentTurn } from './present.ts'
import * as store from './store.ts'
import type { TurnDeps } from './turn-deps.ts'

/** What has become of a turn, for whoever may follow it: where it is, and its answer as it stands. */
export async function readAnswer(deps: Pick<TurnDeps, 'db'>, actor: Actor, id: string): Promise<{ turn: Turn; parts: Part[] }> {
  check(actor, 'turn', 'read', 'own')
  const turn = await requireTurn(deps.db, actor, id)
  const parts = turn.answer_message_id ? await store.getParts(deps.db, turn.answer_message_id) : []
  return { turn: presentTurn(turn, await store.listCalls(deps.db, id)), parts: parts.map(withoutMetadata) }
}

/**
 * Whether a program may go on in a conversation of this workspace: one that it may read, or in which nobody but itself has asked anything. A model tells what it has read, so going on is
 * reading. Error: `conversation.not_found`.
 */
export async function assertContinuable(
  deps: Pick<TurnDeps, 'db'>,
  actor: Actor,
  id: string,
  workspaceId: string,
): Promise<{ agentId: string | null }> {
  check(actor, 'turn', 'create', 'own')
  const conversation = await requireConversation(deps.db, actor, id)
  if (conversation.workspace_id !== workspaceId) throw new AppError('conversation.not_found')
  if (!may(actor, 'message', 'read', 'own') && !(await store.isAskedOnlyBy(deps.db, id, actor.apiKeyId)))
    throw new AppError('conversation.not_found')
  return { agentId: conversation.agent_id }
}
