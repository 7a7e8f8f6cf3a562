import type { ConnectedApp } from '../../../contract/apps.ts'
import { type Actor, check } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { AppDeps } from './apps-deps.ts'
import { endGrant } from './end-grant.ts'
import { presentApp } from './present.ts'
import * as store from './store.ts'

export async function listApps(deps: Pick<AppDeps, 'db'>, actor: Actor): Promise<ConnectedApp[]> {
  check(actor, 'app', 'read', 'own')
  return (await store.listGrants(deps.db, actor.principalId)).map(presentApp)
}

export async function disconnectApp(deps: Pick<AppDeps, 'db' | 'door' | 'tell'>, actor: Actor, id: string): Promise<void> {
  check(actor, 'app', 'delete', 'own')
  if (!(await endGrant(deps, actor.principalId, id))) throw new AppError('app.not_found')
}
