import type { Actor } from '../../platform/auth/index.ts'
import type { Tx } from '../../platform/db/index.ts'
import type { McpDeps } from './mcp-deps.ts'
import type { ServerRow } from './store.ts'

/** Inside the transaction, as its last statement: everybody in the workspace hears of it. The result is called after the commit. */
export async function announceChange(
  deps: Pick<McpDeps, 'tell' | 'listMemberIds' | 'catalogue'>,
  tx: Tx,
  workspaceId: string,
): Promise<() => void> {
  const announce = await deps.tell(tx, await deps.listMemberIds(tx, workspaceId), { type: 'mcp-servers-changed' })
  return () => {
    announce()
    deps.catalogue.changed(workspaceId)
  }
}

/** On every device of this person, and to calls of theirs that wait for it. */
export async function announceCredential(
  deps: Pick<McpDeps, 'db' | 'tell' | 'connected'>,
  { principalId }: Pick<Actor, 'principalId'>,
  server: Pick<ServerRow, 'id' | 'workspace_id'>,
  isConnected = true,
): Promise<void> {
  const announce = await deps.db
    .transaction()
    .execute(async (tx) => [
      isConnected ? await deps.connected(tx, principalId, server.workspace_id, server.id) : () => {},
      await deps.tell(tx, [principalId], { type: 'mcp-servers-changed' }),
    ])
  for (const one of announce) one()
}
