import { maxImportPartBytes } from '../../../contract/import-choices.ts'
import { imports as contract } from '../../../contract/imports.ts'
import { handle, handleRaw, readBytes, type Routes } from '../../platform/http/index.ts'
import { deleteImport, stopImport } from './end-import.ts'
import type { ImportDeps } from './import-deps.ts'
import { getImport, listImportItems, listImports } from './read-imports.ts'
import { createImport, receivePart } from './receive-import.ts'

export const importRoutes = (deps: ImportDeps): Routes<typeof contract> => ({
  list: handle(contract.list, (actor, { workspaceId }) => listImports(deps, actor, workspaceId)),
  create: handle(contract.create, (actor, input) => createImport(deps, actor, input)),
  upload: handleRaw(contract.upload, async (c, actor, input) =>
    c.json(await receivePart(deps, actor, input, () => readBytes(c, maxImportPartBytes))),
  ),
  get: handle(contract.get, (actor, { id }) => getImport(deps, actor, id)),
  items: handle(contract.items, (actor, input) => listImportItems(deps, actor, input)),
  stop: handle(contract.stop, (actor, { id }) => stopImport(deps, actor, id)),
  delete: handle(contract.delete, (actor, { id }) => deleteImport(deps, actor, id)),
})
