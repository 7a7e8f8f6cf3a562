import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { testPostgres } from './postgres.ts'
import { type ProviderServer, startProviderServer } from './provider-server/index.ts'
import { freePort, type ServerProcess, startProcess } from './server-process.ts'

/** Who administers the servers. */
export const account = { email: 'admin@example.com', password: 'a-long-password' }

export interface Processes {
  provider: ProviderServer
  database: pg.Client
  /** A real server more, whose tools write down what they have done. */
  start(): Promise<ServerProcess>
  /** What they have done, a line for each time. */
  effects(): Promise<string[]>
}

/** Real processes on one PostgreSQL of the test's own, which die and are followed quickly. There before the first test. */
export function useProcesses(env: Record<string, string> = {}): { current: Processes } {
  const stack = new AsyncDisposableStack()
  const holder = {} as { current: Processes }

  beforeAll(async () => {
    const provider = stack.adopt(await startProviderServer(), (server) => server.close())
    const fresh = stack.use(await testPostgres())
    const dir = await mkdtemp(join(tmpdir(), 'parley-processes-'))
    stack.defer(() => rm(dir, { recursive: true, force: true }))
    const effects = join(dir, 'effects')
    await writeFile(effects, '')
    const database = new pg.Client({ connectionString: fresh.url })
    await database.connect()
    stack.defer(() => database.end())
    const shared = {
      EFFECTS: effects,
      HOST: '127.0.0.1',
      DATA_DIR: join(dir, 'data'),
      DATABASE_URL: fresh.url,
      VAULT_KEYS: `test:${randomBytes(32).toString('base64')}`,
      ADMIN_EMAIL: account.email,
      ADMIN_PASSWORD: account.password,
      OPENAI_API_KEY: 'sk-test-0000',
      OPENAI_BASE_URL: provider.baseUrl('openai'),
      OLLAMA_BASE_URL: 'off',
      LOG_LEVEL: 'warn',
      LEASE_SECONDS: '2',
      EVENT_FLUSH_MS: '50',
      // Calls beside those that are counted.
      TITLES: 'first-line',
      ...env,
    }
    holder.current = {
      provider,
      database,
      async start() {
        const port = await freePort()
        return startProcess(['test/support/soak-server.ts'], { ...shared, PORT: String(port) }, `http://127.0.0.1:${port}`, '/health')
      },
      effects: async () => (await readFile(effects, 'utf8')).split('\n').filter(Boolean),
    }
  })
  afterAll(() => stack.disposeAsync())
  return holder
}
