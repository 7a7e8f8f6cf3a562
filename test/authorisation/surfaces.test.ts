import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { policiesOfScopes } from '../../src/contract/app-choices.ts'
import type { OpenAiError } from '../../src/server/surfaces/openai/errors.ts'
import { startProviderServer } from '../support/provider-server/index.ts'
import { useTestApp } from '../support/test-app.ts'
import { endpoints } from './branded-positions.ts'
import { type BadCredential, badCredentials, browserOf, type NarrowScope, narrowKeys, narrowScopes } from './credentials.ts'
import { addConnection, askFirst, askMore, makeWorld, stateOf, type World } from './world.ts'

// What is served beside the contract: a route that is not on this list turns the first test red.

const provider = await startProviderServer()
afterAll(() => provider.close())
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' }, tools: [askFirst, askMore] })

let world: World
let bad: BadCredential[]
let keys: Record<NarrowScope, Record<string, string>>
beforeAll(async () => {
  await shared.current.app.listing?.firstRound
  world = await makeWorld(shared.current, provider)
  bad = await badCredentials(shared.current, world.alice)
  keys = await narrowKeys(world.alice)
}, 60_000)

/** Who each of them is for, and where that is tested. */
const besideTheContract: Record<string, string> = {
  'GET /api/openapi.json': 'anyone: it describes the contract, which is public',
  'GET /health': 'anyone: says only that it works',
  'GET /ready': 'anyone: says only that it works',
  'GET /metrics': 'this machine, or an administrator: below',
  'GET /v1/models': 'below',
  'GET /v1/models/:name{.+}': 'below',
  'POST /v1/chat/completions': 'below',
  'POST /v1/embeddings': 'below',
  'POST /hooks/:id': 'a platform that signs: src/server/features/channels/strangers.slow.test.ts',
  'ALL /hooks/:id': 'refuses another method',
  'ALL /v1/models': 'refuses another method',
  'ALL /v1/models/:name{.+}': 'refuses another method',
  'ALL /v1/chat/completions': 'refuses another method',
  'ALL /v1/embeddings': 'refuses another method',
  'ALL /v1/*': 'refuses an unknown address',
  'GET /.well-known/oauth-protected-resource': 'anyone: says where programs are let in',
  'GET /.well-known/oauth-protected-resource/mcp': 'the same',
  'GET /.well-known/oauth-authorization-server': 'the same',
  'POST /oauth/register': 'any program; gives an id that opens nothing: apps.slow.test.ts of the apps',
  'POST /oauth/token': 'a program with a code or token that it can prove: apps.slow.test.ts of the apps',
  'POST /oauth/revoke': 'a program with its own token: apps.slow.test.ts of the apps',
  'ALL /mcp': 'whoever has an API key or was let in, by the gate of what they call: src/server/surfaces/mcp/mcp.slow.test.ts',
  'GET /:handle{@[^/]+}': 'anyone, for a page that is published: public-page.test.ts of the pages',
  'GET /:handle{@[^/]+}/llms.txt': 'the same',
  'GET /:handle{@[^/]+}/go/:linkId': 'the same; changes a count and nothing else',
  'GET /:handle{@[^/]+}/bot': 'anyone, for a page whose bot answers: visits.slow.test.ts of the visits',
  'OPTIONS /:handle{@[^/]+}/bot': 'the same',
  'GET /:handle{@[^/]+}/chat': 'a visitor, by the cookie of that page: visits.slow.test.ts of the visits',
  'POST /:handle{@[^/]+}/chat': 'the same; issues the cookie',
  'POST /:handle{@[^/]+}/visit': 'the same; issues an id that opens nothing but visits of that page: visits.test.ts',
  'OPTIONS /:handle{@[^/]+}/visit': 'the same',
  'GET /:handle{@[^/]+}/*': 'refuses an unknown address',
  'GET /@/style.css': 'anyone: a style sheet, made of what the address says',
  'GET /s/:token': 'whoever has the link, as long as it holds: shares.slow.test.ts of the shares',
  'GET /s/:token/files/:id': 'whoever has the link, for the files of its path: shares.slow.test.ts of the shares',
  'GET /schemas/agent-package.json': 'anyone: the format of a manifest, which holds no data',
  'ALL /*': 'the access log, the headers and the files of the web app, which hold no data',
}

test('every mounted route is of the contract or on the list', () => {
  const pattern = (path: string) => path.replaceAll(/\{(\w+)\}/g, ':$1')
  const ofContract = endpoints.flatMap(({ method, path }) => [`${method} ${pattern(path)}`, `ALL ${pattern(path)}`])
  const mounted = shared.current.app.http.routes.map(({ method, path }) => `${method} ${path}`)

  expect([...new Set(mounted)].toSorted()).toEqual([...new Set([...ofContract, ...Object.keys(besideTheContract)])].toSorted())
})

