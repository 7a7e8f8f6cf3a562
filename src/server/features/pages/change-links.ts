import { pageLimits } from '../../../contract/page-choices.ts'
import type { pageLinks } from '../../../contract/pages.ts'
import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import * as links from './link-store.ts'
import { openPage } from './open-page.ts'
import type { PagesDeps } from './pages-deps.ts'
import { presentLink } from './present.ts'
import * as store from './store.ts'
import { wholeOrder } from './whole-order.ts'

type Input<Name extends keyof typeof pageLinks> = InputOf<(typeof pageLinks)[Name]>

export async function listLinks(deps: Pick<PagesDeps, 'db'>, actor: Actor, pageId: string) {
  await openPage(deps, actor, 'read', pageId)
  return (await links.listLinks(deps.db, pageId)).map(presentLink)
}

/** Stands last. Error: `page.too_many_links`. */
export async function createLink(deps: Pick<PagesDeps, 'db'>, actor: Actor, { pageId, ...link }: Input<'create'>) {
  await openPage(deps, actor, 'update', pageId)
  const row = await deps.db.transaction().execute(async (tx) => {
    const page = await store.lockPage(tx, pageId)
    if (!page) throw new AppError('page.not_found')
    if ((await links.listLinks(tx, pageId)).length >= pageLimits.links) throw new AppError('page.too_many_links')
    return links.insertLink(tx, {
      id: newId(),
      workspace_id: page.workspace_id,
      page_id: pageId,
      title: link.title,
      url: link.url,
      icon: link.icon ?? null,
      description: link.description ?? null,
      is_active: link.isActive,
    })
  })
  return presentLink(row)
}

/** What is not named stays. */
export async function updateLink(deps: Pick<PagesDeps, 'db'>, actor: Actor, { pageId, linkId, isActive, ...changes }: Input<'update'>) {
  await openPage(deps, actor, 'update', pageId)
  const row = await links.updateLink(deps.db, pageId, linkId, { ...changes, is_active: isActive })
  if (!row) throw new AppError('page-link.not_found')
  return presentLink(row)
}

export async function deleteLink(deps: Pick<PagesDeps, 'db'>, actor: Actor, { pageId, linkId }: Input<'delete'>) {
  await openPage(deps, actor, 'update', pageId)
  if (!(await links.deleteLink(deps.db, pageId, linkId))) throw new AppError('page-link.not_found')
  return { ok: true as const }
}

export async function reorderLinks(deps: Pick<PagesDeps, 'db'>, actor: Actor, { pageId, linkIds }: Input<'reorder'>) {
  await openPage(deps, actor, 'update', pageId)
  const rows = await deps.db.transaction().execute(async (tx) => {
    await store.lockPage(tx, pageId)
    const order = wholeOrder(await links.listLinks(tx, pageId), linkIds)
    if (!order) throw new AppError('page-link.not_found')
    await links.orderLinks(tx, pageId, order)
    return links.listLinks(tx, pageId)
  })
  return rows.map(presentLink)
}
