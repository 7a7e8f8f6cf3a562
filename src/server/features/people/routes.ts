import { people } from '../../../contract/people.ts'
import { handle, handleAnyone, type HttpRequest, type Routes } from '../../platform/http/index.ts'
import { readCookie } from '../../platform/auth/door.ts'
import { createApiKey } from './create-api-key.ts'
import { enter } from './enter.ts'
import { getMe } from './get-me.ts'
import { listApiKeys } from './list-api-keys.ts'
import { listSessions } from './list-sessions.ts'
import { listUsers } from './list-users.ts'
import { getNewMe } from './open-session.ts'
import type { PeopleDeps } from './people-deps.ts'
import { revokeApiKey } from './revoke-api-key.ts'
import { revokeOtherSessions, revokeSession, signOut } from './revoke-session.ts'
import { setCredentials } from './set-credentials.ts'
import { signIn } from './sign-in.ts'
import { signUp } from './sign-up.ts'
import { updateProfile } from './update-profile.ts'
import { updateSettings } from './update-settings.ts'
import { updateUser } from './update-user.ts'

const done = { ok: true } as const

export const peopleRoutes = (deps: PeopleDeps): Routes<typeof people> => ({
  signUp: handleAnyone(people.signUp, async (input, request) => getNewMe(deps, request, await signUp(deps, input, clientOf(request)))),
  signIn: handleAnyone(people.signIn, async ({ email, password }, request) =>
    getNewMe(deps, request, await signIn(deps, email, password, clientOf(request))),
  ),
  enter: handleAnyone(people.enter, async ({ token }, request) => getNewMe(deps, request, await enter(deps, token, clientOf(request)))),
  signOut: handle(people.signOut, async (actor, _, request) => {
    await signOut(deps, actor)
    request.appendResponseHeader('set-cookie', deps.cookie.clear())
    return done
  }),
  me: handle(people.me, async (actor, _, request) => {
    // The session's end moves on while it is used; so must the cookie's.
    const token = actor.sessionId && deps.cookie.read(readCookie(request.header('cookie'), deps.cookie.fullName) ?? '')
    if (token) request.appendResponseHeader('set-cookie', deps.cookie.set(token))
    return getMe(deps, actor)
  }),
  updateProfile: handle(people.updateProfile, (actor, input) => updateProfile(deps, actor, input)),
  updateSettings: handle(people.updateSettings, (actor, input) => updateSettings(deps, actor, input)),
  setCredentials: handle(people.setCredentials, (actor, input) => setCredentials(deps, actor, input)),
  listSessions: handle(people.listSessions, (actor) => listSessions(deps, actor)),
  revokeSession: handle(people.revokeSession, (actor, { id }) => revokeSession(deps, actor, id).then(() => done)),
  revokeOtherSessions: handle(people.revokeOtherSessions, (actor) => revokeOtherSessions(deps, actor).then(() => done)),
  listApiKeys: handle(people.listApiKeys, (actor) => listApiKeys(deps, actor)),
  createApiKey: handle(people.createApiKey, (actor, input) => createApiKey(deps, actor, input)),
  revokeApiKey: handle(people.revokeApiKey, (actor, { id }) => revokeApiKey(deps, actor, id).then(() => done)),
  listUsers: handle(people.listUsers, (actor) => listUsers(deps, actor)),
  updateUser: handle(people.updateUser, (actor, input) => updateUser(deps, actor, input)),
})

function clientOf(request: HttpRequest) {
  return { address: request.address, userAgent: request.userAgent }
}
