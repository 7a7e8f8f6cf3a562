import type { Tx } from '../../platform/db/index.ts'
import type { McpDeps } from './mcp-deps.ts'

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
