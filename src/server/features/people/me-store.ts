import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/index.ts'
import type { ProfileTable, UserAccountTable, UserSettingsTable } from './tables.ts'
import type { RoleName } from './account-store.ts'
import type { Selectable, Updateable } from 'kysely'

export type MeRow = Pick<Selectable<UserAccountTable>, 'id' | 'name' | 'email' | 'status'> &
  Omit<Selectable<ProfileTable>, 'user_id'> &
  Omit<Selectable<UserSettingsTable>, 'user_id'> & {
    has_password: boolean
    role: RoleName
    workspaces: { id: string; name: string; kind: 'personal' | 'team'; role: RoleName }[] | null
  }

export async function getMe(db: Db | Tx, userId: string): Promise<MeRow> {
  const { rows } = await sql<MeRow>`
    select user_account.id, user_account.name, user_account.email, user_account.status,
      profile.first_name, profile.last_name, profile.bio, profile.picture_url, profile.city, profile.region, profile.country, profile.postal_code,
      profile.lat, profile.lng, profile.timezone, user_settings.theme, user_settings.default_model_id, user_settings.web_search,
      user_settings.shares_location,
      exists (select 1 from account where account.user_id = user_account.id and account.password is not null) as has_password,
      (select role.name from role_grant join role on role.id = role_grant.role_id
        where role_grant.principal_id = user_account.id and role_grant.scope = 'system') as role,
      (select json_agg(json_build_object('id', workspace.id, 'name', workspace.name, 'kind', workspace.kind, 'role', role.name) order by workspace.kind, workspace.created_at)
        from role_grant join workspace on workspace.id = role_grant.scope_id join role on role.id = role_grant.role_id
        where role_grant.principal_id = user_account.id and role_grant.scope = 'workspace') as workspaces
    from user_account join profile on profile.user_id = user_account.id join user_settings on user_settings.user_id = user_account.id
    where user_account.id = ${userId}`.execute(db)
  return rows[0]!
}

/** The name as the profile has it now; empty while neither part is given. */
export async function updateProfile(tx: Tx, userId: string, changes: Updateable<ProfileTable>): Promise<string> {
  const row = await tx
    .updateTable('profile')
    .set(changes)
    .where('user_id', '=', userId)
    .returning(['first_name', 'last_name'])
    .executeTakeFirstOrThrow()
  return [row.first_name, row.last_name].filter(Boolean).join(' ')
}

/** The name others see. True if it is a new one. */
export async function updateName(tx: Tx, userId: string, name: string): Promise<boolean> {
  const changed = await tx
    .updateTable('user_account')
    .set({ name, updated_at: new Date() })
    .where('id', '=', userId)
    .where('name', '<>', name)
    .executeTakeFirst()
  return changed.numUpdatedRows > 0n
}

export async function updateSettings(tx: Tx, userId: string, changes: Updateable<UserSettingsTable>): Promise<void> {
  await tx.updateTable('user_settings').set(changes).where('user_id', '=', userId).execute()
}
