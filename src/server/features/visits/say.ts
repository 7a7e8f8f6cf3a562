import type { ConversationId } from '../../../contract/ids.ts'
import { check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { derivedId } from '../../platform/ids.ts'
import { appendMessage } from '../conversations/index.ts'
import { noteUnanswered } from '../pages/index.ts'
import { startTurn } from '../turns/index.ts'
import { agentOf } from './agent.ts'
import { returnAnswer, takeAnswer } from './daily-answers.ts'
import { openVisit } from './open-visit.ts'
import { findVisit, hasSaid } from './store.ts'
import type { VisitDeps, Visitor } from './visit-deps.ts'

/** Why the bot cannot answer anybody: the question is told to the page's owner. */
const cannotAnswer: ReadonlySet<string> = new Set([
  'agent.not_available',
  'budget.exhausted',
  'model.no_key',
  'model.not_found',
  'model.price_unknown',
  'connection.not_found',
])

/**
 * A visitor says something: a turn of the page's bot, or where a person has taken over a message for them. The same key says it once. Answers with the id of the
 * visitor's message. Errors: `visit.limit_reached`, `visit.bot_away`, `request.rate_limited`, `turn.too_many_queued`.
 */
export async function say(deps: VisitDeps, visitor: Visitor, { key, text }: { key: string; text: string }): Promise<{ messageId: string }> {
  const { actor, page } = visitor
  check(actor, 'turn', 'create', 'own')
  await deps.limit('visitor-message', actor.principalId)
  const messageId = derivedId(actor.principalId, key, 'said')
  if (await hasSaid(deps.db, actor.principalId, messageId)) return { messageId }
  const visit = await deps.db.transaction().execute((tx) => openVisit(tx, visitor))
  const conversationId = visit.conversation_id

  const keep = () => appendMessage(deps.db, { id: messageId, conversationId, authorId: actor.principalId, role: 'user', text })
  if (visit.handled_by === 'person') {
    await keep()
    deps.turnDeps.turns.userStreams.announce([actor.principalId])
    return { messageId }
  }

  const turnKey = `visit:${key}`
  await takeAnswer(deps.db, visitor, messageId)
  try {
    await startTurn(
      deps.turnDeps,
      actor,
      { id: conversationId as ConversationId, text, idempotencyKey: turnKey },
      { installationId: null, ...agentOf(page), messageId },
    )
  } catch (error) {
    // It was not asked, so it does not count. A process that dies here counts one too many.
    await returnAnswer(deps.db, visitor, messageId, turnKey)
    if (!(error instanceof AppError)) throw error
    if (error.code === 'idempotency.mismatch') return { messageId }
    if (error.code === 'inbox.taken_over') {
      await keep()
      deps.turnDeps.turns.userStreams.announce([actor.principalId])
      return { messageId }
    }
    if (!cannotAnswer.has(error.code)) throw error
    deps.log.warn({ err: error, pageId: page.id }, "a page's bot cannot answer")
    await noteUnanswered(deps.db, { pageId: page.id, question: text, reason: 'failed', turnId: null })
    throw new AppError('visit.bot_away', { cause: error })
  }
  const now = await findVisit(deps.db, actor.principalId, page.bot.visitMinutes)
  if (now?.conversation_id !== conversationId) await deps.stopConversation(conversationId) // it ended while this was being said
  return { messageId }
}
