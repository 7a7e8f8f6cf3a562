import { createHash, randomBytes } from 'node:crypto'
import type { AppScope } from '../../src/contract/app-choices.ts'
import type { TokenAnswer } from '../../src/server/features/apps/tokens.ts'
import type { Person, TestApp } from './test-app.ts'

/** A program that comes to `/mcp` by OAuth, step by step, as RFC 6749 and its kin say. */
export const redirectUri = 'http://127.0.0.1:7777/callback'

export interface Asking {
  clientId: string
  verifier: string
  /** Of the address that the person is sent to. */
  query: string
}

export async function register(app: TestApp, body: object = { client_name: 'A program', redirect_uris: [redirectUri] }): Promise<string> {
  const response = await fetch(`${app.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (response.status !== 201) throw new Error(`not registered: ${await response.text()}`)
  return ((await response.json()) as { client_id: string }).client_id
}

/** Each parameter can be another one, or none with null. */
export async function asking(app: TestApp, changes: Record<string, string | null> = {}, clientId?: string): Promise<Asking> {
  const id = clientId ?? (await register(app))
  const verifier = randomBytes(32).toString('base64url')
  const params: Record<string, string | null> = {
    response_type: 'code',
    client_id: id,
    redirect_uri: redirectUri,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    resource: `${app.url}/mcp`,
    state: 'as it was',
    ...changes,
  }
  const given = Object.entries(params).filter((entry): entry is [string, string] => entry[1] !== null)
  return { clientId: id, verifier, query: new URLSearchParams(given).toString() }
}

export interface Allowed extends Asking {
  code: string
}

export async function allow(
  person: Person,
  asked: Asking,
  scopes: AppScope[] = ['conversations:read', 'conversations:write', 'agents:use', 'prompts:read'],
  workspaceId = person.workspaceId,
): Promise<Allowed> {
  const { url } = await person.get('apps.decide', { query: asked.query, grant: { workspaceId, scopes } })
  return { ...asked, code: new URL(url).searchParams.get('code')! }
}

export async function token(
  app: TestApp,
  form: Record<string, string>,
): Promise<{ status: number; body: TokenAnswer & { error?: string } }> {
  const response = await fetch(`${app.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
  return { status: response.status, body: (await response.json()) as TokenAnswer & { error?: string } }
}

export const redeem = (app: TestApp, { clientId, verifier, code }: Allowed, changes: Record<string, string> = {}) =>
  token(app, {
    grant_type: 'authorization_code',
    client_id: clientId,
    code,
    code_verifier: verifier,
    redirect_uri: redirectUri,
    resource: `${app.url}/mcp`,
    ...changes,
  })

export const refresh = (app: TestApp, clientId: string, refreshToken: string) =>
  token(app, { grant_type: 'refresh_token', client_id: clientId, refresh_token: refreshToken, resource: `${app.url}/mcp` })

export interface LetIn extends Allowed {
  access: string
  refreshToken: string
  /** The connected app. */
  id: string
}

/** The whole way. */
export async function letIn(app: TestApp, person: Person, scopes?: AppScope[], workspaceId?: string): Promise<LetIn> {
  const allowed = await allow(person, await asking(app, { scope: scopes?.join(' ') ?? null }), scopes, workspaceId)
  const { status, body } = await redeem(app, allowed)
  if (status !== 200) throw new Error(`no tokens: ${JSON.stringify(body)}`)
  const [newest] = await person.get('apps.list')
  return { ...allowed, access: body.access_token, refreshToken: body.refresh_token, id: newest!.id }
}

/** Whether `/mcp` takes the token: the status of a call. */
export async function tryToken(app: TestApp, access: string): Promise<number> {
  const response = await fetch(`${app.url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${access}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
  })
  await response.body?.cancel()
  return response.status
}
