import type { mcpServers as contract } from '../../../contract/mcp-servers.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import type { OutputOf } from '../../platform/http/index.ts'
import { requireServer } from './access.ts'
import type { McpDeps } from './mcp-deps.ts'
import { presentEvent, presentServer, presentTool } from './present.ts'
import * as store from './store.ts'

type Deps = Pick<McpDeps, 'db'>

export async function listServers(deps: Deps, actor: Actor, workspaceId: string): Promise<OutputOf<typeof contract.list>> {
  check(actor, 'mcp-server', 'read', { workspaceId })
  return (await store.listServers(deps.db, workspaceId, actor.principalId)).map((row) => presentServer(actor, row))
}

export async function getServer(deps: Deps, actor: Actor, id: string): Promise<OutputOf<typeof contract.get>> {
  return presentServer(actor, await requireServer(deps.db, actor, 'read', id))
}

export async function listTools(deps: Deps, actor: Actor, id: string): Promise<OutputOf<typeof contract.listTools>> {
  const server = await requireServer(deps.db, actor, 'read', id)
  return (await store.listTools(deps.db, server.workspace_id, id)).map(presentTool)
}

export async function listEvents(deps: Deps, actor: Actor, id: string): Promise<OutputOf<typeof contract.listEvents>> {
  const server = await requireServer(deps.db, actor, 'read', id)
  return (await store.listEvents(deps.db, server.workspace_id, id)).map(presentEvent)
}
