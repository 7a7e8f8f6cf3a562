import { mcpServers as contract } from '../../../contract/mcp-servers.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import { authorize, finishAuthorization } from './authorize.ts'
import { createFromJson, createServer } from './create-server.ts'
import type { McpDeps } from './mcp-deps.ts'
import { getServer, listEvents, listServers, listTools } from './read-servers.ts'
import { listPrompts, usePrompt } from './server-prompts.ts'
import { deleteServer, updateServer } from './update-server.ts'
import { deleteCredential, setCredential, setPermissions, testServer } from './use-servers.ts'

export const mcpServerRoutes = (deps: McpDeps): Routes<typeof contract> => ({
  list: handle(contract.list, (actor, { workspaceId }) => listServers(deps, actor, workspaceId)),
  create: handle(contract.create, (actor, input) => createServer(deps, actor, input)),
  createFromJson: handle(contract.createFromJson, (actor, input) => createFromJson(deps, actor, input)),
  get: handle(contract.get, (actor, { id }) => getServer(deps, actor, id)),
  update: handle(contract.update, (actor, input) => updateServer(deps, actor, input)),
  delete: handle(contract.delete, (actor, { id }) => deleteServer(deps, actor, id)),
  test: handle(contract.test, (actor, { id }) => testServer(deps, actor, id)),
  listTools: handle(contract.listTools, (actor, { id }) => listTools(deps, actor, id)),
  listPrompts: handle(contract.listPrompts, (actor, { workspaceId }) => listPrompts(deps, actor, workspaceId)),
  usePrompt: handle(contract.usePrompt, (actor, input) => usePrompt(deps, actor, input)),
  setPermissions: handle(contract.setPermissions, (actor, input) => setPermissions(deps, actor, input)),
  listEvents: handle(contract.listEvents, (actor, { id }) => listEvents(deps, actor, id)),
  setCredential: handle(contract.setCredential, (actor, input) => setCredential(deps, actor, input)),
  authorize: handle(contract.authorize, (actor, { id }) => authorize(deps, actor, id)),
  finishAuthorization: handle(contract.finishAuthorization, (actor, input) => finishAuthorization(deps, actor, input)),
  deleteCredential: handle(contract.deleteCredential, (actor, { id }) => deleteCredential(deps, actor, id)),
})
