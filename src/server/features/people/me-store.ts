import { sql } from 'kysely'
import type { Db } from '../../platform/db/index.ts'
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

export async function getMe(db: Db, userId: string): Promise<MeRow> {
  const { rows } = await sql<MeRow>`
    select user_account.id, user_account.name, user_account.email, user_account.status,
      profile.first_name, profile.last_name, profile.bio, profile.picture_url, profile.city, profile.region, profile.country, profile.postal_code,
      profile.lat, profile.lng, profile.timezone, user_settings.theme, user_settings.default_model_id,
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

export async function updateProfile(db: Db, userId: string, changes: Updateable<ProfileTable>): Promise<void> {
  if (Object.keys(changes).length > 0) await db.updateTable('profile').set(changes).where('user_id', '=', userId).execute()
}

/** The name others see follows the profile once it is given. */
export async function updateName(db: Db, userId: string, name: string): Promise<void> {
  await db.updateTable('user_account').set({ name, updated_at: new Date() }).where('id', '=', userId).execute()
}

export async function updateSettings(db: Db, userId: string, changes: Updateable<UserSettingsTable>): Promise<void> {
  if (Object.keys(changes).length > 0) await db.updateTable('user_settings').set(changes).where('user_id', '=', userId).execute()
}
