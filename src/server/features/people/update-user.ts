import type { z } from 'zod'
import type { people, User } from '../../../contract/people.ts'
import { check, type Actor } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import { setStatus } from './account-store.ts'
import type { PeopleDeps } from './people-deps.ts'
import { presentUser } from './present.ts'
import { deleteSessions } from './session-store.ts'
import * as store from './user-store.ts'

type Change = InputOf<(typeof people)['updateUser']>

export async function updateUser(deps: Pick<PeopleDeps, 'db' | 'door'>, actor: Actor, change: Change): Promise<z.input<typeof User>> {
  check(actor, 'user', 'update', 'system')
  return presentUser(await changeUser(deps, change))
}

/**
 * Asks no gate. Who is no longer active loses every session with the same commit; the door forgets them right after it.
 * Errors: `user.not_found`, `user.last_admin`.
 */
export async function changeUser(
  deps: Pick<PeopleDeps, 'db' | 'door'>,
  { id, status, role }: Omit<Change, 'id'> & { id: string },
): Promise<store.UserRow> {
  const changed = await deps.db.transaction().execute(async (tx) => {
    const admins = await store.lockActiveAdmins(tx)
    const before = await store.findUser(tx, id)
    if (!before) throw new AppError('user.not_found')
    const staysAdmin = (role ?? before.role) === 'Admin' && (status ?? before.status) === 'active'
    if (!staysAdmin && admins.length === 1 && admins[0] === id) throw new AppError('user.last_admin')
    if (role !== undefined && role !== before.role) await store.setRole(tx, id, role)
    if (status !== undefined && status !== before.status) {
      await setStatus(tx, id, status)
      if (status !== 'active') await deleteSessions(tx, id, null)
    }
    return (await store.findUser(tx, id))!
  })
  deps.door.invalidate(id)
  return changed
}
