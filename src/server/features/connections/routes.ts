import { connections } from '../../../contract/models.ts'
import { handle, type Routes } from '../../platform/http/index.ts'
import type { ConnectionsDeps } from './connections-deps.ts'
import { createConnection } from './create-connection.ts'
import { deleteConnection } from './delete-connection.ts'
import { listConnections } from './list-connections.ts'
import { testConnection } from './test-connection.ts'
import { updateConnection } from './update-connection.ts'

export const connectionRoutes = (deps: ConnectionsDeps): Routes<typeof connections> => ({
  list: handle(connections.list, (actor, { workspaceId }) => listConnections(deps, actor, workspaceId)),
  create: handle(connections.create, (actor, input) => createConnection(deps, actor, input)),
  update: handle(connections.update, (actor, input) => updateConnection(deps, actor, input)),
  test: handle(connections.test, (actor, { id }) => testConnection(deps, actor, id)),
  delete: handle(connections.delete, (actor, { id }) => deleteConnection(deps, actor, id).then(() => ({ ok: true as const }))),
})
