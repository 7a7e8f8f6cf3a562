import type { HttpRequest } from '../../platform/http/index.ts'
import { getMe } from './get-me.ts'
import type { PeopleDeps } from './people-deps.ts'

/** Hands the browser its cookie and answers who it belongs to, through the same door as every later request. */
export async function getNewMe(deps: PeopleDeps, request: HttpRequest, { token }: { token: string }) {
  const setCookie = deps.cookie.set(token)
  const pair = setCookie.slice(0, setCookie.indexOf(';'))
  const actor = await deps.door.authenticate({ method: 'GET', isUpgrade: false, header: (name) => (name === 'cookie' ? pair : undefined) })
  request.appendResponseHeader('set-cookie', setCookie)
  return getMe(deps, actor)
}
