import type { Actor } from '../../platform/auth/index.ts'
import { openPage } from './open-page.ts'
import type { PagesDeps } from './pages-deps.ts'
import * as roles from './role-store.ts'
import * as store from './store.ts'

export async function deletePage(deps: Pick<PagesDeps, 'db' | 'door'>, actor: Actor, pageId: string) {
  await openPage(deps, actor, 'delete', pageId)
  const holders = await deps.db.transaction().execute(async (tx) => {
    await store.deletePage(tx, pageId)
    return roles.deleteRoles(tx, pageId)
  })
  for (const userId of holders) deps.door.invalidate(userId) // an actor carries its grants
  return { ok: true as const }
}
