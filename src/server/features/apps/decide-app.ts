import type { AppRequest, apps as contract } from '../../../contract/apps.ts'
import { hashOfKey } from '../../platform/auth/actor-source.ts'
import { type Actor, check, isMember } from '../../platform/auth/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { InputOf } from '../../platform/http/index.ts'
import type { AppDeps } from './apps-deps.ts'
import { presentClient } from './present.ts'
import { readRequest } from './read-request.ts'
import { withAnswer } from './redirect-address.ts'
import * as store from './store.ts'
import { makeToken } from './tokens.ts'

type Reads = Pick<AppDeps, 'db' | 'egress'>

export async function readAppRequest(deps: Reads, actor: Actor, origin: string, query: string): Promise<AppRequest> {
  check(actor, 'app', 'read', 'own')
  const { client, redirectUri, scopes } = await readRequest(deps, origin, query)
  return { ...presentClient({ ...client, public_id: client.client_id, redirect_uri: redirectUri }), scopes }
}

/** The person's word. Their browser takes the answer along: a code that is worth something to the program alone, since it alone knows the verifier. */
export async function decideApp(
  deps: Reads,
  actor: Actor,
  origin: string,
  input: InputOf<(typeof contract)['decide']>,
): Promise<{ url: string }> {
  check(actor, 'app', 'create', 'own')
  // A key or an app must not let in another one.
  if (actor.sessionId === null) throw new AppError('app.session_needed')
  const { client, redirectUri, state, challenge, scopes } = await readRequest(deps, origin, input.query)
  const answer = { state, iss: origin }
  const { grant } = input
  if (!grant) return { url: withAnswer(redirectUri, { error: 'access_denied', ...answer }) }
  if (!isMember(actor, grant.workspaceId)) throw new AppError('workspace.not_found')
  const granted = scopes.filter((scope) => grant.scopes.includes(scope))
  if (granted.length === 0)
    throw new AppError('request.invalid', { issues: [{ path: ['grant', 'scopes'], message: 'hold nothing that the program asks for' }] })
  const code = makeToken('pc_')
  await store.insertCode(deps.db, {
    workspaceId: grant.workspaceId,
    codeHash: hashOfKey(code),
    userId: actor.principalId,
    clientId: client.id,
    redirectUri,
    challenge,
    scopes: granted,
  })
  return { url: withAnswer(redirectUri, { code, ...answer }) }
}
