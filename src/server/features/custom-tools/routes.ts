import { customTools as contract } from '../../../contract/custom-tools.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { createCustomTool } from './create-custom-tool.ts'
import type { CustomToolsDeps } from './custom-tools-deps.ts'
import { deleteCustomTool } from './delete-custom-tool.ts'
import { listCustomTools } from './list-custom-tools.ts'
import { describeApi } from './read-api-description.ts'
import { testCustomTool } from './test-custom-tool.ts'
import { updateCustomTool } from './update-custom-tool.ts'

export const customToolRoutes = (deps: CustomToolsDeps): Routes<typeof contract> => ({
  list: handle(contract.list, (actor, { workspaceId }) => listCustomTools(deps, actor, workspaceId)),
  describe: handle(contract.describe, (actor, { workspaceId, source }) => describeApi(deps, actor, workspaceId, source)),
  create: handle(contract.create, (actor, input) => createCustomTool(deps, actor, input)),
  update: handle(contract.update, (actor, input) => updateCustomTool(deps, actor, input)),
  test: handle(contract.test, (actor, input) => testCustomTool(deps, actor, input)),
  delete: handle(contract.delete, (actor, { id }) => deleteCustomTool(deps, actor, id).then(() => ({ ok: true as const }))),
})
