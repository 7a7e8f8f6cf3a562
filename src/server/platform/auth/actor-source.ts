import { createHash } from 'node:crypto'
import { policiesOfScopes } from '../../../contract/app-choices.ts'
import type { Database } from '../db/index.ts'
import { AppError } from '../errors/index.ts'
import type { ActorSource } from './door.ts'
import type { Actor, Grant } from './index.ts'
import { sessionDays, type SessionCookie } from './session-cookie.ts'

interface ActorRow {
  id: string
  name: string
  status: 'active' | 'inactive' | 'disabled'
  home_workspace_id: string
  grants: { scope: Grant['scope']; scopeId: string; role: string; policies: string[] | null }[] | null
  credential_id: string
  scopes: string[] | null
}

const grants = `
  (select json_agg(json_build_object('scope', role_grant.scope, 'scopeId', role_grant.scope_id, 'role', role.name, 'policies',
      (select json_agg(policy.resource || ':' || policy.action) from role_policy join policy on policy.id = role_policy.policy_id where role_policy.role_id = role.id)))
    from role_grant join role on role.id = role_grant.role_id where role_grant.principal_id = user_account.id) as grants`

// A session lives on while it is used: its end moves at most once a day, in the statement that reads it.
const bySession = `
  with prolonged as (
    update session set updated_at = now(), expires_at = now() + interval '${sessionDays} days'
    where token = $1 and expires_at > now() and updated_at < now() - interval '1 day')
  select user_account.id, user_account.name, user_account.status, principal.workspace_id as home_workspace_id, ${grants},
    session.id as credential_id, null::text[] as scopes
  from session join user_account on user_account.id = session.user_id join principal on principal.id = user_account.id
  where session.token = $1 and session.expires_at > now()`

const byApiKey = `
  with used as (
    update api_key set last_used_at = now()
    where key_hash = $1 and (last_used_at is null or last_used_at < now() - interval '1 minute'))
  select user_account.id, user_account.name, user_account.status, api_key.workspace_id as home_workspace_id, ${grants},
    api_key.id as credential_id, api_key.scopes
  from api_key join user_account on user_account.id = api_key.user_id
  where api_key.key_hash = $1 and (api_key.expires_at is null or api_key.expires_at > now())`

const byPrincipal = `
  select user_account.id, user_account.name, user_account.status, principal.workspace_id as home_workspace_id, ${grants},
    user_account.id as credential_id, null::text[] as scopes
  from user_account join principal on principal.id = user_account.id where user_account.id = $1`

const byApiKeyId = `
  select user_account.id, user_account.name, user_account.status, api_key.workspace_id as home_workspace_id, ${grants},
    api_key.id as credential_id, api_key.scopes
  from api_key join user_account on user_account.id = api_key.user_id
  where api_key.id = $1 and (api_key.expires_at is null or api_key.expires_at > now())`

const ofGrant = (condition: string) => `
  select user_account.id, user_account.name, user_account.status, oauth_grant.workspace_id as home_workspace_id, ${grants},
    oauth_grant.id as credential_id, oauth_grant.scopes
  from oauth_grant join user_account on user_account.id = oauth_grant.user_id where ${condition}`

const byAppToken = `
  with found as (select grant_id from oauth_token where token_hash = $1 and kind = 'access' and expires_at > now()),
  used as (
    update oauth_grant set last_used_at = now()
    where id = (select grant_id from found) and (last_used_at is null or last_used_at < now() - interval '1 minute'))
  ${ofGrant('oauth_grant.id = (select grant_id from found)')}`

/** Everything the door needs to know of a caller, in one statement. */
export function actorSource(database: Database, cookie: SessionCookie): ActorSource {
  return {
    async findBySession(value) {
      const token = cookie.read(value)
      if (token === undefined) return undefined
      const [row] = await database.call<ActorRow>('actor_by_session', bySession, [token])
      return row && toActor(row, { sessionId: row.credential_id, apiKeyId: null })
    },
    async findByApiKey(key) {
      if (!key.startsWith('pk_')) return undefined
      const [row] = await database.call<ActorRow>('actor_by_api_key', byApiKey, [hashOfKey(key)])
      return row && toActor(row, { sessionId: null, apiKeyId: row.credential_id })
    },
    async findByApiKeyId(apiKeyId) {
      const [row] = await database.call<ActorRow>('actor_by_api_key_id', byApiKeyId, [apiKeyId])
      if (row) return toActor(row, { sessionId: null, apiKeyId: row.credential_id })
      const [granted] = await database.call<ActorRow>('actor_by_grant', ofGrant('oauth_grant.id = $1'), [apiKeyId])
      return granted && toAppActor(granted)
    },
    async findByAppToken(token) {
      if (!token.startsWith('pa_')) return undefined
      const [row] = await database.call<ActorRow>('actor_by_app_token', byAppToken, [hashOfKey(token)])
      return row && toAppActor(row)
    },
    async findByPrincipal(principalId) {
      const [row] = await database.call<ActorRow>('actor_by_principal', byPrincipal, [principalId])
      return row && toActor(row, { sessionId: null, apiKeyId: null })
    },
  }
}

export function hashOfKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

function toActor(row: ActorRow, credential: Pick<Actor, 'sessionId' | 'apiKeyId'>): Actor | undefined {
  if (row.status === 'disabled') throw new AppError('auth.disabled')
  if (row.status === 'inactive') return undefined // may return by signing in
  return {
    principalId: row.id,
    kind: 'user',
    name: row.name,
    grants: (row.grants ?? []).map((grant) => ({ ...grant, policies: new Set(grant.policies) })),
    scopes: row.scopes && policiesOfScopes(row.scopes),
    ...credential,
    homeWorkspaceId: row.home_workspace_id,
  }
}

/** An app acts in the workspace that it was let into and nowhere else, by what the person is there. */
function toAppActor(row: ActorRow): Actor | undefined {
  const actor = toActor(row, { sessionId: null, apiKeyId: row.credential_id })
  const held = actor?.grants.filter(({ scope, scopeId }) => scope === 'workspace' && scopeId === row.home_workspace_id) ?? []
  return actor && held.length > 0 ? { ...actor, grants: held } : undefined
}
