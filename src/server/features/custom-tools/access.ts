import type { Action } from '../../../contract/endpoint.ts'
import { type Actor, check, workspaceIdsOf } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import * as store from './store.ts'

/** A tool of a workspace of theirs, where their role allows this. */
export async function requireTool(deps: Pick<CustomToolsDeps, 'db'>, actor: Actor, action: Action, id: string): Promise<store.WholeTool> {
  const found = await store.find(deps.db, workspaceIdsOf(actor), id)
  if (!found) throw new AppError('custom-tool.not_found')
  check(actor, 'custom-tool', action, { workspaceId: found.tool.workspace_id })
  return found
}
