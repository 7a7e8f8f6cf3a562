import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startProviderServer } from '../../../../test/support/provider-server/index.ts'
import { testPostgres } from '../../../../test/support/postgres.ts'
import { askAs, freePort, type ServerProcess, startProcess } from '../../../../test/support/server-process.ts'
import { startTestApp } from '../../../../test/support/test-app.ts'
import { eventually, scripted } from '../../../../test/support/turn-client.ts'
import { addBotPage, admit, VisitClient, wordsOf } from '../../../../test/support/visit-client.ts'

// Visitors at several processes at once, and processes that die while they answer.

const stack = new AsyncDisposableStack()
let openAi: Record<string, string>
beforeAll(async () => {
  const provider = stack.adopt(await startProviderServer(), (server) => server.close())
  openAi = { OPENAI_API_KEY: 'sk-visits-0000', OPENAI_BASE_URL: provider.baseUrl('openai'), EGRESS_ALLOW: '127.0.0.1' }
})
afterAll(() => stack.disposeAsync())

test('what visitors send often, at two processes, in two tabs: one turn and one charge a message, in order, within the limit', async () => {
  await using one = await startTestApp({ database: 'postgres', env: openAi })
  await using two = await one.another()
  const { db } = one.deps
  await one.app.listing?.firstRound
  const [owner] = await one.people('owner')
  const { models } = await owner.get('models.list', { workspaceId: owner.workspaceId })
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
  const { slug, pageId } = await addBotPage(owner, { modelId, dailyLimit: 40, visitorDailyLimit: 7 })

  const visitors = await Promise.all(
    Array.from({ length: 6 }, async () => {
      const letIn = await admit(one.url, slug)
      const tabs = await Promise.all(
        [one, two].map(({ url }) => VisitClient.open(url, slug, { ...letIn, headers: { ...letIn.headers, origin: url } })),
      )
      // Each message is said four times at once; eight of them, of which one is too many.
      const refused: string[] = []
      for (let index = 0; index < 8; index++) {
        const key = randomUUID()
        const text = scripted({ text: `answer ${index}` }, `question ${index}`)
        const answers = await Promise.all([...tabs, ...tabs].map((tab) => tab.say(text, key)))
        if (answers.every(({ type }) => type === 'error')) refused.push(text)
      }
      return { tabs, refused }
    }),
  )
  await eventually(
    async () => (await sql<{ n: number }>`select count(*)::int as n from turn where state in ('queued', 'running')`.execute(db)).rows[0]!.n,
    (n) => n === 0,
  )

  const { rows } = await sql<{ visitor_id: string; text: string; turns: number; charges: number }>`
    select v.visitor_id, m.parts -> 0 ->> 'text' as text, count(distinct t.id)::int as turns, count(distinct u.id)::int as charges
    from visit v join message m on m.conversation_id = v.conversation_id and m.role = 'user'
    left join turn t on t.user_message_id = m.id and t.state = 'completed' left join usage u on u.turn_id = t.id
    where v.page_id = ${pageId} group by v.visitor_id, m.id order by v.visitor_id, m.depth
  `.execute(db)
  expect(rows.every(({ turns, charges }) => turns === 1 && charges === 1)).toBe(true)
  for (const said of Map.groupBy(rows, ({ visitor_id: id }) => id).values()) {
    const numbers = said.map(({ text }) => Number(/question (\d)/.exec(text)![1]))
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(numbers.length).toBeLessThanOrEqual(7)
  }
  expect(rows.length).toBe(40)
  const { rows: counted } = await sql<{ answers: number }>`select answers from bot_day where page_id = ${pageId}`.execute(db)
  expect(counted[0]!.answers).toBe(40)
  // One visit each, however many tabs began it, and nobody sees another's.
  const { rows: visits } = await sql<{ n: number }>`select count(*)::int as n from visit where page_id = ${pageId}`.execute(db)
  expect(visits[0]!.n).toBe(visitors.length)
  for (const { tabs } of visitors) for (const tab of tabs) await tab[Symbol.asyncDispose]()
}, 120_000)

test('kill -9 while visitors are answered loses no question and answers none twice', async () => {
  await using processes = new AsyncDisposableStack()
  const fresh = processes.use(await testPostgres())
  const dir = await mkdtemp(join(tmpdir(), 'parley-visits-'))
  processes.defer(() => rm(dir, { recursive: true, force: true }))
  await writeFile(join(dir, 'effects'), '')
  const database = new pg.Client({ connectionString: fresh.url })
  await database.connect()
  processes.defer(() => database.end())
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
  const ask = await askAs(first.url, account)
  const workspaceId = (await ask<{ workspaces: { id: string }[] }>('GET', '/api/me')).workspaces[0]!.id
  const { models } = await eventually(
    () => ask<{ models: { id: string; internalName: string }[] }>('GET', `/api/workspaces/${workspaceId}/models`),
    (list) => list.models.some(({ internalName }) => internalName === 'gpt-4o'),
  )
  const slug = 'a-page-of-mine'
  const page = await ask<{ id: string }>('POST', `/api/workspaces/${workspaceId}/page`, { slug, displayName: 'Ada' })
  await ask('PATCH', `/api/pages/${page.id}`, { isPublished: true })
  const modelId = models.find(({ internalName }) => internalName === 'gpt-4o')!.id
  const agent = await ask<{ id: string }>('POST', `/api/workspaces/${workspaceId}/agents`, { name: 'Host', modelId })
  await ask('PATCH', `/api/pages/${page.id}/bot`, { isEnabled: true, agentId: agent.id })

  const visitors = await Promise.all(
    Array.from({ length: 5 }, async (_, index) => {
      const letIn = await admit(first.url, slug)
      const said = { key: randomUUID(), text: scripted({ text: `answer ${index} is here`, delayMs: 40 }, `question ${index}`) }
      const client = await VisitClient.open(first.url, slug, letIn)
      expect(await client.say(said.text, said.key)).toMatchObject({ type: 'ok' })
      return { letIn, said, client, index }
    }),
  )
  await visitors[0]!.client.next('text')
  await first.kill('SIGKILL')

  const second = await start()
  await Promise.all(
    visitors.map(async ({ letIn, said, index }) => {
      await using again = await VisitClient.open(second.url, slug, { ...letIn, headers: { ...letIn.headers, origin: second.url } })
      // Their client does not know whether it arrived.
      expect(await again.say(said.text, said.key)).toMatchObject({ type: 'ok' })
      const [asked, answer, ...more] = await again.settled(2)
      expect(more).toEqual([])
      expect(wordsOf(asked)).toBe(said.text)
      // Whole, or kept as far as it came and then gone on with by another process.
      expect(wordsOf(answer)).toMatch(new RegExp(`^(answer ${index} is here$|answer)`))
    }),
  )
  const { rows } = await database.query<{ turns: number; charged: number; tasks: number }>(
    `select (select count(*)::int from turn) as turns, (select count(distinct task_id)::int from usage) as charged, (select count(*)::int from task) as tasks`,
  )
  expect(rows[0]!.turns).toBe(visitors.length)
  expect(rows[0]!.charged).toBe(rows[0]!.tasks)
}, 120_000)
