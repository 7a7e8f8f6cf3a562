import type { Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import * as store from './store.ts'
import type { Visitor } from './visit-deps.ts'

/** The visit that is going on, or a new one. Whoever speaks at the same time waits. */
export async function openVisit(tx: Tx, { actor, page, source }: Visitor): Promise<store.VisitRow> {
  if (!(await store.lockVisitor(tx, { visitorId: actor.principalId, pageId: page.id }))) throw new AppError('visit.bot_away')
  const known = await store.findVisit(tx, actor.principalId, page.bot.visitMinutes)
  if (known) {
    await store.touchVisit(tx, known.conversation_id)
    return known
  }
  await store.endVisits(tx, actor.principalId)
  const conversationId = newId()
  await store.insertVisit(tx, { conversationId, workspaceId: page.workspaceId, pageId: page.id, visitorId: actor.principalId, source })
  return { conversation_id: conversationId, handled_by: 'bot' }
}
