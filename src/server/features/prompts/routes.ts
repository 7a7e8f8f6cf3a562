import { prompts as contract } from '../../../contract/prompts.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { createPrompt, deletePrompt, type PromptDeps, restorePrompt, restoreVersion, updatePrompt, usePrompt } from './change-prompts.ts'
import { getPrompt, listPrompts } from './read-prompts.ts'
import { getVersion, listVersions } from './read-versions.ts'
import { exportPrompts, importPrompts } from './transfer-prompts.ts'
import { readValues } from './read-values.ts'

export const promptRoutes = (deps: PromptDeps): Routes<typeof contract> => ({
  list: handle(contract.list, (actor, input) => listPrompts(deps, actor, input)),
  create: handle(contract.create, (actor, input) => createPrompt(deps, actor, input)),
  get: handle(contract.get, (actor, { id }) => getPrompt(deps, actor, id)),
  update: handle(contract.update, (actor, input) => updatePrompt(deps, actor, input)),
  use: handle(contract.use, (actor, input) => usePrompt(deps, actor, input)),
  delete: handle(contract.delete, (actor, { id }) => deletePrompt(deps, actor, id)),
  listVersions: handle(contract.listVersions, (actor, input) => listVersions(deps, actor, input)),
  getVersion: handle(contract.getVersion, (actor, { versionId }) => getVersion(deps, actor, versionId)),
  restoreVersion: handle(contract.restoreVersion, (actor, { versionId }) => restoreVersion(deps, actor, versionId)),
  export: handle(contract.export, (actor, input) => exportPrompts(deps, actor, input)),
  // Four bytes a character, and more where JSON escapes it.
  import: handle(contract.import, (actor, input) => importPrompts(deps, actor, input), { maxBodyBytes: 24_000_000 }),
  readValues: handle(contract.readValues, (actor, { workspaceId }) => readValues(deps, actor, workspaceId)),
  restore: handle(contract.restore, (actor, { id }) => restorePrompt(deps, actor, id)),
})
