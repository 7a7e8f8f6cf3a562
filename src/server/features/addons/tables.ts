import type { ColumnType } from 'kysely'
import type { AddonId } from '../../../contract/addon-choices.ts'

/** A part that somebody has switched, in the workspace of the system. */
export interface AddonSwitchTable {
  id: string
  workspace_id: string
  addon: AddonId
  is_enabled: boolean
  updated_by: string | null
  updated_at: ColumnType<Date, Date | undefined, Date>
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    addon_switch: AddonSwitchTable
  }
}
