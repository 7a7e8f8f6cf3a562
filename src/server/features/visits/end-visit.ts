import { check } from '../../platform/auth/index.ts'
import type { Db } from '../../platform/db/index.ts'
import * as store from './store.ts'
import type { VisitDeps, Visitor } from './visit-deps.ts'

/** Stops the answer that is being written to the visitor. */
export async function stopAnswer(deps: VisitDeps, { actor, page }: Visitor): Promise<void> {
  check(actor, 'turn', 'stop', 'own')
  const visit = await store.findVisit(deps.db, actor.principalId, page.bot.visitMinutes)
  if (visit) await deps.stopConversation(visit.conversation_id)
}

/** Ends the visit; its conversation stays with the page's owner. */
export async function endVisit(deps: VisitDeps, visitor: Visitor): Promise<void> {
  check(visitor.actor, 'turn', 'stop', 'own')
  // In this order: a turn that begins in between finds its visit ended, and stops by itself.
  const conversationId = await store.endVisits(deps.db, visitor.actor.principalId)
  if (conversationId) await deps.stopConversation(conversationId)
}

const batch = 500

/** Ends what has been silent for too long, and forgets what no longer counts. */
export async function tidyVisits(db: Db, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await store.endSilent(db, batch)) === batch);
  while (!signal.aborted && (await store.forgetAnswers(db, batch)) === batch);
}
