import type { Db } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { returnBotAnswer, takeBotAnswer } from '../pages/index.ts'
import * as store from './store.ts'
import type { Visitor } from './visit-deps.ts'

/**
 * Takes an answer of the day for a message, of the visitor's and of all, before a model is asked: however many ask at once none is over, and a message that is sent
 * again takes no second one. Errors: `visit.limit_reached`, `visit.bot_away`.
 */
export async function takeAnswer(db: Db, { actor, page }: Visitor, messageId: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (!(await store.lockVisitor(tx, { visitorId: actor.principalId, pageId: page.id }))) throw new AppError('visit.bot_away')
    const taken = await store.takeVisitorAnswer(tx, {
      visitorId: actor.principalId,
      workspaceId: page.workspaceId,
      messageId,
      limit: page.bot.visitorDailyLimit,
    })
    if (taken === 'known') return
    const isLeft =
      taken === 'new' && (await takeBotAnswer(tx, { pageId: page.id, workspaceId: page.workspaceId, dailyLimit: page.bot.dailyLimit }))
    if (!isLeft) throw new AppError('visit.limit_reached')
  })
}

/** Gives one back that was not used after all: no turn began with this idempotency key. */
export async function returnAnswer(db: Db, { actor, page }: Visitor, messageId: string, turnKey: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    if (await store.returnVisitorAnswer(tx, actor.principalId, messageId, turnKey)) await returnBotAnswer(tx, page.id)
  })
}
