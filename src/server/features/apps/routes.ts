import { apps } from '../../../contract/apps.ts'
import { handle, type HttpRequest, type Routes } from '../../platform/http/index.ts'
import type { AppDeps } from './apps-deps.ts'
import { disconnectApp, listApps } from './connected-apps.ts'
import { decideApp, readAppRequest } from './decide-app.ts'
import { ownOrigin } from './own-address.ts'

export const appRoutes = (deps: AppDeps): Routes<typeof apps> => {
  const originOf = (request: HttpRequest) => ownOrigin(deps.config.http, request.header('host'))
  return {
    request: handle(apps.request, (actor, { query }, request) => readAppRequest(deps, actor, originOf(request), query)),
    decide: handle(apps.decide, (actor, input, request) => decideApp(deps, actor, originOf(request), input)),
    list: handle(apps.list, (actor) => listApps(deps, actor)),
    disconnect: handle(apps.disconnect, (actor, { id }) => disconnectApp(deps, actor, id).then(() => ({ ok: true }) as const)),
  }
}
