import type { Actor } from '../../platform/auth/index.ts'
import { openPage } from './open-page.ts'
import type { PagesDeps } from './pages-deps.ts'
import { presentPage } from './present.ts'

export async function getPage(deps: Pick<PagesDeps, 'db'>, actor: Actor, pageId: string) {
  return presentPage(await openPage(deps, actor, 'read', pageId), actor)
}
