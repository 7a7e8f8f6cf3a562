import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { allow, asking, letIn, redeem, redirectUri, refresh, register, tryToken } from '../../../../test/support/app-client.ts'
import { startTestApp, useTestApp } from '../../../../test/support/test-app.ts'
import { deleteExpired } from './store.ts'

const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })

const get = async (path: string) => (await fetch(shared.current.url + path)).json() as Promise<Record<string, unknown>>

test('a program finds out by itself how to be let in', async () => {
  const app = shared.current
  const refused = await fetch(`${app.url}/mcp`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
  expect(refused.status).toBe(401)
  const address = `${app.url}/.well-known/oauth-protected-resource/mcp`
  expect(refused.headers.get('www-authenticate')).toBe(`Bearer resource_metadata="${address}"`)
  expect(await get('/.well-known/oauth-protected-resource/mcp')).toMatchObject({
    resource: `${app.url}/mcp`,
    authorization_servers: [app.url],
  })
  expect(await get('/.well-known/oauth-authorization-server')).toMatchObject({
    issuer: app.url,
    authorization_endpoint: `${app.url}/oauth/authorize`,
    code_challenge_methods_supported: ['S256'],
    authorization_response_iss_parameter_supported: true,
    client_id_metadata_document_supported: true,
  })
  const foreign = await fetch(`${app.url}/.well-known/oauth-authorization-server`, { headers: { host: 'evil.example' } })
  expect(await foreign.text()).not.toContain('evil')
})

test('a person lets a program in, it acts for them at /mcp and nowhere else, and is put out again', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const asked = await asking(app, { scope: 'conversations:read prompts:read' })
  expect(await ada.get('apps.request', { query: asked.query })).toEqual({
    name: 'A program',
    kind: 'device',
    returnsTo: '127.0.0.1',
    publishedBy: null,
    scopes: ['conversations:read', 'prompts:read'],
  })
  const { url } = await ada.get('apps.decide', {
    query: asked.query,
    grant: { workspaceId: ada.workspaceId, scopes: ['conversations:read', 'agents:use'] },
  })
  const back = new URL(url)
  expect(back.origin + back.pathname).toBe(redirectUri)
  expect(Object.fromEntries(back.searchParams)).toEqual({ code: expect.any(String) as string, state: 'as it was', iss: app.url })
  const answer = await redeem(app, { ...asked, code: back.searchParams.get('code')! })
  // What was not asked for is not given, and what was not granted neither.
  expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 1800, scope: 'conversations:read' } })
  const { access_token: access, refresh_token: refreshToken } = answer.body
  expect(await tryToken(app, access)).toBe(200)
  expect(await tryToken(app, refreshToken)).toBe(401)

  const withToken = app.withKey(access)
  expect(await withToken.call('people.me')).toFailWith('auth.key_invalid')
  expect((await withToken.fetch('/v1/models')).status).toBe(401)

  const [connected] = await ada.get('apps.list')
  expect(connected).toMatchObject({ name: 'A program', scopes: ['conversations:read'], workspaceId: ada.workspaceId })
  expect(connected!.lastUsedAt).not.toBeNull()
  const { rows } = await sql<{ all: string }>`
    select coalesce(string_agg(t::text, ''), '') || (select string_agg(k::text, '') from oauth_code k) as all from oauth_token t`.execute(
    app.deps.db,
  )
  for (const secret of [access, refreshToken, back.searchParams.get('code')!]) expect(rows[0]!.all).not.toContain(secret)

  await ada.get('apps.disconnect', { id: connected!.id })
  expect(await tryToken(app, access)).toBe(401)
  expect(await refresh(app, asked.clientId, refreshToken)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  expect(await ada.get('apps.list')).toEqual([])
})

test('who says no sends the program away with its answer', async () => {
  const [ada] = await shared.current.people('ada')
  const { query } = await asking(shared.current)
  const { url } = await ada.get('apps.decide', { query, grant: null })
  expect(url).toBe(`${redirectUri}?error=access_denied&state=as+it+was&iss=${encodeURIComponent(shared.current.url)}`)
})