describe('/v1', () => {
  const chat = (model: string) => ({ model, messages: [{ role: 'user', content: 'hello' }] })
  /** Each as its owner would call it, with the scopes that it cannot do without. */
  const routes: { method: string; path: string; body?: object; needs: NarrowScope[] }[] = [
    { method: 'GET', path: '/models', needs: ['model:use'] },
    { method: 'GET', path: '/models/deepseek-chat', needs: ['model:use'] },
    { method: 'POST', path: '/chat/completions', body: chat('deepseek-chat'), needs: ['model:use', 'turn:create'] },
    {
      method: 'POST',
      path: '/chat/completions',
      body: { ...chat('deepseek-chat'), store: true },
      needs: ['model:use', 'turn:create', 'conversation:create'],
    },
    { method: 'POST', path: '/embeddings', body: { model: 'nomic-embed-text', input: 'hello' }, needs: ['model:use', 'turn:create'] },
  ]

  async function call(
    headers: Record<string, string>,
    { method, path, body }: { method: string; path: string; body?: object | undefined },
  ) {
    const response = await fetch(`${shared.current.url}/v1${path}`, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, headers: response.headers, body: (await response.json()) as Partial<OpenAiError> }
  }

  test.each(routes)(
    '$method $path $body is refused to whoever may not call it',
    async (route) => {
      const before = await stateOf(world)
      for (const { what, headers } of bad) {
        const answer = await call(headers, route)
        expect(answer.status, what).toBe(401)
        expect(answer.body.error?.code, what).toMatch(/^(invalid_api_key|account_deactivated)$/)
      }
      for (const scope of narrowScopes) {
        if (route.needs.every((need) => policiesOfScopes([scope]).includes(need))) continue
        const answer = await call(keys[scope], route)
        expect({ status: answer.status, code: answer.body.error?.code }, scope).toEqual({ status: 403, code: 'missing_scope' })
      }
      if (route.method === 'POST') {
        const { cookie } = browserOf(shared.current, world.alice) as { cookie: string }
        expect((await call({ cookie, origin: 'https://elsewhere.example' }, route)).status).toBe(403)
      }
      expect(await stateOf(world)).toEqual(before)

      const { secret } = await world.alice.get('people.createApiKey', { name: 'just enough', scopes: route.needs })
      expect(await call({ authorization: `Bearer ${secret}` }, route)).toMatchObject({ status: 200 })
    },
    30_000,
  )

  test("somebody else's model is no model", async () => {
    const [stranger, owner] = await shared.current.people('stranger', 'owner')
    await addConnection(owner, provider.baseUrl('ollama').replace('/ollama', '/compatible/v1'))
    const headers = { authorization: `Bearer ${(await stranger.get('people.createApiKey', { name: 'key' })).secret}` }
    for (const route of [
      { method: 'GET', path: '/models/NAME' },
      { method: 'POST', path: '/chat/completions', body: chat('NAME') },
      { method: 'POST', path: '/embeddings', body: { model: 'NAME', input: 'hello' } },
    ]) {
      const named = async (name: string) => {
        const answer = await call(headers, JSON.parse(JSON.stringify(route).replace('NAME', name)) as typeof route)
        return { status: answer.status, error: JSON.stringify(answer.body).replaceAll(name, 'NAME') }
      }
      const missing = await named('no-such-model')
      expect(missing.status).toBe(404)
      expect(await named('deepseek-chat')).toEqual(missing)
    }
    const listed = await call(headers, { method: 'GET', path: '/models' })
    expect(JSON.stringify(listed.body)).not.toContain('deepseek')
  })
})

describe('/metrics', () => {
  const read = (headers: Record<string, string>) => fetch(`${shared.current.url}/metrics`, { headers }).then(({ status }) => status)

  test('is for this machine; through a proxy only for an administrator', async () => {
    const proxied = { 'x-forwarded-for': '203.0.113.9' }
    const { admin, alice } = world
    const bearer = async (person: typeof admin, scopes: ('*' | NarrowScope)[] = ['*']) => ({
      ...proxied,
      authorization: `Bearer ${(await person.get('people.createApiKey', { name: 'metrics', scopes })).secret}`,
    })
    expect(await read({})).toBe(200)
    expect(await read(proxied)).toBe(401)
    for (const { what, headers, code } of bad)
      expect(await read({ ...headers, ...proxied }), what).toBe(code === 'auth.disabled' ? 403 : 401)
    expect(await read(await bearer(alice))).toBe(403)
    expect(await read(await bearer(admin, ['usage:read']))).toBe(403)
    expect(await read(await bearer(admin))).toBe(200)
  })
})
