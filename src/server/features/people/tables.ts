import type { ColumnType, Generated } from 'kysely'
import type { WebSearch } from '../../../contract/web-search.ts'

/** Set by the database when the row is made. */
type CreatedAt = ColumnType<Date, Date | undefined, never>
type UpdatedAt = ColumnType<Date, Date | undefined, Date>

export interface PrincipalTable {
  id: string
  /** Of a user: the personal workspace. */
  workspace_id: string
  kind: 'user' | 'contact' | 'visitor' | 'agent' | 'system'
  created_at: CreatedAt
}

export interface UserAccountTable {
  id: string
  name: string
  /** Lower case. Ends in `@placeholder.invalid` until whoever came by the one-time link sets one. */
  email: string
  email_verified: Generated<boolean>
  image: string | null
  status: Generated<'active' | 'inactive' | 'disabled'>
  created_at: CreatedAt
  updated_at: UpdatedAt
}

export interface ProfileTable {
  user_id: string
  first_name: Generated<string>
  last_name: Generated<string>
  bio: string | null
  picture_url: string | null
  city: string | null
  region: string | null
  country: string | null
  postal_code: string | null
  lat: number | null
  lng: number | null
  timezone: string | null
}

export interface UserSettingsTable {
  user_id: string
  theme: Generated<'light' | 'dark' | 'system'>
  default_model_id: string | null
  web_search: Generated<WebSearch | null>
  /** A provider's own search may be told where the profile says they are. */
  shares_location: Generated<boolean>
}

export interface AccountTable {
  id: string
  user_id: string
  /** `credential` is e-mail and password. */
  provider_id: string
  account_id: string
  /** A scrypt hash. */
  password: string | null
  access_token: string | null
  refresh_token: string | null
  id_token: string | null
  access_token_expires_at: Date | null
  refresh_token_expires_at: Date | null
  scope: string | null
  created_at: CreatedAt
  updated_at: UpdatedAt
}

export interface SessionTable {
  id: string
  user_id: string
  /** Worth nothing without the server's signature on it. */
  token: string
  expires_at: Date
  ip_address: string | null
  user_agent: string | null
  created_at: CreatedAt
  updated_at: UpdatedAt
}

export interface VerificationTable {
  id: string
  identifier: string
  value: string
  expires_at: Date
  created_at: CreatedAt
  updated_at: UpdatedAt
}

export interface EntryLinkTable {
  token_hash: Buffer
  expires_at: Date
  used_at: Date | null
}

export interface RateLimitTable {
  key_hash: Buffer
  attempts: number
  resets_at: Date
}

export interface ApiKeyTable {
  id: string
  workspace_id: string
  user_id: string
  name: string
  prefix: string
  key_hash: Buffer
  scopes: string[]
  expires_at: Date | null
  last_used_at: Date | null
  created_at: CreatedAt
}

export interface RoleTable {
  id: string
  workspace_id: string
  name: string
  display_order: number
  created_at: CreatedAt
  updated_at: UpdatedAt
}

/** What a role may hold: an action on a resource, `*` for all. */
export interface PolicyTable {
  id: string
  name: string
  resource: string
  action: string
  created_at: CreatedAt
  updated_at: UpdatedAt
}

export interface RolePolicyTable {
  role_id: string
  policy_id: string
  created_at: CreatedAt
}

export interface RoleGrantTable {
  workspace_id: string
  principal_id: string
  scope: 'system' | 'workspace' | 'agent' | 'page'
  scope_id: string
  role_id: string
  created_at: CreatedAt
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    principal: PrincipalTable
    user_account: UserAccountTable
    profile: ProfileTable
    user_settings: UserSettingsTable
    account: AccountTable
    session: SessionTable
    verification: VerificationTable
    entry_link: EntryLinkTable
    rate_limit: RateLimitTable
    api_key: ApiKeyTable
    role: RoleTable
    policy: PolicyTable
    role_policy: RolePolicyTable
    role_grant: RoleGrantTable
  }
}
