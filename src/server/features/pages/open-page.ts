import type { Action } from '../../../contract/endpoint.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { PagesDeps } from './pages-deps.ts'
import * as store from './store.ts'

/**
 * The gate for one page: rights come from its workspace or from a role on the page itself. What can be refused without looking at the page is
 * refused before, so that a page of strangers and none at all are answered alike. Error: `page.not_found`.
 */
export async function openPage(deps: Pick<PagesDeps, 'db'>, actor: Actor, action: Action, pageId: string): Promise<store.PageRow> {
  check(actor, 'page', action, 'own')
  const row = await store.findPage(deps.db, pageId)
  if (!row) throw new AppError('page.not_found')
  check(actor, 'page', action, { workspaceId: row.workspace_id, pageId })
  return row
}
