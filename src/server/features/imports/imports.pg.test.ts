import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Import } from '../../../contract/imports.ts'
import { chatGptConversation, zipOf } from '../../../../test/support/archive.ts'
import { testPostgres } from '../../../../test/support/postgres.ts'
import { freePort, type ServerProcess, signIn, startProcess } from '../../../../test/support/server-process.ts'
import { eventually } from '../../../../test/support/turn-client.ts'

// Real processes that are killed in the middle of an import: another one goes on with the next conversation.

const stack = new AsyncDisposableStack()
const account = { email: 'admin@example.com', password: 'a-long-password' }
let env: Record<string, string>
let database: pg.Client

beforeAll(async () => {
  const fresh = stack.use(await testPostgres())
  const dir = await mkdtemp(join(tmpdir(), 'parley-imports-'))
  stack.defer(() => rm(dir, { recursive: true, force: true }))
  database = new pg.Client({ connectionString: fresh.url })
  await database.connect()
  stack.defer(() => database.end())
  env = {
    HOST: '127.0.0.1',
    DATA_DIR: join(dir, 'data'),
    DATABASE_URL: fresh.url,
    VAULT_KEYS: `test:${randomBytes(32).toString('base64')}`,
    ADMIN_EMAIL: account.email,
    ADMIN_PASSWORD: account.password,
    OLLAMA_BASE_URL: 'off',
    LOG_LEVEL: 'warn',
    SHUTDOWN_DRAIN_SECONDS: '0',
  }
}, 60_000)
afterAll(() => stack.disposeAsync())

async function start(): Promise<ServerProcess> {
  const port = await freePort()
  return startProcess(['src/server/main.ts'], { ...env, PORT: String(port) }, `http://127.0.0.1:${port}`, '/health')
}

const count = 400
const exchanges = 20

test('an import goes on after each kill -9, and every conversation is there once and whole', async () => {
  const text = JSON.stringify(Array.from({ length: count }, (_, index) => chatGptConversation(`k${index}`, exchanges)))
  const bytes = await zipOf({ 'conversations.json': text })
  let server = await start()
  await using _running = { [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
  let headers = await signIn(server.url, account.email, account.password)
  const ask = async <T>(path: string, init: RequestInit = {}): Promise<T> => {
    const answer = await fetch(server.url + path, { ...init, headers: { ...headers, 'content-type': 'application/json' } })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  const { workspaces } = await ask<{ workspaces: { id: string }[] }>('/api/me')
  const { id } = await ask<Import>(`/api/workspaces/${workspaces[0]!.id}/imports`, {
    method: 'POST',
    body: JSON.stringify({ fileName: 'export.zip', sizeBytes: bytes.length }),
  })
  await ask(`/api/imports/${id}/upload/0`, { method: 'PUT', body: new Uint8Array(bytes) })

  let kills = 0
  for (let reached = 0; reached < count; ) {
    const { rows } = await eventually(
      () => database.query<{ next_position: number }>('select next_position from conversation_import'),
      (found) => found.rows[0]!.next_position > reached,
      60_000,
    )
    reached = rows[0]!.next_position
    if (reached >= count) break
    await server.kill('SIGKILL')
    kills++
    // What a minute would do.
    await database.query("update conversation_import set claimed_until = now() - interval '1 second' where claimed_until is not null")
    server = await start()
  }
  headers = await signIn(server.url, account.email, account.password)
  const done = await eventually(
    () => ask<Import>(`/api/imports/${id}`),
    ({ finishedAt }) => finishedAt !== null,
    60_000,
  )

  expect(kills).toBeGreaterThan(0)
  expect(done).toMatchObject({ status: 'completed', counts: { imported: count, failed: 0 }, messages: count * exchanges * 2, progress: 1 })
  const { rows } = await database.query<{ conversations: number; messages: number; wrong: number; items: number }>(`
    select (select count(*)::int from conversation) as conversations, (select count(*)::int from message) as messages,
      (select count(*)::int from conversation_import_item) as items,
      (select count(*)::int from conversation c where next_serial <> 1 + (select count(*) from message m where m.conversation_id = c.id)) as wrong`)
  expect(rows).toEqual([{ conversations: count, messages: count * exchanges * 2, items: count, wrong: 0 }])
  await eventually(
    () => readdir(join(env['DATA_DIR']!, 'imports')),
    (files) => files.length === 0,
  )
}, 300_000)
