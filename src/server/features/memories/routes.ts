import { memories as contract } from '../../../contract/memories.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { clearMemories, createMemory, deleteMemory, type MemoryDeps, switchMemory, updateMemory } from './change-memories.ts'
import { listMemories } from './read-memories.ts'

export const memoryRoutes = (deps: MemoryDeps): Routes<typeof contract> => ({
  list: handle(contract.list, (actor, { workspaceId }) => listMemories(deps, actor, workspaceId)),
  create: handle(contract.create, (actor, input) => createMemory(deps, actor, input)),
  update: handle(contract.update, (actor, input) => updateMemory(deps, actor, input)),
  delete: handle(contract.delete, (actor, { id }) => deleteMemory(deps, actor, id)),
  clear: handle(contract.clear, (actor, { workspaceId }) => clearMemories(deps, actor, workspaceId)),
  switch: handle(contract.switch, (actor, input) => switchMemory(deps, actor, input)),
})
