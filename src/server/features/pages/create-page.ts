import type { pages } from '../../../contract/pages.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { newId } from '../../platform/ids.ts'
import { insertBot } from './bot-store.ts'
import type { PagesDeps } from './pages-deps.ts'
import { presentPage } from './present.ts'
import * as store from './store.ts'

/** Errors: `page.slug_taken`, `page.exists`. */
export async function createPage(
  deps: Pick<PagesDeps, 'db'>,
  actor: Actor,
  { workspaceId, slug, displayName }: InputOf<(typeof pages)['create']>,
) {
  check(actor, 'page', 'create', { workspaceId })
  const id = newId()
  const row = await deps.db.transaction().execute(async (tx) => {
    await store.lockSlugs(tx)
    if (await store.isSlugTaken(tx, slug, id)) throw new AppError('page.slug_taken')
    const inserted = await store.insertPage(tx, { id, workspace_id: workspaceId, slug, display_name: displayName })
    if (!inserted) throw new AppError('page.exists')
    await insertBot(tx, inserted)
    return inserted
  })
  return presentPage(row, actor)
}
