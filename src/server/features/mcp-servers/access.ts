import type { Action } from '../../../contract/endpoint.ts'
import { type Actor, check, may, workspaceIdsOf } from '../../platform/auth/index.ts'
import type { Db, Tx } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import * as store from './store.ts'

/** The server, if it is in a workspace of the actor's and they may do this with it there. Errors: `mcp-server.not_found`, `auth.forbidden`. */
export async function requireServer(db: Db | Tx, actor: Actor, action: Action, id: string): Promise<store.ShownServer> {
  const row = await store.findServer(db, workspaceIdsOf(actor), actor.principalId, id)
  if (!row) throw new AppError('mcp-server.not_found')
  check(actor, 'mcp-server', action, { workspaceId: row.workspace_id })
  return row
}

/** What belongs to a package is changed with it. */
export function refusePackage({ package_version_id }: Pick<store.ServerRow, 'package_version_id'>): void {
  if (package_version_id !== null) throw new AppError('mcp-server.of_package')
}

/** Adding a program or changing which one is running code on this machine, with the rights of this server. */
export function checkProgram(actor: Actor): void {
  if (!may(actor, 'server-program', 'create', 'system')) throw new AppError('mcp-server.program_forbidden')
}
