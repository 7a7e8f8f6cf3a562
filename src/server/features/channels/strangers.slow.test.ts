import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { addHook, type Hook, hookBody, sendEvent, signed } from '../../../../test/support/hook-client.ts'
import { startReplyReceiver } from '../../../../test/support/reply-receiver.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'

// What may knock at the door without a proof, and how often. Each test has an address of its own, as a proxy tells it.

const receiver = await startReplyReceiver()
afterAll(() => receiver[Symbol.asyncDispose]())
const shared = useTestApp({ env: { EGRESS_ALLOW: '127.0.0.1', TRUST_PROXY: '1', HOOK_EVENTS_PER_MINUTE: '8' } })

let alice: Person
let hook: Hook
let address: string
let addresses = 0
beforeEach(async () => {
  ;[alice] = await shared.current.people('alice')
  hook = await addHook(alice, receiver.url)
  address = `192.0.2.${++addresses}`
})

async function knock(id: string, init: RequestInit, from = address) {
  const headers = { ...(init.headers as Record<string, string>), 'x-forwarded-for': from }
  const response = await fetch(`${shared.current.url}/hooks/${id}`, { ...init, headers })
  const { code } = (await response.json()) as { code?: string }
  return { status: response.status, code, retryAfter: Number(response.headers.get('retry-after')) }
}
const times = <T>(count: number, work: () => Promise<T>) => Promise.all(Array.from({ length: count }, work))
const codesOf = (answers: { code?: string | undefined }[]) => [...new Set(answers.map(({ code }) => code))]
const forged = () => signed({ ...hook, secret: `whsec_${Buffer.from('a secret of another hook').toString('base64')}` }, hookBody({}))
const countEvents = async () =>
  (
    await sql<{ count: number }>`select count(*)::int as count from inbound_event where installation_id = ${hook.installationId}`.execute(
      shared.current.deps.db,
    )
  ).rows[0]!.count

test('who tries ids is told to wait; from the same address, what is known is served', async () => {
  await knock(hook.installationId, signed(hook, hookBody({})))
  expect(codesOf(await times(60, () => knock(randomUUID(), forged())))).toEqual(['installation.not_found'])

  const refused = await knock(randomUUID(), forged())
  expect(refused).toMatchObject({ status: 429, code: 'request.rate_limited' })
  expect(refused.retryAfter).toBeGreaterThan(0)
  expect((await knock(hook.installationId, signed(hook, hookBody({})))).status).toBe(200)
  expect((await knock(randomUUID(), forged(), '198.51.100.1')).code).toBe('installation.not_found')
})

test('who forges signatures is told to wait at this installation, and nobody else is', async () => {
  const other = await addHook(alice, receiver.url)
  expect(codesOf(await times(60, () => knock(hook.installationId, forged())))).toEqual(['hook.signature_invalid'])

  expect(await knock(hook.installationId, forged())).toMatchObject({ status: 429, code: 'request.rate_limited' })
  expect((await knock(other.installationId, signed(other, hookBody({})))).status).toBe(200)
  expect((await knock(hook.installationId, signed(hook, hookBody({})), '198.51.100.2')).status).toBe(200)
  expect(await countEvents()).toBe(1)
})

test('addresses of one network of IPv6 are one stranger', async () => {
  let last = 0
  await times(60, () => knock(hook.installationId, forged(), `2001:db8:0:1::${(++last).toString(16)}`))

  expect((await knock(hook.installationId, forged(), '2001:db8:0:1:ffff::1')).status).toBe(429)
  expect((await knock(hook.installationId, forged(), '2001:db8:0:2::1')).status).toBe(401)
})

test('an installation has a share of events a minute, copies included; the others have theirs', async () => {
  const same = signed(hook, hookBody({}))
  expect((await times(4, () => knock(hook.installationId, same))).map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect((await times(4, () => knock(hook.installationId, signed(hook, hookBody({}))))).every(({ status }) => status === 200)).toBe(true)

  const refused = await knock(hook.installationId, signed(hook, hookBody({})))
  expect(refused).toMatchObject({ status: 429, code: 'request.rate_limited' })
  expect(refused.retryAfter).toBeGreaterThan(0)
  expect(await countEvents()).toBe(5)
  const other = await addHook(alice, receiver.url)
  expect((await knock(other.installationId, signed(other, hookBody({})))).status).toBe(200)
})

describe('before its body is read', () => {
  /** A body that never ends: an answer proves that nobody waited for it. */
  const endless = (headers: Record<string, string>, id = hook.installationId) => {
    const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{')) })
    const aborted = new AbortController()
    return knock(id, { method: 'POST', body, duplex: 'half', headers, signal: aborted.signal } as RequestInit).finally(() =>
      aborted.abort(),
    )
  }

  test('a request is refused whose headers are missing or old, or that names no installation', async () => {
    const { headers } = signed(hook, '{}') as { headers: Record<string, string> }
    const stale = { ...headers, 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 400) }
    const nonsense = { ...headers, 'webhook-timestamp': 'now' }
    for (const given of [{}, stale, nonsense]) expect((await endless(given)).code).toBe('hook.signature_invalid')
    expect((await endless(headers, randomUUID())).code).toBe('installation.not_found')
  })
})

test('a request that is replayed is one event, and under a new time is forged', async () => {
  const init = signed(hook, hookBody({})) as RequestInit & { headers: Record<string, string> }
  expect((await times(3, () => knock(hook.installationId, init))).map(({ status }) => status)).toEqual([200, 200, 200])
  const later = { ...init, headers: { ...init.headers, 'webhook-timestamp': String(Math.floor(Date.now() / 1000) + 5) } }

  expect((await knock(hook.installationId, later)).code).toBe('hook.signature_invalid')
  expect(await countEvents()).toBe(1)
})

test('what was just switched off or deleted takes nothing more', async () => {
  expect((await sendEvent(shared.current.url, hook, {})).status).toBe(200)
  await alice.get('installations.update', { id: hook.installationId, isEnabled: false })
  expect((await sendEvent(shared.current.url, hook, {})).status).toBe(403)
  await alice.get('installations.update', { id: hook.installationId, isEnabled: true })
  expect((await sendEvent(shared.current.url, hook, {})).status).toBe(200)
  await alice.get('installations.delete', { id: hook.installationId })
  expect((await sendEvent(shared.current.url, hook, {})).status).toBe(404)
})
