import type { Db } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { returnBotAnswer, takeBotAnswer } from '../pages/index.ts'
import * as store from './store.ts'
import type { Visitor } from './visit-deps.ts'

/** Takes an answer of the day, of the visitor's and of all, before a model is asked: however many ask at once, none is over. Error: `visit.limit_reached`. */
export async function takeAnswer(db: Db, { actor, page }: Visitor): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const isLeft =
      (await store.takeVisitorAnswer(tx, actor.principalId, page.bot.visitorDailyLimit)) &&
      (await takeBotAnswer(tx, { pageId: page.id, workspaceId: page.workspaceId, dailyLimit: page.bot.dailyLimit }))
    if (!isLeft) throw new AppError('visit.limit_reached')
  })
}

/** Gives one back that was not used after all. */
export async function returnAnswer(db: Db, { actor, page }: Visitor): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await store.returnVisitorAnswer(tx, actor.principalId)
    await returnBotAnswer(tx, page.id)
  })
}
