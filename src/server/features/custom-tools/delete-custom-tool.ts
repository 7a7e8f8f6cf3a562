import type { Actor } from '../../platform/auth/index.ts'
import { requireTool } from './access.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import { tellWorkspace } from './save-tool.ts'
import * as store from './store.ts'

export async function deleteCustomTool(deps: CustomToolsDeps, actor: Actor, id: string): Promise<void> {
  const { tool } = await requireTool(deps, actor, 'delete', id)
  const announce = await deps.db.transaction().execute(async (tx) => {
    await store.remove(tx, tool)
    return tellWorkspace(deps, tx, tool.workspace_id)
  })
  announce()
  deps.tokens.forget(id)
  deps.onToolsChanged(tool.workspace_id)
}
