import { sql } from 'kysely'
import type { PageRoleName } from '../../../contract/page-choices.ts'
import type { Db, Tx } from '../../platform/db/index.ts'

export interface PageRoleRow {
  user_id: string
  name: string
  email: string
  role: PageRoleName
  created_at: Date
}

/** As the migration made them, in the system workspace. */
const roleIds: Record<PageRoleName, string> = {
  'page admin': '00000000-0000-7000-8000-000000000014',
  'page editor': '00000000-0000-7000-8000-000000000015',
  'page viewer': '00000000-0000-7000-8000-000000000016',
}

export async function listRoles(db: Db | Tx, pageId: string): Promise<PageRoleRow[]> {
  const { rows } = await sql<PageRoleRow>`
    select role_grant.principal_id as user_id, user_account.name, user_account.email, role.name as role, role_grant.created_at
    from role_grant join role on role.id = role_grant.role_id join user_account on user_account.id = role_grant.principal_id
    where role_grant.scope = 'page' and role_grant.scope_id = ${pageId}
    order by user_account.name, user_account.id`.execute(db)
  return rows
}

/** One role a person and page: a second one takes the place of the first. */
export async function setRole(tx: Tx, page: { id: string; workspace_id: string }, userId: string, role: PageRoleName): Promise<void> {
  await tx
    .insertInto('role_grant')
    .values({ workspace_id: page.workspace_id, principal_id: userId, scope: 'page', scope_id: page.id, role_id: roleIds[role] })
    .onConflict((conflict) => conflict.columns(['principal_id', 'scope', 'scope_id']).doUpdateSet({ role_id: roleIds[role] }))
    .execute()
}

export async function deleteRole(db: Db, pageId: string, userId: string): Promise<boolean> {
  const deleted = await db
    .deleteFrom('role_grant')
    .where('scope', '=', 'page')
    .where('scope_id', '=', pageId)
    .where('principal_id', '=', userId)
    .executeTakeFirst()
  return deleted.numDeletedRows > 0n
}

/** Resolves with whose they were. */
export async function deleteRoles(tx: Tx, pageId: string): Promise<string[]> {
  const rows = await tx
    .deleteFrom('role_grant')
    .where('scope', '=', 'page')
    .where('scope_id', '=', pageId)
    .returning('principal_id')
    .execute()
  return rows.map((row) => row.principal_id)
}
