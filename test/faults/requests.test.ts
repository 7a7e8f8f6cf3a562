import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Problem } from '../../src/contract/errors.ts'
import { endpoints } from '../authorisation/branded-positions.ts'
import { browserOf } from '../authorisation/credentials.ts'
import { startProviderServer } from '../support/provider-server/index.ts'
import { SocketClient } from '../support/socket-client.ts'
import { type Person, useTestApp } from '../support/test-app.ts'
import { conversationWith, eventually, scripted } from '../support/turn-client.ts'

const provider = await startProviderServer()
afterAll(() => provider.close())
const shared = useTestApp({
  env: { BODY_LIMIT: '64kb', OPENAI_API_KEY: 'sk-requests-0000', OPENAI_BASE_URL: provider.baseUrl('openai') },
})

let alice: Person
let conversationId: string
beforeAll(async () => {
  await shared.current.app.listing?.firstRound
  ;[alice] = await shared.current.people('alice')
  conversationId = await conversationWith(alice, 'gpt-4o')
})

/** The problem that a request was answered with, which must be RFC 9457 to the letter. */
async function problemOf(response: Response): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  expect(response.headers.get('cache-control')).toBe('no-store')
  const body = (await response.json()) as Problem
  expect(Problem.strict().parse(body)).toEqual(body)
  expect(body).toMatchObject({
    status: response.status,
    type: `urn:parley:error:${body.code}`,
    requestId: response.headers.get('x-request-id'),
  })
  return body
}

const json = { 'content-type': 'application/json' }

/** With an id of nothing where the address asks for one: what is wrong with the body is said first. */
const writing = endpoints
  .filter(({ method, takesBytes }) => method !== 'GET' && !takesBytes)
  .map(({ method, path, name }) => ({ name, method, path: path.replaceAll(/\{\w+\}/g, '01a202c8-5c66-7001-a91b-f5ba85fad65a') }))

describe.each(writing)('$name', ({ method, path }) => {
  const send = (body: BodyInit, headers: Record<string, string> = json) => alice.fetch(path, { method, body, headers })

  test('says what is wrong with its input', async () => {
    for (const body of ['{"name": ', '[]', '"text"', 'null', '{"a":1}}'])
      expect(await problemOf(await send(body)), body).toMatchObject({ code: 'request.malformed', status: 400 })
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx'])
      expect(await problemOf(await send('{}', { 'content-type': type })), type).toMatchObject({ code: 'request.malformed' })
    const unknown = await problemOf(await send('{"neverHeardOf": 1}'))
    expect(unknown).toMatchObject({ code: 'request.invalid', status: 422 })
    expect(JSON.stringify(unknown.issues)).toContain('neverHeardOf')
    expect(await problemOf(await alice.fetch(`${path}?neverHeardOf=1`, { method }))).toMatchObject({
      code: 'request.invalid',
      issues: [{ path: ['neverHeardOf'] }],
    })
  })
})

test('all that is wrong is said at once, each with its place', async () => {
  const { workspaceId } = alice
  const answer = await alice.fetch(`/api/workspaces/${workspaceId}/connections`, {
    method: 'POST',
    headers: json,
    body: JSON.stringify({
      provider: 'nobody',
      apiKey: 7,
      baseUrl: 'ftp://example.org',
      headers: { 'X-A': 1, 'b c': 'x' },
      isDefault: 'yes',
      more: 1,
    }),
  })
  const { code, issues } = await problemOf(answer)
  expect(code).toBe('request.invalid')
  const places = issues!.map(({ path }) => path.join('.'))
  for (const place of ['provider', 'apiKey', 'baseUrl', 'headers.X-A', 'headers.b c', 'isDefault', '']) expect(places).toContain(place)
})

test('where the body is a file, all fields stand in the address and are checked there', async () => {
  const path = '/api/attachments/01a202c8-5c66-7001-a91b-f5ba85fad65a/bytes'
  const put = (query: string) => alice.fetch(path + query, { method: 'PUT', body: '{"expires": 1, "signature": "x"}', headers: json })
  const { code, issues } = await problemOf(await put('?expires=soon&neverHeardOf=1'))
  expect(code).toBe('request.invalid')
  expect(issues!.map(({ path: place }) => place.join('.')).toSorted()).toEqual(['', 'expires', 'signature'])
  expect(await problemOf(await put('?expires=1&signature=x'))).toMatchObject({ code: 'attachment.not_found' })
})

test('an id that is none, a field from two places and a query that is not one are said too', async () => {
  expect(await problemOf(await alice.fetch('/api/conversations/42'))).toMatchObject({ code: 'request.invalid', issues: [{ path: ['id'] }] })
  expect(await problemOf(await alice.fetch(`/api/conversations/${conversationId}?id=${conversationId}`))).toMatchObject({
    issues: [{ path: ['id'] }],
  })
  expect(await problemOf(await alice.fetch(`/api/workspaces/${alice.workspaceId}/conversations?limit=1000&cursor=%00`))).toMatchObject({
    code: 'request.invalid',
  })
  expect(await problemOf(await alice.fetch('/api/nothing/here'))).toMatchObject({ code: 'request.not_found' })
  const method = await alice.fetch('/api/me', { method: 'DELETE' })
  expect(method.headers.get('allow')).toBe('GET')
  expect(await problemOf(method)).toMatchObject({ code: 'request.method_not_allowed' })
})