test('what is wrong with a request is told to the person and never sent on', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const wrong: Record<string, string | null>[] = [
    { redirect_uri: 'https://evil.example/' },
    { redirect_uri: 'http://127.0.0.1:7777/callback/other' },
    { redirect_uri: 'http://localhost:7777/callback' },
    { redirect_uri: 'javascript:alert(1)' },
    { redirect_uri: `${redirectUri}#x` },
    { response_type: 'token' },
    { code_challenge: null },
    { code_challenge_method: 'plain' },
    { code_challenge: 'short' },
    { resource: null },
    { resource: 'https://elsewhere.example/mcp' },
    { resource: `${app.url}/v1` },
    { client_id: 'nobody' },
    { client_id: 'https://127.0.0.1:1/nothing.json' },
    { scope: 'everything' },
  ]
  for (const changes of wrong) {
    const { query } = await asking(app, changes)
    for (const answer of [
      await ada.call('apps.request', { query }),
      await ada.call('apps.decide', { query, grant: null }),
      await ada.call('apps.decide', { query, grant: { workspaceId: ada.workspaceId, scopes: ['prompts:read'] } }),
    ]) {
      expect(answer.status, JSON.stringify(changes)).toBe(422)
      expect(JSON.stringify(answer)).not.toContain('"url"')
    }
  }
  const { query } = await asking(app)
  expect(await ada.call('apps.request', { query: `${query}&redirect_uri=${encodeURIComponent(redirectUri)}` })).toFailWith(
    'app.request_invalid',
  )
  // A program on the device takes the port that is free.
  expect(
    await ada.call('apps.request', { query: (await asking(app, { redirect_uri: 'http://127.0.0.1:1234/callback' })).query }),
  ).toSucceed()
})

test('only a person in a session lets a program in, into a workspace of theirs', async () => {
  const app = shared.current
  const [ada, bob] = await app.people('ada', 'bob')
  const { query } = await asking(app)
  const { secret } = await ada.get('people.createApiKey', { name: 'key' })
  const grant = { workspaceId: ada.workspaceId, scopes: ['prompts:read' as const] }
  const input = { query, grant }
  expect(await app.withKey(secret).call('apps.decide', input)).toFailWith('app.session_needed')
  expect(await ada.call('apps.decide', { query, grant: { ...grant, workspaceId: bob.workspaceId } })).toFailWith('workspace.not_found')
  const forged = await ada.fetch('/api/apps/decisions', {
    method: 'POST',
    body: JSON.stringify(input),
    headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
  })
  expect(forged.status).toBe(403)
  expect(await ada.get('apps.list')).toEqual([])
})

test('a code is for the program that asked, once and for a minute', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const allowed = await allow(ada, await asking(app))
  const wrong: Record<string, string>[] = [
    { code_verifier: 'x'.repeat(43) },
    { client_id: await register(app) },
    { redirect_uri: 'http://127.0.0.1:7778/callback' },
    { resource: 'https://elsewhere.example/mcp' },
    { grant_type: 'password' },
    { code: 'pc_nothing' },
  ]
  const errors = []
  for (const changes of wrong) errors.push((await redeem(app, allowed, changes)).body.error)
  expect(errors).toEqual(['invalid_grant', 'invalid_grant', 'invalid_grant', 'invalid_target', 'unsupported_grant_type', 'invalid_grant'])
  expect((await redeem(app, allowed)).status).toBe(200)

  const late = await allow(ada, await asking(app))
  await sql`update oauth_code set expires_at = now() where used_at is null`.execute(app.deps.db)
  expect(await redeem(app, late)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  const json = await fetch(`${app.url}/oauth/token`, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } })
  expect(json.status).toBe(400)
})

test('a second use of a code ends what it gave, unless the program itself asks again at once', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const allowed = await allow(ada, await asking(app))
  const { body } = await redeem(app, allowed)
  expect((await redeem(app, allowed)).status).toBe(400)
  expect(await tryToken(app, body.access_token)).toBe(200)
  // Somebody who has the code and not the verifier.
  expect((await redeem(app, allowed, { code_verifier: 'y'.repeat(43) })).status).toBe(400)
  expect(await tryToken(app, body.access_token)).toBe(401)
})

