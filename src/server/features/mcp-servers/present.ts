import type { z } from 'zod'
import type { McpServer, McpServerEvent, McpTool } from '../../../contract/mcp-servers.ts'
import { type Actor, may } from '../../platform/auth/index.ts'
import type { ShownServer, ToolRow } from './store.ts'
import type { McpServerEventTable } from './tables.ts'
import type { Selectable } from 'kysely'

export function presentServer(actor: Actor, row: ShownServer): z.input<typeof McpServer> {
  const isRunBy = may(actor, 'mcp-server', 'update', { workspaceId: row.workspace_id })
  return {
    id: row.id,
    workspaceId: row.workspace_id,
    name: row.name,
    slug: row.slug,
    transport: row.transport,
    url: isRunBy ? row.url : null,
    command: isRunBy ? row.command : null,
    args: isRunBy ? row.args : [],
    envNames: row.env_names,
    headerNames: row.header_names,
    credentials: row.credentials,
    myCredential:
      row.credentials === 'shared' ? null : !row.has_credential ? 'missing' : row.credential_failure === null ? 'ready' : 'failed',
    trustsHints: row.trusts_hints,
    sampling: row.sampling,
    isEnabled: row.is_enabled,
    agentId: row.agent_id,
    status: row.status,
    statusReason: row.status_reason,
    statusAt: row.status_at?.toISOString() ?? null,
    serverName: row.server_name,
    serverVersion: row.server_version,
    protocol: row.protocol,
    toolCount: row.tool_count,
    changedToolCount: row.changed_tool_count,
    toolsListedAt: row.tools_listed_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
  }
}

export function presentTool(row: ToolRow): z.input<typeof McpTool> {
  return {
    id: row.id,
    callName: row.call_name,
    name: row.name,
    title: row.title,
    description: row.description,
    inputSchema: row.input_schema as z.input<typeof McpTool>['inputSchema'],
    hints: row.hints,
    permission: row.permission,
    hash: row.hash,
    isChanged: row.is_changed,
  }
}

export function presentEvent(row: Selectable<McpServerEventTable>): z.input<typeof McpServerEvent> {
  return { status: row.status, reason: row.reason, at: row.created_at.toISOString() }
}
