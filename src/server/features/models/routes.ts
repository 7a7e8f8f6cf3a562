import { models } from '../../../contract/models.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { listModels } from './list-models.ts'
import type { ModelsDeps } from './models-deps.ts'
import { overrideModel } from './override-model.ts'

export const modelRoutes = (deps: ModelsDeps): Routes<typeof models> => ({
  list: handle(models.list, (actor, { workspaceId }) => listModels(deps, actor, workspaceId)),
  override: handle(models.override, (actor, input) => overrideModel(deps, actor, input)),
})
