import type { Actor } from '../../platform/auth/index.ts'
import { requireTool } from './access.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import { tellWorkspace } from './save-tool.ts'
import { callNameOf } from './tool-source.ts'
import * as store from './store.ts'

export async function deleteCustomTool(deps: CustomToolsDeps, actor: Actor, id: string): Promise<void> {
  const { tool, operations } = await requireTool(deps, actor, 'delete', id)
  const announce = await deps.db.transaction().execute(async (tx) => {
    await store.remove(tx, tool)
    // Another tool may be given its name.
    await deps.forgetAllowed(
      tx,
      tool.workspace_id,
      operations.map((operation) => callNameOf(tool, operation)),
    )
    return tellWorkspace(deps, tx, tool.workspace_id)
  })
  announce()
  deps.tokens.forget(id)
  deps.onToolsChanged(tool.workspace_id)
}
