import type { ColumnType, Generated } from 'kysely'
import type { Provider } from '../../../contract/models.ts'

type CreatedAt = ColumnType<Date, Date | undefined, never>
type UpdatedAt = ColumnType<Date, Date | undefined, Date>

export interface ConnectionTable {
  id: string
  /** The system workspace for the house's; the personal one of its owner for an own key, which follows them everywhere. */
  workspace_id: string
  /** Null: a key of the workspace or the house. */
  owner_id: string | null
  provider: Provider
  name: string
  base_url: string | null
  sealed_key: Buffer | null
  key_last4: string | null
  sealed_headers: Buffer | null
  header_names: Generated<string[]>
  /** The environment variable that sets it up, `built-in`, or `ollama-search`. */
  managed_by: string | null
  allows_private_address: Generated<boolean>
  is_default: Generated<boolean>
  status: Generated<'ready' | 'error' | 'untested'>
  status_reason: string | null
  created_at: CreatedAt
  updated_at: UpdatedAt
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    connection: ConnectionTable
  }
}