test('refresh tokens go round: the same answer within seconds, the end after that', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const first = await letIn(app, ada)
  const second = await refresh(app, first.clientId, first.refreshToken)
  expect(second.status).toBe(200)
  expect(second.body.refresh_token).not.toBe(first.refreshToken)
  // The answer was lost, and the program asks again.
  const again = await refresh(app, first.clientId, first.refreshToken)
  expect(again.body).toMatchObject({ access_token: second.body.access_token, refresh_token: second.body.refresh_token })
  expect(await tryToken(app, second.body.access_token)).toBe(200)
  const third = await refresh(app, first.clientId, second.body.refresh_token)
  expect(third.status).toBe(200)
  // It went on since: the old one brings nothing, and yet ends nothing within these seconds.
  expect((await refresh(app, first.clientId, first.refreshToken)).status).toBe(400)
  expect(await tryToken(app, third.body.access_token)).toBe(200)
  expect((await refresh(app, await register(app), third.body.refresh_token)).body.error).toBe('invalid_grant')

  await sql`update oauth_token set used_at = used_at - interval '1 minute' where used_at is not null`.execute(app.deps.db)
  expect((await refresh(app, first.clientId, second.body.refresh_token)).body.error).toBe('invalid_grant')
  expect(await tryToken(app, third.body.access_token)).toBe(401)
  expect((await refresh(app, first.clientId, third.body.refresh_token)).status).toBe(400)
  expect(await ada.get('apps.list')).toEqual([])
})

test('tokens end with their time, their account and their membership', async () => {
  const app = shared.current
  const [ada, bob, eve] = await app.people('ada', 'bob', 'eve')
  const ofAda = await letIn(app, ada)
  await sql`update oauth_token set expires_at = now() where kind = 'access'`.execute(app.deps.db)
  app.deps.door.invalidate(ada.id)
  expect(await tryToken(app, ofAda.access)).toBe(401)
  const renewed = (await refresh(app, ofAda.clientId, ofAda.refreshToken)).body
  expect(await tryToken(app, renewed.access_token)).toBe(200)
  await (await app.admin()).get('people.updateUser', { id: ada.id, status: 'disabled' })
  expect(await tryToken(app, renewed.access_token)).toBe(403)
  expect((await refresh(app, ofAda.clientId, renewed.refresh_token)).status).toBe(400)

  await app.addMember(bob.workspaceId, eve, 'User')
  const ofEve = await letIn(app, eve, undefined, bob.workspaceId)
  expect(await tryToken(app, ofEve.access)).toBe(200)
  await sql`delete from role_grant where principal_id = ${eve.id} and scope_id = ${bob.workspaceId}`.execute(app.deps.db)
  app.deps.door.invalidate(eve.id)
  expect(await tryToken(app, ofEve.access)).toBe(401)
  expect((await refresh(app, ofEve.clientId, ofEve.refreshToken)).status).toBe(400)
})

test('a program gives back what it has; another one cannot', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const one = await letIn(app, ada)
  const revoke = (clientId: string) =>
    fetch(`${app.url}/oauth/revoke`, { method: 'POST', body: new URLSearchParams({ client_id: clientId, token: one.refreshToken }) })
  expect((await revoke(await register(app))).status).toBe(200)
  expect(await tryToken(app, one.access)).toBe(200)
  expect((await revoke(one.clientId)).status).toBe(200)
  expect(await tryToken(app, one.access)).toBe(401)
})

