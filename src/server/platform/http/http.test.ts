import { request as rawRequest } from 'node:http'
import { expect, test } from 'vitest'
import { useTestApp } from '../../../../test/support/test-app.ts'
import { createLogger } from '../telemetry/index.ts'

const lines: string[] = []
const log = createLogger({ level: 'info', format: 'json' }, { write: (line) => lines.push(line) })
const shared = useTestApp({ env: { BODY_LIMIT: '20kb' }, log })
const json = { 'content-type': 'application/json' }

test('what is wrong with the input is all said, with its places', async () => {
  const [red] = await shared.current.people('red')
  const answer = await red.fetch('/api/me/api-keys', {
    method: 'POST',
    headers: json,
    body: '{"name":"","scopes":["all"],"expiresInDays":1.5,"x":1}',
  })
  expect(answer.status).toBe(422)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  const problem = await answer.json()
  expect(problem).toMatchObject({
    code: 'request.invalid',
    status: 422,
    title: expect.any(String),
    action: expect.any(String),
    requestId: answer.headers.get('x-request-id'),
  })
  expect(problem.issues.map(({ path }: { path: unknown[] }) => path)).toEqual([['name'], ['scopes', 0], ['expiresInDays'], []])
})

test.each([
  ['a body that is no JSON', '{"name": "lap', json, 400, 'request.malformed'],
  ['a body of another type', 'name=laptop', { 'content-type': 'application/x-www-form-urlencoded' }, 400, 'request.malformed'],
  ['JSON without its content type', '{"name":"laptop"}', { 'content-type': 'text/plain' }, 400, 'request.malformed'],
  ['a list where an object belongs', '[1]', json, 400, 'request.malformed'],
  ['no body', '', json, 422, 'request.invalid'],
  ['a character that no text may hold', '{"name":"a\\u0000b"}', json, 422, 'request.invalid'],
  ['a body over the limit', JSON.stringify({ name: 'x'.repeat(30_000) }), json, 413, 'request.too_large'],
])('%s is refused', async (_, body, headers, status, code) => {
  const [red] = await shared.current.people('red')
  const answer = await red.fetch('/api/me/api-keys', { method: 'POST', headers, body })
  expect([answer.status, (await answer.json()).code]).toEqual([status, code])
  expect(await red.call('people.me')).toSucceed()
})

test('a body without a length and without an end is cut off at the limit', async () => {
  const [red] = await shared.current.people('red')
  const chunk = new TextEncoder().encode(' '.repeat(4000))
  const body = new ReadableStream<Uint8Array>({ pull: (controller) => controller.enqueue(chunk) })
  // The refusal arrives, or the connection is gone before the client could read it.
  const status = await red.fetch('/api/me/api-keys', { method: 'POST', headers: json, body, duplex: 'half' } as RequestInit).then(
    (answer) => answer.status,
    () => 'cut',
  )
  expect([413, 'cut']).toContain(status)
  expect(await red.call('people.me')).toSucceed()
})

test('a field has one place: what the address says the body may not say again, nor the query of what has a body', async () => {
  const [red] = await shared.current.people('red')
  const other = crypto.randomUUID()
  const twice = await red.fetch(`/api/workspaces/${red.workspaceId}`, {
    method: 'PATCH',
    headers: json,
    body: JSON.stringify({ workspaceId: other, name: 'x' }),
  })
  expect((await twice.json()).issues).toEqual([{ path: ['workspaceId'], message: expect.any(String) }])
  const query = await red.fetch(`/api/workspaces/${red.workspaceId}?name=x`, { method: 'PATCH', headers: json, body: '{"name":"y"}' })
  expect((await query.json()).issues).toEqual([{ path: ['name'], message: expect.any(String) }])
  const list = await red.fetch(`/api/workspaces/${red.workspaceId}/conversations?limit=2&limit=3`)
  expect((await list.json()).issues).toMatchObject([{ path: ['limit'] }])
  expect(await red.call('conversations.list', { workspaceId: red.workspaceId, limit: '2' })).toSucceed()
  const nobodyAsked = await red.fetch('/api/me?verbose=1')
  expect(nobodyAsked.status).toBe(422)
})

test('an unknown address and a wrong method say so', async () => {
  const client = shared.current.stranger()
  const unknown = await client.fetch('/api/nothing/here')
  expect([unknown.status, (await unknown.json()).code]).toEqual([404, 'request.not_found'])
  const wrong = await client.fetch('/api/me', { method: 'PUT' })
  expect([wrong.status, wrong.headers.get('allow'), (await wrong.json()).code]).toEqual([405, 'GET', 'request.method_not_allowed'])
})

