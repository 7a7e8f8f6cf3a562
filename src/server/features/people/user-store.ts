import { systemWorkspaceId } from '../../platform/auth/index.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import { roleIds, type RoleName } from './account-store.ts'

export interface UserRow {
  id: string
  name: string
  email: string
  status: 'active' | 'inactive' | 'disabled'
  role: RoleName
  created_at: Date
}

function users(db: Db | Tx) {
  return db
    .selectFrom('user_account')
    .innerJoin('role_grant', (join) => join.onRef('role_grant.principal_id', '=', 'user_account.id').on('role_grant.scope', '=', 'system'))
    .innerJoin('role', 'role.id', 'role_grant.role_id')
    .select(['user_account.id', 'user_account.name', 'user_account.email', 'user_account.status', 'user_account.created_at'])
    .select((eb) => eb.ref('role.name').$castTo<RoleName>().as('role'))
}

export async function listUsers(db: Db): Promise<UserRow[]> {
  return users(db).orderBy('user_account.created_at').orderBy('user_account.id').execute()
}

export async function findUser(db: Db | Tx, id: string): Promise<UserRow | undefined> {
  return users(db).where('user_account.id', '=', id).executeTakeFirst()
}

/** Locks every administrator's grant, so that two of them cannot take the role from each other at once. Returns who is active. */
export async function lockActiveAdmins(tx: Tx): Promise<string[]> {
  const rows = await tx
    .selectFrom('role_grant')
    .innerJoin('user_account', 'user_account.id', 'role_grant.principal_id')
    .select(['user_account.id', 'user_account.status'])
    .where('role_grant.scope', '=', 'system')
    .where('role_grant.role_id', '=', roleIds.Admin)
    .orderBy('user_account.id')
    .forUpdate()
    .execute()
  return rows.filter((row) => row.status === 'active').map((row) => row.id)
}

export async function setRole(tx: Tx, userId: string, role: RoleName): Promise<void> {
  await tx
    .updateTable('role_grant')
    .set({ role_id: roleIds[role] })
    .where('principal_id', '=', userId)
    .where('scope', '=', 'system')
    .where('scope_id', '=', systemWorkspaceId)
    .execute()
}
