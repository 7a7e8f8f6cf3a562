import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startProviderServer } from '../support/provider-server/index.ts'
import { SocketClient } from '../support/socket-client.ts'
import { type Person, useTestApp } from '../support/test-app.ts'
import { eventually, scripted } from '../support/turn-client.ts'
import { browserOf } from './credentials.ts'
import { addConnection } from './world.ts'

// What was open when somebody lost access: by design nobody is believed for longer than five seconds.

const provider = await startProviderServer()
afterAll(() => provider.close())
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1' } })
beforeAll(() => shared.current.app.listing?.firstRound)

const patienceMs = 5_000

/** A stream of a turn that runs for half a minute, the person's own stream, and a socket that follows both. */
async function openEverything(person: Person, headers: Record<string, string>) {
  const { modelId } = await addConnection(person, provider.baseUrl('compatible'))
  const { id } = await person.get('conversations.create', { workspaceId: person.workspaceId })
  const { turnId } = await person.get('turns.start', { id, text: scripted({ tokens: 3_000, delayMs: 10 }), modelId })
  const follow = async (path: string) => {
    const response = await fetch(shared.current.url + path, { headers })
    expect(response.status).toBe(200)
    return { closed: response.text().catch(() => 'cut') }
  }
  const streams = await Promise.all([follow(`/api/turns/${turnId}/events`), follow('/api/me/events')])
  const socket = await SocketClient.open(shared.current.url, headers)
  await socket.ask({ type: 'turn.follow', id: turnId })
  await socket.ask({ type: 'events.follow' })
  await socket.next('turn.events')
  return { turnId, socket, closed: Promise.all([...streams.map((stream) => stream.closed), socket.closed]) }
}

async function withinPatience(closed: Promise<(string | number)[]>): Promise<(string | number)[]> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error('still open after 5 s')), patienceMs).unref())
  return Promise.race([closed, late])
}

test.each(['disabled', 'inactive'] as const)(
  'all of a person who becomes %s',
  async (status) => {
    const admin = await shared.current.admin()
    const [person, other] = await shared.current.people('person', 'other')
    const ofPerson = await openEverything(person, browserOf(shared.current, person))
    const ofOther = await openEverything(other, browserOf(shared.current, other))

    await admin.get('people.updateUser', { id: person.id, status })

    expect((await withinPatience(ofPerson.closed)).at(-1)).toBe(4401)
    expect(ofPerson.socket.heard.at(-1)).toMatchObject({ type: 'error', code: 'auth.required' })
    expect(await ofOther.socket.ask({ type: 'ping' })).toMatchObject({ type: 'pong' })
    await other.get('turns.stop', { id: ofOther.turnId })
    await ofOther.socket[Symbol.asyncDispose]()
  },
  30_000,
)

test('what a revoked key opened, and not the browser of the same person', async () => {
  const [person] = await shared.current.people('person')
  const { apiKey, secret } = await person.get('people.createApiKey', { name: 'program' })
  const ofKey = await openEverything(person, { authorization: `Bearer ${secret}` })
  await using browser = await SocketClient.open(shared.current.url, browserOf(shared.current, person))

  await person.get('people.revokeApiKey', { id: apiKey.id })

  expect((await withinPatience(ofKey.closed)).at(-1)).toBe(4401)
  expect(await browser.ask({ type: 'ping' })).toMatchObject({ type: 'pong' })
  await person.get('turns.stop', { id: ofKey.turnId })
}, 30_000)

test('what a session opened that was ended from another device', async () => {
  const [person] = await shared.current.people('person')
  const opened = await openEverything(person, browserOf(shared.current, person))
  const token = await shared.current.app.auth.openSession(person.id, { address: null, userAgent: 'another device' })
  const cookie = shared.current.deps.cookie.set(token).split(';', 1)[0]!

  const response = await fetch(`${shared.current.url}/api/me/sessions`, {
    method: 'DELETE',
    headers: { cookie, origin: shared.current.url },
  })
  expect(response.status).toBe(200)

  expect((await withinPatience(opened.closed)).at(-1)).toBe(4401)
}, 30_000)

test('a session that ran out is noticed on its socket, though nobody says so', async () => {
  const [person] = await shared.current.people('person')
  const opened = await openEverything(person, browserOf(shared.current, person))

  await sql`update session set expires_at = now() where user_id = ${person.id}`.execute(shared.current.deps.db)

  // The next thing that a client says on a socket is refused, at the latest when what was known of it is five seconds old.
  const answer = await eventually(
    () => opened.socket.ask({ type: 'ping' }).catch(() => undefined),
    (said) => said?.type !== 'pong',
    patienceMs + 1_000,
  )
  expect(answer).toMatchObject({ type: 'error', code: 'auth.required' })
  expect(await opened.socket.closed).toBe(4401)
}, 30_000)
