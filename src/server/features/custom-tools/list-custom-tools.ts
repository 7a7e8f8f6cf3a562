import { type Actor, check } from '../../platform/auth/index.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import { presentCustomTool } from './present.ts'
import * as store from './store.ts'

export async function listCustomTools(deps: Pick<CustomToolsDeps, 'db'>, actor: Actor, workspaceId: string) {
  check(actor, 'custom-tool', 'read', { workspaceId })
  return (await store.list(deps.db, workspaceId)).map(presentCustomTool)
}
