import type { JSONSchema7 } from '@ai-sdk/provider'
import type { ColumnType, Generated } from 'kysely'
import type { CustomToolConfiguration, ToolPermission } from '../../../contract/custom-tools.ts'
import type { OperationBinding } from '../../platform/openapi/index.ts'

export interface CustomToolTable {
  id: string
  workspace_id: string
  kind: CustomToolConfiguration['kind']
  name: string
  /** The beginning of its tools' names, which conversations hold: it never changes. */
  slug: string
  description: Generated<string>
  configuration: ColumnType<CustomToolConfiguration, string, string>
  sealed_credentials: Buffer | null
  is_enabled: Generated<boolean>
  created_at: ColumnType<Date, never, never>
  updated_at: ColumnType<Date, never, Date>
}

export interface CustomToolOperationTable {
  id: string
  workspace_id: string
  custom_tool_id: string
  name: string
  description: string
  permission: ToolPermission
  is_repeatable: boolean
  input_schema: ColumnType<JSONSchema7, string, string>
  /** How a call is made of the arguments; of an HTTP API only. */
  binding: ColumnType<OperationBinding | null, string | null, string | null>
  position: number
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    custom_tool: CustomToolTable
    custom_tool_operation: CustomToolOperationTable
  }
}