describe('what is too large', () => {
  const tooLarge = JSON.stringify({ name: 'x'.repeat(70_000) })

  test('is refused by its declared length, and by what comes where none is declared', async () => {
    expect(await problemOf(await alice.fetch('/api/workspaces', { method: 'POST', body: tooLarge, headers: json }))).toMatchObject({
      code: 'request.too_large',
      status: 413,
    })
    const chunked = new Blob([tooLarge]).stream()
    const response = await alice.fetch('/api/workspaces', { method: 'POST', body: chunked, headers: json, duplex: 'half' } as RequestInit)
    expect(await problemOf(response)).toMatchObject({ code: 'request.too_large' })
  })

  test('a message may be a megabyte, and not more', async () => {
    const start = (text: string) =>
      alice.fetch(`/api/conversations/${conversationId}/turns`, { method: 'POST', headers: json, body: JSON.stringify({ text }) })
    const words = 'äöü '.repeat(250_000) // twice that in bytes, far over the limit of other endpoints
    const script = scripted({ text: 'read' })
    const accepted = await start(words.slice(script.length) + script)
    expect(accepted.status).toBe(202)
    const { turnId } = (await accepted.json()) as { turnId: string }
    expect(await problemOf(await start(`${words}x`.padEnd(1_000_001, 'x')))).toMatchObject({
      code: 'request.invalid',
      issues: [{ path: ['text'] }],
    })
    expect(await problemOf(await start('x'.repeat(13 * 1024 * 1024)))).toMatchObject({ code: 'request.too_large' })
    await eventually(
      () => alice.get('turns.get', { id: turnId }),
      ({ state }) => state === 'completed',
    )
  })
})

describe('on the socket', () => {
  const open = () => SocketClient.open(shared.current.url, browserOf(shared.current, alice))

  test('what is wrong is said under the ref it came with, and the socket goes on', async () => {
    await using socket = await open()
    for (const frame of ['{"type": ', 'hello', '']) {
      socket.send(frame)
      expect(await socket.next('error'), frame).toMatchObject({ ref: null, code: 'request.malformed' })
    }
    for (const frame of ['[]', '{}', 'null', '{"type":"nothing"}']) {
      socket.send(frame)
      expect(await socket.next('error'), frame).toMatchObject({ ref: null, code: 'request.invalid' })
    }
    socket.socket.send(Buffer.from('{"type":"ping","ref":"a"}'), { binary: true })
    expect(await socket.next('error')).toMatchObject({ code: 'request.malformed' })
    expect(await socket.ask({ type: 'ping', neverHeardOf: 1 })).toMatchObject({ type: 'error', code: 'request.invalid' })
    const all = await socket.ask({ type: 'turn.start', turn: { id: 'x', text: 7, modelId: 'y', more: 1 } })
    expect(all).toMatchObject({ type: 'error', code: 'request.invalid' })
    const places = all.type === 'error' ? all.issues!.map(({ path }) => path.join('.')) : []
    for (const place of ['turn.id', 'turn.text', 'turn.modelId', 'turn']) expect(places).toContain(place)
    expect(await socket.ask({ type: 'ping' })).toMatchObject({ type: 'pong' })
  })

  test('U+0000 is refused, not stored', async () => {
    await using socket = await open()
    expect(await socket.ask({ type: 'turn.start', turn: { id: conversationId, text: 'a\0b' } })).toMatchObject({
      type: 'error',
      code: 'request.invalid',
    })
  })

  test('a frame past the limit closes it with 1009', async () => {
    await using socket = await open()
    socket.send({ type: 'turn.start', ref: 'r', turn: { id: conversationId, text: 'x'.repeat(13 * 1024 * 1024) } })
    expect(await socket.closed).toBe(1009)
    expect(await alice.call('people.me')).toSucceed()
  })
})

describe('an idempotency key', () => {
  const start = (id: string, text: string, key: string) =>
    alice.fetch(`/api/conversations/${id}/turns`, {
      method: 'POST',
      headers: { ...json, 'idempotency-key': key },
      body: JSON.stringify({ text }),
    })

  test('in the header is the one in the body, and is not cut to fit', async () => {
    const id = await conversationWith(alice, 'gpt-4o')
    const first = (await (await start(id, scripted({ text: 'once' }), 'key-of-header')).json()) as { turnId: string }
    const again = await alice.get('turns.start', { id, text: scripted({ text: 'once' }), idempotencyKey: 'key-of-header' })
    expect(again.turnId).toBe(first.turnId)
    expect(await problemOf(await start(id, 'another', 'key-of-header'))).toMatchObject({ code: 'idempotency.mismatch' })
    // Two keys that differ only past the limit must not be taken for one.
    expect(await problemOf(await start(id, 'long', 'k'.repeat(201)))).toMatchObject({ code: 'request.invalid' })
    expect(await problemOf(await start(id, 'empty', ''))).toMatchObject({ code: 'request.invalid' })
  })

  test('belongs to who sent it', async () => {
    const [bob] = await shared.current.people('bob')
    const mine = await alice.get('turns.start', { id: await conversationWith(alice, 'gpt-4o'), text: 'mine', idempotencyKey: 'one key' })
    const theirs = await bob.get('turns.start', { id: await conversationWith(bob, 'gpt-4o'), text: 'theirs', idempotencyKey: 'one key' })
    expect(theirs.turnId).not.toBe(mine.turnId)
  })
})
