import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { startApiServer } from '../support/api-server.ts'
import { accessibilityProblems, useBrowser } from '../support/browser.ts'
import { stdioServer } from '../support/mcp-server/index.ts'
import { startSignInServer } from '../support/mcp-server/sign-in-server.ts'
import { testPostgres } from '../support/postgres.ts'
import { account } from '../support/processes.ts'
import { startProviderServer } from '../support/provider-server/index.ts'
import { askAs, freePort, startProcess } from '../support/server-process.ts'
import { eventually } from '../support/turn-client.ts'

// Everything at once: an agent with a version of a prompt, a program and an HTTP server with a sign-in as tool servers, an API, a database and a sandbox for code, on
// PostgreSQL, with a model that speaks OpenAI's wire format, in a browser, with a server that is killed while a tool runs.

const browser = useBrowser()
const shots = process.env['SHOTS']
const look = async (page: Page, name: string) => {
  if (shots) await page.screenshot({ path: `${shots}/${name}.png` })
}

test('an agent works with all its tools, asks, shows its work, and goes on when its server was killed', { timeout: 180_000 }, async () => {
  await using stack = new AsyncDisposableStack()
  const provider = stack.adopt(await startProviderServer(), (server) => server.close())
  const shop = stack.adopt(await startApiServer(), (server) => server.close())
  const signedIn = stack.use(await startSignInServer())
  const own = stack.use(await testPostgres())
  const lamps = stack.use(await testPostgres('empty'))
  const folder = await mkdtemp(join(tmpdir(), 'parley-work-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))

  const reader = `keeper_${Date.now()}`
  const admin = new pg.Client({ connectionString: lamps.url })
  await admin.connect()
  await admin.query(
    `create role ${reader} login password 'pw'; create table lamp (name text, watts int); insert into lamp values ('tall', 40), ('small', 2); grant select on lamp to ${reader}`,
  )
  stack.defer(async () => {
    await admin.query(`drop owned by ${reader}; drop role ${reader}`)
    await admin.end()
  })

  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    PORT: String(port),
    HOST: '127.0.0.1',
    PUBLIC_URL: url,
    DATA_DIR: join(folder, 'data'),
    DATABASE_URL: own.url,
    VAULT_KEYS: `test:${randomBytes(32).toString('base64')}`,
    ADMIN_EMAIL: account.email,
    ADMIN_PASSWORD: account.password,
    OPENAI_API_KEY: 'sk-test-0000',
    OPENAI_BASE_URL: provider.baseUrl('openai'),
    OLLAMA_BASE_URL: 'off',
    EGRESS_ALLOW: '127.0.0.1',
    LOG_LEVEL: 'warn',
    LEASE_SECONDS: '2',
    TITLES: 'first-line',
  }
  const start = () => startProcess(['src/server/main.ts'], env, url, '/health')
  const first = stack.use(await start())

  // What a person sets up once; each of its screens has a test of its own.
  const ask = await askAs(url, account)
  const { workspaces } = await ask<{ workspaces: { id: string }[] }>('GET', '/api/me')
  const workspace = `/api/workspaces/${workspaces[0]!.id}`
  const { models } = await eventually(
    () => ask<{ models: { id: string; internalName: string }[] }>('GET', `${workspace}/models`),
    (list) => list.models.some(({ internalName }) => internalName === 'gpt-4o'),
  )
  const prompt = await ask<{ id: string }>('POST', `${workspace}/prompts`, {
    name: 'keeper',
    content: 'You keep the lamps of {{harbour}}. Be exact.',
  })
  const program = await ask<{ id: string }>('POST', `${workspace}/mcp-servers`, {
    name: 'Sums',
    transport: 'stdio',
    ...stdioServer(),
  })
  const remote = await ask<{ id: string }>('POST', `${workspace}/mcp-servers`, {
    name: 'Signed',
    transport: 'http',
    url: signedIn.url,
    credentials: 'oauth',
  })
  await ask('POST', `${workspace}/custom-tools`, {
    name: 'Shop',
    configuration: {
      kind: 'http_api',
      source: { url: `${shop.url}/openapi.json` },
      baseUrl: `${shop.url}/v1`,
      auth: { kind: 'api_key', in: 'header', name: 'X-Shop-Key', value: 'k-123' },
      operations: { 'GET /items/{id}': 'allow' },
    },
  })
  const { hostname, port: databasePort, pathname } = new URL(lamps.url)
  await ask('POST', `${workspace}/custom-tools`, {
    name: 'Lamps',
    configuration: {
      kind: 'database',
      target: { engine: 'postgresql', host: hostname, port: Number(databasePort), database: pathname.slice(1), user: reader, tls: 'off' },
      password: 'pw',
      permissions: { schema: 'allow', query: 'allow' },
    },
  })
  await ask('POST', `/api/mcp-servers/${program.id}/test`, {})

  const page = await browser.stranger({ url })
  await page.getByLabel('E-mail').fill(account.email)
  await page.getByLabel('Password', { exact: true }).fill(account.password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('textbox', { name: 'Your message' }).waitFor()

  // The HTTP server wants its own sign-in, in this browser.
  await page.goto(`${url}/settings/tool-servers/${remote.id}`)
  await page.getByRole('button', { name: 'Connect', exact: true }).click()
  await page.getByText('You are signed in there.').waitFor()
  await page.getByRole('button', { name: 'Test again', exact: true }).click()
  await page.getByText('signed__add').waitFor()
  for (const { id } of [program, remote]) {
    const tools = await ask<{ id: string }[]>('GET', `/api/mcp-servers/${id}/tools`)
    await ask('PATCH', `/api/mcp-servers/${id}/tools`, { toolIds: tools.map((tool) => tool.id), permission: 'allow' })
  }
  const agent = await ask<{ id: string }>('POST', `${workspace}/agents`, {
    name: 'Keeper',
    icon: '🗼',
    prompt: { id: prompt.id, number: 1 },
    values: { harbour: 'Brest' },
    modelId: models.find(({ internalName }) => internalName === 'gpt-4o')!.id,
    tools: ['sums__add', 'sums__hang', 'signed__structure', 'shop__getItem', 'lamps__query', 'run_code'],
  })

  await page.goto(`${url}/agents/${agent.id}`)
  await page.getByRole('button', { name: 'Start a conversation', exact: true }).click()
  await page.getByRole('button', { name: 'Who answers: Keeper', exact: true }).waitFor()
  const script = {
    toolRounds: [
      [
        { name: 'sums__add', arguments: { a: 40, b: 2 } },
        { name: 'shop__getItem', arguments: { id: 7 } },
        { name: 'lamps__query', arguments: { sql: 'select sum(watts) as watts from lamp' } },
      ],
      [{ name: 'signed__structure', arguments: {} }],
      [{ name: 'run_code', arguments: { language: 'javascript', code: '42 * 12.5' } }],
      [{ name: 'sums__hang', arguments: {} }],
      [{ name: 'sums__add', arguments: { a: 500, b: 25 } }],
    ],
    text: 'The lamps cost 525.',
  }
  await page.getByRole('textbox', { name: 'Your message' }).fill(`What do the lamps cost? [[${JSON.stringify(script)}]]`)
  await page.getByRole('button', { name: 'Send', exact: true }).click()

  await page.getByRole('button', { name: 'Allow once', exact: true }).waitFor()
  await look(page, 'work-asks')
  // It asks before it runs code, in the same place where it works.
  await page
    .getByRole('group', { name: '3 tools side by side' })
    .getByRole('button', { name: /^Query/ })
    .waitFor()
  await page.getByRole('button', { name: 'Allow once', exact: true }).click()
  // A tool that never answers runs when the server dies.
  await page.getByRole('button', { name: /^Cancel Hang/ }).waitFor()
  await look(page, 'work-running')
  await first.kill('SIGKILL')
  stack.use(await start())

  await page.getByText('The lamps cost 525.', { exact: true }).waitFor({ timeout: 60_000 })
  expect(await accessibilityProblems(page)).toEqual([])
  await look(page, 'work-done')
  const again = await askAs(url, account)
  const { conversations } = await again<{ conversations: { id: string }[] }>('GET', `${workspace}/conversations`)
  const { messages } = await again<{ messages: { parts: { type: string; toolName: string; state: string; result: string }[] }[] }>(
    'GET',
    `/api/conversations/${conversations[0]!.id}/messages`,
  )
  const calls = messages.at(-1)!.parts.filter(({ type }) => type === 'tool-call')
  expect(calls.map(({ toolName, state, result }) => [toolName, state, result])).toEqual([
    ['sums__add', 'completed', '42'],
    ['shop__getItem', 'completed', expect.stringContaining('"name":"A lamp"')],
    ['lamps__query', 'completed', expect.stringContaining('watts\n42')],
    ['signed__structure', 'completed', expect.stringContaining('21')],
    ['run_code', 'completed', 'Value: 525'],
    ['sums__hang', 'interrupted', expect.any(String)],
    ['sums__add', 'completed', '525'],
  ])
  // The model was told what the prompt's version says, with the agent's value.
  expect(JSON.stringify(provider.requests.at(-1)!.body)).toContain('You keep the lamps of Brest. Be exact.')
  expect(shop.requests.at(-1)?.headers['x-shop-key']).toBe('k-123')
  // One charge for each model call, the one that the kill met included.
  const database = new pg.Client({ connectionString: own.url })
  await database.connect()
  stack.defer(() => database.end())
  const { rows } = await database.query(
    'select count(*)::int as rows, count(distinct task_id)::int as tasks from usage where turn_id is not null',
  )
  expect(rows).toEqual([{ rows: 6, tasks: 6 }])
})
