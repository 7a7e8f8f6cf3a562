import { pageLimits } from '../../../contract/page-choices.ts'
import type { pageFaq } from '../../../contract/pages.ts'
import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import * as faq from './faq-store.ts'
import { openPage } from './open-page.ts'
import type { PagesDeps } from './pages-deps.ts'
import { presentFaq } from './present.ts'
import * as store from './store.ts'
import { wholeOrder } from './whole-order.ts'

type Input<Name extends keyof typeof pageFaq> = InputOf<(typeof pageFaq)[Name]>

export async function listFaq(deps: Pick<PagesDeps, 'db'>, actor: Actor, pageId: string) {
  await openPage(deps, actor, 'read', pageId)
  return (await faq.listFaq(deps.db, pageId)).map(presentFaq)
}

/** Stands last. Error: `page.too_many_questions`. */
export async function createFaq(deps: Pick<PagesDeps, 'db'>, actor: Actor, { pageId, ...entry }: Input<'create'>) {
  await openPage(deps, actor, 'update', pageId)
  const row = await deps.db.transaction().execute(async (tx) => {
    const page = await store.lockPage(tx, pageId)
    if (!page) throw new AppError('page.not_found')
    if ((await faq.listFaq(tx, pageId)).length >= pageLimits.questions) throw new AppError('page.too_many_questions')
    return faq.insertFaq(tx, {
      id: newId(),
      workspace_id: page.workspace_id,
      page_id: pageId,
      question: entry.question,
      answer: entry.answer,
      category: entry.category ?? null,
      is_active: entry.isActive,
    })
  })
  return presentFaq(row)
}

/** What is not named stays. */
export async function updateFaq(deps: Pick<PagesDeps, 'db'>, actor: Actor, { pageId, faqId, isActive, ...changes }: Input<'update'>) {
  await openPage(deps, actor, 'update', pageId)
  const row = await faq.updateFaq(deps.db, pageId, faqId, { ...changes, is_active: isActive })
  if (!row) throw new AppError('page-faq.not_found')
  return presentFaq(row)
}

export async function deleteFaq(deps: Pick<PagesDeps, 'db'>, actor: Actor, { pageId, faqId }: Input<'delete'>) {
  await openPage(deps, actor, 'update', pageId)
  if (!(await faq.deleteFaq(deps.db, pageId, faqId))) throw new AppError('page-faq.not_found')
  return { ok: true as const }
}

export async function reorderFaq(deps: Pick<PagesDeps, 'db'>, actor: Actor, { pageId, faqIds }: Input<'reorder'>) {
  await openPage(deps, actor, 'update', pageId)
  const rows = await deps.db.transaction().execute(async (tx) => {
    await store.lockPage(tx, pageId)
    const order = wholeOrder(await faq.listFaq(tx, pageId), faqIds)
    if (!order) throw new AppError('page-faq.not_found')
    await faq.orderFaq(tx, pageId, order)
    return faq.listFaq(tx, pageId)
  })
  return rows.map(presentFaq)
}
