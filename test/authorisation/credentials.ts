import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { ErrorCode, Problem } from '../../src/contract/errors.ts'
import { ApiKeyScope } from '../../src/contract/people.ts'
import { letIn } from '../support/app-client.ts'
import { type EndpointName, type Person, type TestApp, toRequest } from '../support/test-app.ts'
import { addSession } from './world.ts'

/** Headers that nobody may be let in with, and what is said to them. */
export interface BadCredential {
  what: string
  headers: Record<string, string>
  code: ErrorCode
}

export type NarrowScope = Exclude<(typeof ApiKeyScope.options)[number], '*'>
export const narrowScopes = ApiKeyScope.options.filter((scope) => scope !== '*')

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })

/** Everything that a person once could come in with and now cannot, and what was never theirs. */
export async function badCredentials(app: TestApp, person: Person): Promise<BadCredential[]> {
  const { db, door } = app.deps
  const browser = (cookie: string) => ({ cookie, origin: app.url })
  const makeKey = async (owner: Person, expiresInDays?: number) =>
    owner.get('people.createApiKey', { name: 'bad', ...(expiresInDays && { expiresInDays }) })

  const expiredSession = await addSession(app, person)
  const revokedSession = await addSession(app, person)
  const expiredKey = await makeKey(person, 1)
  const revokedKey = await makeKey(person)
  await sql`update session set expires_at = now() - interval '1 second' where id = ${expiredSession.id}`.execute(db)
  await sql`update api_key set expires_at = now() - interval '1 second' where id = ${expiredKey.apiKey.id}`.execute(db)
  await person.get('people.revokeSession', { id: revokedSession.id })
  await person.get('people.revokeApiKey', { id: revokedKey.apiKey.id })

  // It is for /mcp alone.
  const { access: tokenOfApp } = await letIn(app, person)
  const [disabled, inactive] = await app.people('disabled', 'inactive')
  const keyOfDisabled = await makeKey(disabled)
  const keyOfInactive = await makeKey(inactive)
  for (const [{ id }, status] of [
    [disabled, 'disabled'],
    [inactive, 'inactive'],
  ] as const) {
    // Not by the operation, which ends the sessions too: a session that is left over must not do either.
    await sql`update user_account set status = ${status} where id = ${id}`.execute(db)
    door.invalidate(id)
  }

  const [name, value] = revokedSession.cookie.split('=') as [string, string]
  const forged = `${name}=${value.slice(0, -8)}${randomBytes(4).toString('hex')}`
  return [
    { what: 'no credential', headers: { origin: app.url }, code: 'auth.required' },
    { what: 'a forged cookie', headers: browser(forged), code: 'auth.required' },
    { what: 'an expired session', headers: browser(expiredSession.cookie), code: 'auth.required' },
    { what: 'a revoked session', headers: browser(revokedSession.cookie), code: 'auth.required' },
    { what: 'a session of a disabled person', headers: browser(disabled.cookie!), code: 'auth.disabled' },
    { what: 'a session of an inactive person', headers: browser(inactive.cookie!), code: 'auth.required' },
    { what: 'an unknown API key', headers: bearer(`pk_${'x'.repeat(43)}`), code: 'auth.key_invalid' },
    { what: 'a credential of another scheme', headers: { authorization: 'Basic YTpi' }, code: 'auth.key_invalid' },
    { what: 'the token of a connected app', headers: bearer(tokenOfApp), code: 'auth.key_invalid' },
    { what: 'an expired API key', headers: bearer(expiredKey.secret), code: 'auth.key_invalid' },
    { what: 'a revoked API key', headers: bearer(revokedKey.secret), code: 'auth.key_invalid' },
    { what: 'an API key of a disabled person', headers: bearer(keyOfDisabled.secret), code: 'auth.disabled' },
    { what: 'an API key of an inactive person', headers: bearer(keyOfInactive.secret), code: 'auth.key_invalid' },
  ]
}

/** A key of the person for each scope there is, that allows nothing else. */
export async function narrowKeys(person: Person): Promise<Record<NarrowScope, Record<string, string>>> {
  const keys = await Promise.all(
    narrowScopes.map(async (scope) => [scope, bearer((await person.get('people.createApiKey', { name: scope, scopes: [scope] })).secret)]),
  )
  return Object.fromEntries(keys) as Record<NarrowScope, Record<string, string>>
}

export interface RawAnswer {
  status: number
  /** Undefined where the call succeeded. Without what differs from request to request. */
  problem: Omit<Problem, 'requestId'> | undefined
}

/** Sends the call with exactly these headers. A stream is left at once. */
export async function send(
  app: TestApp,
  headers: Record<string, string>,
  name: EndpointName,
  input: Record<string, unknown>,
): Promise<RawAnswer> {
  const { path, init } = toRequest(name, input)
  const response = await fetch(app.url + path, { ...init, headers: { ...(init.headers as Record<string, string>), ...headers } })
  if (response.ok) {
    await response.body?.cancel()
    return { status: response.status, problem: undefined }
  }
  const { requestId: _, ...problem } = (await response.json()) as Problem
  return { status: response.status, problem }
}

export const browserOf = (app: TestApp, person: Person): Record<string, string> => ({ cookie: person.cookie!, origin: app.url })
