import type { CustomTool } from '../../../contract/custom-tools.ts'
import type { z } from 'zod'
import type { Tx } from '../../platform/db/index.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import { presentCustomTool } from './present.ts'
import * as store from './store.ts'

/** Writes, and tells whoever may see it: everybody in the workspace. */
export async function saveTool(
  deps: CustomToolsDeps,
  { id, workspaceId }: { id: string; workspaceId: string },
  write: (tx: Tx) => Promise<void>,
): Promise<z.input<typeof CustomTool>> {
  const { whole, announce } = await deps.db.transaction().execute(async (tx) => {
    await write(tx)
    const found = await store.find(tx, [workspaceId], id)
    return { whole: found!, announce: await tellWorkspace(deps, tx, workspaceId) }
  })
  announce()
  deps.tokens.forget(id)
  deps.onToolsChanged(workspaceId)
  return presentCustomTool(whole)
}

/** As the last statement of a transaction; what it gives back is called after the commit. */
export async function tellWorkspace(deps: CustomToolsDeps, tx: Tx, workspaceId: string): Promise<() => void> {
  return deps.tell(tx, await deps.listMemberIds(tx, workspaceId), { type: 'custom-tools-changed' })
}