test('another site cannot make a browser act, with or without a session', async () => {
  const app = shared.current
  const [red] = await app.people('red')
  const post = (headers: Record<string, string>) =>
    red.fetch('/api/me/api-keys', { method: 'POST', headers: { ...json, ...headers }, body: '{"name":"a"}' })
  const refused = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: app.url },
    { origin: app.url.replace(/:\d+$/, ':1') },
  ]
  const statuses = await Promise.all(refused.map((headers) => post(headers as Record<string, string>)))
  expect(statuses.map(({ status }) => status)).toEqual(refused.map(() => 403))
  expect((await post({ origin: app.url })).status).toBe(201)
  expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(201)

  // A cookie with neither header comes from no browser we know.
  const bare = await fetch(`${app.url}/api/sign-out`, { method: 'POST', headers: { cookie: red.cookie! } })
  expect((await bare.json()).code).toBe('request.cross_site')
  const signIn = await fetch(`${app.url}/api/sign-in`, {
    method: 'POST',
    headers: { ...json, origin: 'https://evil.example' },
    body: JSON.stringify({ email: red.email, password: red.password }),
  })
  expect((await signIn.json()).code).toBe('request.cross_site')

  const { secret } = await red.get('people.createApiKey', { name: 'program' })
  const program = await fetch(`${app.url}/api/sign-out`, { method: 'POST', headers: { authorization: `Bearer ${secret}` } })
  expect(program.status).toBe(200)
})

test('every response forbids what a page of ours does not need', async () => {
  const client = shared.current.stranger()
  for (const path of ['/api/about', '/api/nothing', '/health', '/nothing']) {
    const { headers } = await client.fetch(path)
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'; style-src 'self';")
    expect(headers.get('content-security-policy')).not.toContain('unsafe')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(headers.get('strict-transport-security')).toBeNull()
  }
})

test('health, readiness and metrics; metrics for this machine and administrators only', async () => {
  const app = shared.current
  const client = app.stranger()
  expect((await client.fetch('/health')).status).toBe(200)
  expect((await client.fetch('/ready')).status).toBe(200)
  const metrics = await client.fetch('/metrics')
  expect(await metrics.text()).toContain('parley_http_requests_total{method="GET",route="health",status="200"}')
  const [red] = await app.people('red')
  const proxied = { 'x-forwarded-for': '203.0.113.9' }
  expect((await client.fetch('/metrics', { headers: proxied })).status).toBe(401)
  expect((await red.fetch('/metrics', { headers: proxied })).status).toBe(403)
  expect((await (await app.admin()).fetch('/metrics', { headers: proxied })).status).toBe(200)
})

test('the OpenAPI document has every endpoint of the contract', async () => {
  const document = await (await shared.current.stranger().fetch('/api/openapi.json')).json()
  expect(document.openapi).toMatch(/^3\.1/)
  expect(Object.keys(document.paths['/conversations/{id}/turns'])).toEqual(['post'])
  const { responses } = document.paths['/me/api-keys'].post
  expect(responses['201'].content).toHaveProperty('application/json')
  expect(responses['404'].content['application/problem+json'].schema).toEqual({ $ref: '#/components/schemas/Problem' })
  expect(document.components.schemas.Problem.required).toEqual(expect.arrayContaining(['code', 'action', 'status', 'title']))
})

test('a long answer is compressed for who takes it', async () => {
  const { port } = shared.current.server.address
  const length = (headers: Record<string, string>) =>
    new Promise<[encoding: string | undefined, bytes: number]>((resolve, reject) => {
      const sent = rawRequest({ port, path: '/api/workspaces', headers: { ...headers } }, (response) => {
        let bytes = 0
        response
          .on('data', (chunk: Buffer) => (bytes += chunk.length))
          .on('end', () => resolve([response.headers['content-encoding'], bytes]))
      })
      sent.on('error', reject).end()
    })
  const admin = await shared.current.admin()
  await Promise.all(Array.from({ length: 20 }, (_, index) => admin.get('workspaces.create', { name: `Team number ${index}` })))
  const [plain, small] = [await length({ cookie: admin.cookie! }), await length({ cookie: admin.cookie!, 'accept-encoding': 'gzip, br' })]
  expect([plain[0], small[0]]).toEqual([undefined, 'gzip'])
  expect(small[1]).toBeLessThan(plain[1] / 2)
})

test('a client that goes away in the middle of its body is no bug of ours', async () => {
  const app = shared.current
  const [red] = await app.people('red')
  const logged = lines.length
  const { port } = app.server.address
  const headers = { ...json, cookie: red.cookie!, origin: app.url, 'content-length': '1000' }
  const sent = rawRequest({ host: '127.0.0.1', port, method: 'POST', path: '/api/me/api-keys', headers })
  sent.on('error', () => {})
  await new Promise((resolve) => sent.write('{"name":', resolve))
  sent.destroy()
  await expect.poll(() => lines.slice(logged).find((line) => line.includes('/me/api-keys'))).toContain('"code":"request.malformed"')
  expect(lines.slice(logged).filter((line) => line.includes('"msg":"bug"'))).toEqual([])
})

test('nothing secret is in the log', async () => {
  const app = shared.current
  const [red] = await app.people('red')
  const { secret } = await red.get('people.createApiKey', { name: 'program' })
  await app.withKey(secret).call('people.me')
  await red.fetch(`/api/me?token=${secret}`)
  await app.stranger().call('people.signIn', { email: red.email, password: red.password })
  const text = lines.join('')
  for (const hidden of [secret, red.password, red.email, red.cookie!.split('=')[1]!]) expect(text).not.toContain(hidden)
  expect(text).toContain(red.id)
})
