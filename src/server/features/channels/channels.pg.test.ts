import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Installation } from '../../../contract/channels.ts'
import { addHook, type Hook, hookBody, sendEvent, signed } from '../../../../test/support/hook-client.ts'
import { testPostgres } from '../../../../test/support/postgres.ts'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { type ReplyReceiver, startReplyReceiver } from '../../../../test/support/reply-receiver.ts'
import { freePort, type ServerProcess, signIn, startProcess } from '../../../../test/support/server-process.ts'
import { startTestApp } from '../../../../test/support/test-app.ts'
import { eventually, scripted } from '../../../../test/support/turn-client.ts'

// Events that come often, at once and out of order at several processes, and processes that die between acknowledging and working.

const stack = new AsyncDisposableStack()
let openAi: Record<string, string>
let receiver: ReplyReceiver
beforeAll(async () => {
  const provider = stack.adopt(await startProviderServer(), (server) => server.close())
  receiver = stack.use(await startReplyReceiver())
  openAi = { OPENAI_API_KEY: 'sk-channels-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), EGRESS_ALLOW: '127.0.0.1' }
})
afterAll(() => stack.disposeAsync())

const copies = 10
const sessions = Array.from({ length: 6 }, (_, index) => `${randomUUID()}-${index}`)

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

/** What the contacts said, in the order of the conversation, and how many turns and deliveries came of it. */
async function told(database: pg.Client, installationId: string) {
  const { rows } = await database.query<{ session_id: string; external_id: string; turns: number; deliveries: number }>(
    `select c.session_id, m.external_id, (select count(*)::int from turn t where t.user_message_id = m.id and t.state = 'completed') as turns,
       (select count(*)::int from turn t join delivery d on d.message_id = t.answer_message_id and d.state = 'sent' where t.user_message_id = m.id) as deliveries
     from conversation c join message m on m.conversation_id = c.id and m.role = 'user' where c.installation_id = $1 order by c.session_id, m.depth`,
    [installationId],
  )
  return rows
}

const answered = (rows: readonly { deliveries: number }[]) => rows.reduce((sum, { deliveries }) => sum + deliveries, 0)

/** Each reply as its contact sees it: one that came twice has the same id. */
function repliesTo(session: string): string[] {
  const byId = new Map(
    receiver.taken.filter((reply) => reply.session === session).map(({ headers, text }) => [headers['webhook-id'], text]),
  )
  return [...byId.values()]
}

test('ten copies of every event, shuffled, at two processes at once: one turn an event, and one order in each thread', async () => {
  await using one = await startTestApp({ database: 'postgres', env: openAi })
  await using two = await one.another()
  const database = new pg.Client({ connectionString: one.deps.config.db.kind === 'postgres' ? one.deps.config.db.url.reveal() : '' })
  await database.connect()
  await using _ = { [Symbol.asyncDispose]: () => database.end() }
  await one.app.listing?.firstRound
  const [alice] = await one.people('alice')
  const { models } = await alice.get('models.list', { workspaceId: alice.workspaceId })
  const hook = await addHook(alice, receiver.url, { modelId: models.find(({ internalName }) => internalName === 'gpt-4o')!.id })

  const post = async (init: RequestInit, app = Math.random() < 0.5 ? one : two) => {
    const response = await fetch(`${app.url}/hooks/${hook.installationId}`, init)
    if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`)
  }
  const events = sessions.map((session) =>
    Array.from({ length: 6 }, (_, index) => {
      const text = scripted({ text: `answer ${index}`, firstDelayMs: 20 * (6 - index) })
      return signed(hook, hookBody({ session, message: { id: `m-${index}`, text } }))
    }),
  )
  // A thread's events are acknowledged one after the other; their copies come whenever they like.
  await Promise.all(
    events.map(async (thread) => {
      const late: Promise<void>[] = []
      for (const [index, event] of thread.entries()) {
        await post(event)
        for (const earlier of shuffled(Array.from({ length: copies - 1 }, () => thread[Math.floor(Math.random() * (index + 1))]!)))
          late.push(post(earlier))
      }
      await Promise.all(late)
    }),
  )
  await Promise.all(shuffled(events.flat()).map((event) => post(event)))

  const rows = await eventually(
    () => told(database, hook.installationId),
    (list) => answered(list) === events.flat().length,
    60_000,
  )
  expect(rows.every(({ turns, deliveries }) => turns === 1 && deliveries === 1)).toBe(true)
  for (const session of sessions) {
    expect(rows.filter(({ session_id: id }) => id === session).map(({ external_id: id }) => id)).toEqual(
      Array.from({ length: 6 }, (_, index) => `m-${index}`),
    )
    expect(repliesTo(session)).toEqual(Array.from({ length: 6 }, (_, index) => `answer ${index}`))
  }
  // Nothing was sent twice either: no process died.
  expect(receiver.taken.filter(({ session }) => sessions.includes(session))).toHaveLength(events.flat().length)
}, 120_000)

test('all copies at once, without any order: still one turn an event', async () => {
  await using one = await startTestApp({ database: 'postgres', env: openAi })
  await using two = await one.another()
  const database = new pg.Client({ connectionString: one.deps.config.db.kind === 'postgres' ? one.deps.config.db.url.reveal() : '' })
  await database.connect()
  await using _ = { [Symbol.asyncDispose]: () => database.end() }
  await one.app.listing?.firstRound
  const [alice] = await one.people('alice')
  const { models } = await alice.get('models.list', { workspaceId: alice.workspaceId })
  const hook = await addHook(alice, receiver.url, { modelId: models.find(({ internalName }) => internalName === 'gpt-4o')!.id })
  const events = ['a', 'b', 'c'].flatMap((name) =>
    Array.from({ length: 8 }, (__, index) =>
      signed(hook, hookBody({ session: `${name}-${hook.installationId}`, message: { id: `m-${index}`, text: scripted({ text: 'ok' }) } })),
    ),
  )

  const statuses = await Promise.all(
    shuffled(Array.from({ length: copies }, () => events).flat()).map(async (event, index) => {
      const response = await fetch(`${(index % 2 ? one : two).url}/hooks/${hook.installationId}`, event)
      return response.status
    }),
  )
  expect(new Set(statuses)).toEqual(new Set([200]))
  const rows = await eventually(
    () => told(database, hook.installationId),
    (list) => answered(list) === events.length,
    60_000,
  )
  expect(rows).toHaveLength(events.length)
  expect(rows.every(({ turns }) => turns === 1)).toBe(true)
  const { rows: contacts } = await database.query('select count(*)::int as count from contact')
  const { rows: principals } = await database.query("select count(*)::int as count from principal where kind = 'contact'")
  expect([contacts[0], principals[0]]).toEqual([{ count: 1 }, { count: 1 }])
}, 120_000)

test('what one process switches off or deletes is refused at once by another that knows it otherwise', async () => {
  await using one = await startTestApp({ database: 'postgres', env: openAi })
  await using two = await one.another()
  const [alice] = await one.people('alice')
  const hook = await addHook(alice, receiver.url)
  const statusAt = async ({ url }: { url: string }) => (await sendEvent(url, hook, {})).status
  expect([await statusAt(one), await statusAt(two)]).toEqual([200, 200])

  await alice.get('installations.update', { id: hook.installationId, isEnabled: false })
  expect([await statusAt(two), await statusAt(one)]).toEqual([403, 403])
  await alice.get('installations.update', { id: hook.installationId, isEnabled: true })
  await eventually(
    () => statusAt(two),
    (status) => status === 200,
  )
  await alice.get('installations.delete', { id: hook.installationId })
  expect([await statusAt(two), await statusAt(one)]).toEqual([404, 404])
}, 60_000)

test('kill -9 between acknowledging and working loses nothing and doubles nothing', async () => {
  await using processes = new AsyncDisposableStack()
  const fresh = processes.use(await testPostgres())
  const dir = await mkdtemp(join(tmpdir(), 'parley-channels-'))
  processes.defer(() => rm(dir, { recursive: true, force: true }))
  await writeFile(join(dir, 'effects'), '')
  const database = new pg.Client({ connectionString: fresh.url })
  const blocker = new pg.Client({ connectionString: fresh.url })
  for (const client of [database, blocker]) {
    await client.connect()
    processes.defer(() => client.end())
  }
  const account = { email: 'admin@example.com', password: 'a-long-password' }
  const env = {
    ...openAi,
    EFFECTS: join(dir, 'effects'),
    HOST: '127.0.0.1',
    DATA_DIR: join(dir, 'data'),
    DATABASE_URL: fresh.url,
    VAULT_KEYS: `test:${randomBytes(32).toString('base64')}`,
    ADMIN_EMAIL: account.email,
    ADMIN_PASSWORD: account.password,
    OLLAMA_BASE_URL: 'off',
    LOG_LEVEL: 'warn',
    LEASE_SECONDS: '2',
  }
  const start = async (): Promise<ServerProcess> => {
    const port = await freePort()
    return processes.use(
      await startProcess(['test/support/soak-server.ts'], { ...env, PORT: String(port) }, `http://127.0.0.1:${port}`, '/health'),
    )
  }

  const first = await start()
  const hook = await hookOf(first, account)
  const told1 = [0, 1, 2, 3].map((index) => ({
    session: `k-${index % 2}`,
    message: { id: `m-${index}`, text: scripted({ text: `answer ${index}` }) },
  }))
  // Whoever works on an event waits for this lock; acknowledging does not.
  await blocker.query('begin; lock table contact in access exclusive mode')
  for (const event of told1) expect((await sendEvent(first.url, hook, event)).status).toBe(200)
  await eventually(
    async () =>
      (await database.query<{ count: number }>('select count(*)::int as count from inbound_event where claimed_until is not null')).rows[0]!
        .count,
    (count) => count === 2,
  )
  await first.kill('SIGKILL')
  await blocker.query('rollback')
  const { rows: before } = await database.query<{ count: number }>('select count(*)::int as count from turn')
  expect(before[0]!.count).toBe(0)

  // Killed while it works on more of them, wherever that is.
  const second = await start()
  const more = Array.from({ length: 12 }, (_, index) => ({
    session: `k-${2 + (index % 3)}`,
    message: { id: `n-${index}`, text: scripted({ text: `more ${index}`, tokens: 20, delayMs: 5 }) },
  }))
  const acknowledged = await Promise.all(more.map((event) => sendEvent(second.url, hook, event)))
  expect(acknowledged.every(({ status }) => status === 200)).toBe(true)
  await second.kill('SIGKILL')

  await start()
  const all = [...told1, ...more]
  const rows = await eventually(
    () => told(database, hook.installationId),
    (list) => answered(list) === all.length,
    90_000,
  )
  expect(rows.map(({ external_id: id }) => id).toSorted()).toEqual(all.map(({ message }) => message.id).toSorted())
  expect(rows.every(({ turns, deliveries }) => turns === 1 && deliveries === 1)).toBe(true)
  expect(['k-0', 'k-1'].map(repliesTo)).toEqual([
    ['answer 0', 'answer 2'],
    ['answer 1', 'answer 3'],
  ])
  const { rows: open } = await database.query("select id from inbound_event where state <> 'done'")
  expect(open).toEqual([])
}, 180_000)

async function hookOf({ url }: ServerProcess, account: { email: string; password: string }): Promise<Hook> {
  const headers = { ...(await signIn(url, account.email, account.password)), 'content-type': 'application/json' }
  const ask = async <T>(path: string, body?: object): Promise<T> => {
    const response = await fetch(url + path, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }
  const workspaceId = (await ask<{ workspaces: { id: string }[] }>('/api/me')).workspaces[0]!.id
  const { models } = await eventually(
    () => ask<{ models: { id: string; internalName: string }[] }>(`/api/workspaces/${workspaceId}/models`),
    (list) => list.models.some(({ internalName }) => internalName === 'gpt-4o'),
  )
  const agent = await ask<{ id: string }>(`/api/workspaces/${workspaceId}/agents`, {
    name: 'Front desk',
    modelId: models.find(({ internalName }) => internalName === 'gpt-4o')!.id,
  })
  const made = await ask<{ installation: Installation; secret: string }>(`/api/workspaces/${workspaceId}/installations`, {
    name: 'A hook',
    settings: { platform: 'webhook', replyUrl: receiver.url },
    agentId: agent.id,
  })
  return { installationId: made.installation.id, secret: made.secret }
}
