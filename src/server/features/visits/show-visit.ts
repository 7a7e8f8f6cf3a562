import { check } from '../../platform/auth/index.ts'
import type { VisitMessage } from '../../../contract/visits.ts'
import { listMessages } from '../conversations/index.ts'
import { presentVisitMessage } from './present.ts'
import * as store from './store.ts'
import type { VisitDeps, Visitor } from './visit-deps.ts'

/** More than anybody scrolls back on a page. */
const maxMessages = 100

export interface ShownVisit {
  conversationId: string
  handledBy: 'bot' | 'person'
  messages: ShownMessage[]
}

export interface ShownMessage extends VisitMessage {
  /** Of an answer that is being written. */
  turnId: string | null
}

/** The visit that is going on, oldest message first; undefined where there is none. */
export async function showVisit(deps: Pick<VisitDeps, 'db'>, { actor, page }: Visitor): Promise<ShownVisit | undefined> {
  check(actor, 'message', 'read', 'own')
  const visit = await store.findVisit(deps.db, actor.principalId, page.bot.visitMinutes)
  if (!visit) return undefined
  const { messages } = await listMessages(deps, actor, { id: visit.conversation_id, limit: maxMessages })
  return { conversationId: visit.conversation_id, handledBy: visit.handled_by, messages: messages.map(presentVisitMessage) }
}
