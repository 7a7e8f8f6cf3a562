import { pageLimits } from '../../../contract/page-choices.ts'
import type { pageRoles } from '../../../contract/pages.ts'
import type { Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { openPage } from './open-page.ts'
import type { PagesDeps } from './pages-deps.ts'
import { presentRole } from './present.ts'
import * as roles from './role-store.ts'
import * as store from './store.ts'

type Input<Name extends keyof typeof pageRoles> = InputOf<(typeof pageRoles)[Name]>

export async function listRoles(deps: Pick<PagesDeps, 'db'>, actor: Actor, pageId: string) {
  await openPage(deps, actor, 'share', pageId)
  return (await roles.listRoles(deps.db, pageId)).map(presentRole)
}

/** Errors: `user.not_found` where nobody here has that e-mail, `page.too_many_roles`. */
export async function grantRole(
  deps: Pick<PagesDeps, 'db' | 'door' | 'findUserIdByEmail'>,
  actor: Actor,
  { pageId, email, role }: Input<'grant'>,
) {
  await openPage(deps, actor, 'share', pageId)
  const userId = await deps.findUserIdByEmail(deps.db, email)
  if (userId === undefined) throw new AppError('user.not_found', { detail: 'Nobody here has this e-mail.' })
  const row = await deps.db.transaction().execute(async (tx) => {
    const page = await store.lockPage(tx, pageId)
    if (!page) throw new AppError('page.not_found')
    await roles.setRole(tx, page, userId, role)
    const all = await roles.listRoles(tx, pageId)
    if (all.length > pageLimits.roles) throw new AppError('page.too_many_roles')
    return all.find((one) => one.user_id === userId)!
  })
  deps.door.invalidate(userId) // an actor carries its grants
  return presentRole(row)
}

export async function revokeRole(deps: Pick<PagesDeps, 'db' | 'door'>, actor: Actor, { pageId, userId }: Input<'revoke'>) {
  await openPage(deps, actor, 'share', pageId)
  if (!(await roles.deleteRole(deps.db, pageId, userId))) throw new AppError('user.not_found')
  deps.door.invalidate(userId)
  return { ok: true as const }
}
