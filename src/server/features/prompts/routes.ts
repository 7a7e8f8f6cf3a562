import { prompts as contract } from '../../../contract/prompts.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { createPrompt, deletePrompt, type PromptDeps, restorePrompt, updatePrompt, usePrompt } from './change-prompts.ts'
import { getPrompt, listPrompts } from './read-prompts.ts'

export const promptRoutes = (deps: PromptDeps): Routes<typeof contract> => ({
  list: handle(contract.list, (actor, input) => listPrompts(deps, actor, input)),
  create: handle(contract.create, (actor, input) => createPrompt(deps, actor, input)),
  get: handle(contract.get, (actor, { id }) => getPrompt(deps, actor, id)),
  update: handle(contract.update, (actor, input) => updatePrompt(deps, actor, input)),
  use: handle(contract.use, (actor, input) => usePrompt(deps, actor, input)),
  delete: handle(contract.delete, (actor, { id }) => deletePrompt(deps, actor, id)),
  restore: handle(contract.restore, (actor, { id }) => restorePrompt(deps, actor, id)),
})
