import type { ColumnType, Generated } from 'kysely'
import type { McpCredentials, McpSampling, McpStatus, McpTransport, ToolPermission } from '../../../contract/mcp-servers.ts'

type CreatedAt = ColumnType<Date, Date | undefined, never>
type UpdatedAt = ColumnType<Date, Date | undefined, Date>
/** Written as JSON text. */
type Json<T> = ColumnType<T, string, string>

/** A server of tools, of a workspace. */
export interface McpServerTable {
  id: string
  workspace_id: string
  name: string
  /** Begins its tools' names; never changes. */
  slug: string
  transport: McpTransport
  url: string | null
  command: string | null
  args: Generated<string[]>
  sealed_env: Buffer | null
  env_names: Generated<string[]>
  sealed_headers: Buffer | null
  header_names: Generated<string[]>
  credentials: Generated<McpCredentials>
  /** Whether what it says of its tools is believed. */
  trusts_hints: Generated<boolean>
  is_enabled: Generated<boolean>
  status: Generated<McpStatus>
  status_reason: string | null
  status_at: Date | null
  server_name: string | null
  server_version: string | null
  protocol: string | null
  has_resources: Generated<boolean>
  has_prompts: Generated<boolean>
  /** Whether it may ask the turn's model. */
  sampling: Generated<McpSampling>
  tools_listed_at: Date | null
  sealed_client: Buffer | null
  check_at: Date | null
  /** In a row. */
  check_failures: Generated<number>
  /** The agent that alone is offered its tools; with it the version of a package whose program it is, and what consent was given to. */
  agent_id: string | null
  package_version_id: string | null
  offers: ColumnType<Record<string, ToolPermission> | null, string | null | undefined, string | null>
  created_by: string | null
  created_at: CreatedAt
  updated_at: UpdatedAt
}

export interface ToolHints {
  isReadOnly: boolean
  isIdempotent: boolean
  isDestructive: boolean
}

export interface McpToolTable {
  id: string
  workspace_id: string
  server_id: string
  name: string
  /** As models call it: the same for as long as the tool is known. */
  call_name: string
  title: string | null
  description: string
  input_schema: Json<Record<string, unknown>>
  hints: Json<ToolHints>
  /** Of everything that a model is told of it. */
  hash: string
  permission: Generated<ToolPermission>
  /** It was allowed, is another one now, and asks again. */
  is_changed: Generated<boolean>
  is_listed: Generated<boolean>
  created_at: CreatedAt
  updated_at: UpdatedAt
}

export interface McpServerEventTable {
  id: string
  workspace_id: string
  server_id: string
  status: McpStatus
  reason: string | null
  created_at: CreatedAt
}

/** A person's own credentials for a server. */
export interface McpCredentialTable {
  id: string
  workspace_id: string
  server_id: string
  user_id: string
  kind: 'header' | 'oauth'
  sealed: Buffer
  expires_at: Date | null
  /** A process asks for a new token; the others wait for it. */
  renewing_until: Generated<Date | null>
  /** Why it does not work any more. */
  failure: string | null
  created_at: CreatedAt
  updated_at: UpdatedAt
}

/** A person is on their way to the authorisation server and back. */
export interface McpAuthorizationTable {
  id: string
  workspace_id: string
  server_id: string
  user_id: string
  state_hash: Buffer
  session_id: string
  sealed: Buffer
  expires_at: Date
  created_at: CreatedAt
}

declare module '../../platform/db/index.ts' {
  interface Tables {
    mcp_server: McpServerTable
    mcp_tool: McpToolTable
    mcp_server_event: McpServerEventTable
    mcp_credential: McpCredentialTable
    mcp_authorization: McpAuthorizationTable
  }
}
