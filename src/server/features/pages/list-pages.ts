import { type Actor, check, may, workspaceIdsOf } from '../../platform/auth/index.ts'
import type { PagesDeps } from './pages-deps.ts'
import { presentPage } from './present.ts'
import * as store from './store.ts'

export async function listPages(deps: Pick<PagesDeps, 'db'>, actor: Actor) {
  check(actor, 'page', 'read', 'own')
  const workspaceIds = workspaceIdsOf(actor).filter((workspaceId) => may(actor, 'page', 'read', { workspaceId }))
  const pageIds = actor.grants.filter((grant) => grant.scope === 'page').map((grant) => grant.scopeId)
  return (await store.listPages(deps.db, workspaceIds, pageIds)).map((row) => presentPage(row, actor))
}