test('a program registers where a browser may be sent, and is called what can be shown', async () => {
  const app = shared.current
  const made = async (body: object) => {
    const response = await fetch(`${app.url}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }
  for (const uri of [
    'javascript:alert(1)',
    'http://evil.example/',
    'data:text/html,x',
    'https://a.example/#x',
    'https://u:p@a.example/',
    'file:///x',
    'intent://x',
    'no',
  ])
    expect(await made({ redirect_uris: [uri] }), uri).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
  expect((await made({})).status).toBe(400)
  expect((await made({ redirect_uris: [redirectUri], grant_types: ['password'] })).status).toBe(400)
  expect(
    await made({
      client_name: `Evil\u202e\n${'x'.repeat(200)}`,
      redirect_uris: ['cursor://anysphere.cursor-retrieval/oauth/callback', 'https://claude.ai/api/mcp/auth_callback'],
      token_endpoint_auth_method: 'client_secret_post',
    }),
  ).toMatchObject({
    status: 201,
    body: { client_name: expect.stringMatching(/^Evil x{74}…$/) as string, token_endpoint_auth_method: 'none' },
  })
})

test('a program may be described by the document at the address that is its id', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  let document: Record<string, unknown> = {}
  const site = createServer((request, response) => {
    if (request.url === '/moved.json') response.writeHead(302, { location: '/app.json' }).end()
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(document))
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  const id = `${origin}/app.json`
  try {
    document = { client_id: id, client_name: 'Described', redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' }
    const asked = await asking(app, {}, id)
    expect(await ada.get('apps.request', { query: asked.query })).toMatchObject({ name: 'Described', publishedBy: new URL(origin).host })
    expect((await redeem(app, await allow(ada, asked))).status).toBe(200)
    expect((await ada.get('apps.list'))[0]).toMatchObject({ name: 'Described', publishedBy: new URL(origin).host })

    const refusals: [string, Record<string, unknown>][] = [
      [`${origin}/other.json`, document],
      [`${origin}/moved.json`, { ...document, client_id: `${origin}/moved.json` }],
      [`${origin}/key.json`, { ...document, client_id: `${origin}/key.json`, token_endpoint_auth_method: 'private_key_jwt' }],
      [`${origin}/uri.json`, { ...document, client_id: `${origin}/uri.json`, redirect_uris: ['javascript:alert(1)'] }],
      [`${origin}/long.json`, { ...document, client_id: `${origin}/long.json`, client_name: 'x'.repeat(70_000) }],
    ]
    for (const [clientId, said] of refusals) {
      document = said
      expect(await ada.call('apps.request', { query: (await asking(app, {}, clientId)).query }), clientId).toFailWith('app.unreadable')
    }
  } finally {
    site.close()
    site.closeAllConnections()
  }
})

test('what is over is swept', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const one = await letIn(app, ada)
  await deleteExpired(app.deps.db)
  expect(await tryToken(app, one.access)).toBe(200)
  await sql`update oauth_token set expires_at = now() - interval '1 second'`.execute(app.deps.db)
  await sql`update oauth_grant set created_at = now() - interval '70 days'`.execute(app.deps.db)
  await sql`update oauth_client set created_at = now() - interval '70 days'`.execute(app.deps.db)
  await sql`update oauth_code set expires_at = now() - interval '70 days'`.execute(app.deps.db)
  await deleteExpired(app.deps.db)
  const { rows } = await sql<{ left: number }>`
    select (select count(*) from oauth_client)::int + (select count(*) from oauth_grant)::int + (select count(*) from oauth_token)::int as left`.execute(
    app.deps.db,
  )
  expect(rows[0]!.left).toBe(0)
})

test('behind a public address everything is named by it, whatever the request says', async () => {
  await using app = await startTestApp({ env: { PUBLIC_URL: 'https://parley.example' } })
  const [ada] = await app.people('ada')
  const metadata = (await (await fetch(`${app.url}/.well-known/oauth-authorization-server`)).json()) as { issuer: string }
  expect(metadata).toMatchObject({ issuer: 'https://parley.example', token_endpoint: 'https://parley.example/oauth/token' })
  const refused = await fetch(`${app.url}/mcp`, { method: 'POST' })
  expect(refused.headers.get('www-authenticate')).toContain('"https://parley.example/.well-known/oauth-protected-resource/mcp"')
  const resource = 'https://parley.example/mcp'
  expect(await ada.call('apps.request', { query: (await asking(app)).query })).toFailWith('app.request_invalid')
  const asked = await asking(app, { resource })
  const { url } = await ada.get('apps.decide', {
    query: asked.query,
    grant: { workspaceId: ada.workspaceId, scopes: ['prompts:read'] },
  })
  const { searchParams } = new URL(url)
  expect(searchParams.get('iss')).toBe('https://parley.example')
  const answer = await redeem(app, { ...asked, code: searchParams.get('code')! }, { resource })
  expect(await tryToken(app, answer.body.access_token)).toBe(200)
})

test('guesses are slowed down, and what is too large is refused', async () => {
  await using app = await startTestApp()
  const guess = () => refresh(app, 'x', 'pr_nothing')
  const answers = []
  for (let i = 0; i < 61; i++) answers.push((await guess()).status)
  expect(answers.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => 400))
  expect(answers[60]).toBe(429)
  const large = await fetch(`${app.url}/oauth/token`, { method: 'POST', body: new URLSearchParams({ code: 'x'.repeat(40_000) }) })
  expect(large.status).toBe(429)
  const registered = await fetch(`${app.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ redirect_uris: [redirectUri], client_name: 'x'.repeat(40_000) }),
  })
  expect(registered.status).toBe(413)
})
