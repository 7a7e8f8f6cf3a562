import { spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { chown, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { type Database, type DatabaseLog, migrate, openDatabase } from '../../src/server/platform/db/index.ts'
import { packageRoot } from '../../src/server/platform/db/package-root.ts'
import { prepareDataDir } from '../../src/server/platform/db/prepare-data-dir.ts'
import { schemaFingerprint } from '../../src/server/platform/db/schema-fingerprint.ts'
import { Secret } from '../../src/server/platform/vault/secret.ts'

const cacheDir = join(packageRoot(), '.cache')

export const silentLog: DatabaseLog = { debug() {}, info() {}, warn() {}, error() {} }

/** A private database server for tests, or the one that TEST_DATABASE_URL names. */
export interface PostgresServer {
  /** Of a database that may be connected to for creating others. */
  url: string
  stop(): Promise<void>
}

export class PostgresMissing extends Error {
  override readonly name = 'PostgresMissing'
}

/** Why real PostgreSQL cannot run here, in words, or undefined when it can. */
export function whyNoPostgres(): string | undefined {
  if (process.env.TEST_DATABASE_URL) return undefined
  const bin = findBin()
  if (!bin) return 'PostgreSQL is not installed. As root on Debian: sh scripts/install-test-tools.sh. Or set TEST_DATABASE_URL.'
  if (process.getuid?.() === 0 && !hasUser('postgres'))
    return 'PostgreSQL refuses to run as root, and there is no user postgres to run it as.'
  return undefined
}

/**
 * Starts a server of its own in a temporary folder, with its socket on 127.0.0.1 only. `fsync: true` makes it as slow and as safe as a real one;
 * tests that measure or pull the plug want that.
 */
export async function startPostgres({
  fsync = false,
  settings = [] as string[],
} = {}): Promise<PostgresServer & { restart(): Promise<void>; kill(): Promise<void> }> {
  const problem = whyNoPostgres()
  if (problem) throw new PostgresMissing(problem)
  const bin = findBin()!
  sweep()
  const folder = await mkdtemp(join(tmpdir(), 'parley-postgres-'))
  const asUser = await unprivileged(folder)
  const dataDir = join(folder, 'data')
  const initialised = spawnSync(
    ...asUser(join(bin, 'initdb'), ['-D', dataDir, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']),
    {
      encoding: 'utf8',
    },
  )
  if (initialised.status !== 0) throw new Error(`initdb failed: ${initialised.stderr}`)
  const port = await freePort()
  const durability = fsync ? [] : ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off']
  const options = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    'shared_buffers=64MB',
    'max_wal_size=256MB',
    'log_min_messages=fatal',
    ...durability,
    ...settings,
  ].flatMap((option) => ['-c', option])
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`

  const launch = async () => {
    const child = spawn(...asUser(join(bin, 'postgres'), ['-D', dataDir, '-p', String(port), ...options]), { stdio: 'ignore' })
    // Not waited for by the process that runs the tests, and ended with it, however it ends.
    child.unref()
    const end = () => void child.kill('SIGQUIT')
    process.once('exit', end)
    await waitUntilReady(url, () => child.exitCode)
    return { child, forget: () => process.off('exit', end) }
  }
  let server = await launch()
  const end = async (signal: NodeJS.Signals) => {
    server.forget()
    if (server.child.exitCode !== null || server.child.signalCode !== null) return
    await new Promise<void>((resolve) => {
      server.child.ref()
      server.child.once('exit', () => resolve())
      server.child.kill(signal)
    })
  }
  return {
    url,
    /** Every connection breaks, as when the machine under it fails. */
    kill: () => end('SIGQUIT'),
    restart: async () => {
      await end('SIGQUIT')
      server = await launch()
    },
    stop: async () => {
      await end('SIGINT')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** One server per process of tests; it ends with that process. */
let shared: Promise<PostgresServer> | undefined

export function sharedPostgres(): Promise<PostgresServer> {
  const given = process.env.TEST_DATABASE_URL
  shared ??= given ? Promise.resolve({ url: given, stop: async () => {} }) : startPostgres()
  return shared
}

export interface TestDatabase extends AsyncDisposable {
  url: string
}

/**
 * The URL of a fresh database: `migrated` (default) is a copy of a template with this version's schema, `empty` has only the vector extension.
 * Dropped at the end.
 */
export async function testPostgres(content: 'migrated' | 'empty' = 'migrated', server?: PostgresServer): Promise<TestDatabase> {
  const { url: adminUrl } = server ?? (await sharedPostgres())
  const name = `parley_test_${randomUUID().replaceAll('-', '')}`
  await withAdmin(adminUrl, async (admin) => {
    const template = content === 'migrated' ? await migratedTemplate(adminUrl, admin) : undefined
    await admin.query(`create database ${name}${template ? ` template ${template}` : ''}`)
  })
  const url = withDatabase(adminUrl, name)
  return {
    url,
    async [Symbol.asyncDispose]() {
      await withAdmin(adminUrl, (admin) => admin.query(`drop database if exists ${name} with (force)`))
    },
  }
}

/** Opens a fresh PostgreSQL database; closed and dropped at the end. */
export async function openTestPostgres({
  content = 'migrated' as 'migrated' | 'empty',
  log = silentLog,
} = {}): Promise<Database & AsyncDisposable> {
  const fresh = await testPostgres(content)
  const database = await openDatabase({ kind: 'postgres', url: new Secret(fresh.url), directUrl: null, patienceMs: 0 }, log)
  return disposable(database, () => fresh[Symbol.asyncDispose]())
}

/** Opens a fresh embedded database, in memory or in `dir`; closed at the end. The data directory itself stays. */
export async function testEmbedded({
  content = 'migrated' as 'migrated' | 'empty',
  dir = null as string | null,
  log = silentLog,
} = {}): Promise<Database & AsyncDisposable> {
  const database = await openDatabase({ kind: 'embedded', dir, prepared: await preparedForTests(content) }, log)
  if (content === 'migrated') await migrate(database, log)
  return disposable(database)
}

function disposable(database: Database, after: () => PromiseLike<void> = async () => {}): Database & AsyncDisposable {
  return Object.assign(database, {
    async [Symbol.asyncDispose]() {
      await database.close()
      await after()
    },
  })
}

/** A prepared data directory with this version's schema or none, made once per set of migrations (about 8 s) and kept in the cache. */
export async function preparedForTests(content: 'migrated' | 'empty' = 'migrated'): Promise<string> {
  const folder = join(cacheDir, 'data-dirs')
  const file = join(folder, content === 'empty' ? 'empty.tar.gz' : `${await schemaFingerprint()}.tar.gz`)
  if (existsSync(file)) return file
  await mkdir(folder, { recursive: true })
  const own = `${file}.${process.pid}`
  await prepareDataDir(own, content)
  await rename(own, file)
  return file
}

async function migratedTemplate(adminUrl: string, admin: pg.Client): Promise<string> {
  const name = `parley_template_${await schemaFingerprint()}`
  // Test files run in several processes: one makes the template, the others wait.
  await admin.query('select pg_advisory_lock(7261503842)')
  try {
    const found = await admin.query('select from pg_database where datname = $1 and datistemplate', [name])
    if (found.rowCount === 0) {
      await admin.query(`drop database if exists ${name} with (force)`)
      await admin.query(`create database ${name}`)
      const database = await openDatabase({ kind: 'postgres', url: new Secret(withDatabase(adminUrl, name)), directUrl: null }, silentLog)
      try {
        await migrate(database, silentLog)
      } finally {
        await database.close()
      }
      await admin.query(`alter database ${name} with is_template true allow_connections false`)
    }
  } finally {
    await admin.query('select pg_advisory_unlock(7261503842)')
  }
  return name
}

async function withAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.end()
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}

/** The newest installed one with the vector extension comes first. */
function findBin(): string | undefined {
  const folders = ['/usr/lib/postgresql', '/usr/local/lib/postgresql'].filter((folder) => existsSync(folder))
  const versions = folders.flatMap((folder) =>
    spawnSync('ls', [folder], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter(Boolean)
      .map((version) => join(folder, version, 'bin')),
  )
  const debian = versions
    .sort()
    .reverse()
    .find((bin) => existsSync(join(bin, 'postgres')))
  if (debian) return debian
  const config = spawnSync('pg_config', ['--bindir'], { encoding: 'utf8' })
  return config.status === 0 ? config.stdout.trim() : undefined
}

function hasUser(name: string): boolean {
  return spawnSync('id', ['-u', name]).status === 0
}

type Spawn = (command: string, args: string[]) => [command: string, args: string[]]

/** Removes what runs that were killed left behind: the folders whose server is gone. */
function sweep(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith('parley-postgres-'))) {
    const folder = join(tmpdir(), name)
    try {
      if (Date.now() - statSync(folder).mtimeMs < 60_000) continue // perhaps starting right now
      process.kill(Number(readFileSync(join(folder, 'data', 'postmaster.pid'), 'utf8').split('\n')[0]), 0)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EPERM') rmSync(folder, { recursive: true, force: true })
    }
  }
}

/** PostgreSQL refuses to run as root: then the folder belongs to the user postgres, who runs it. */
async function unprivileged(folder: string): Promise<Spawn> {
  // The kernel ends the server when its starter is gone, even by kill -9.
  const tied = spawnSync('setpriv', ['--pdeathsig', 'QUIT', 'true']).status === 0 ? ['--pdeathsig', 'QUIT'] : []
  if (process.getuid?.() !== 0)
    return (command, args) => (tied.length > 0 ? ['setpriv', [...tied, '--', command, ...args]] : [command, args])
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  const [uid, gid] = [id('-u'), id('-g')]
  await chown(folder, uid, gid)
  return (command, args) => ['setpriv', ['--reuid', String(uid), '--regid', String(gid), '--clear-groups', ...tied, '--', command, ...args]]
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

async function waitUntilReady(url: string, exitCode: () => number | null): Promise<void> {
  const giveUpAt = Date.now() + 20_000
  while (true) {
    try {
      await withAdmin(url, (admin) => admin.query('select 1'))
      return
    } catch (error) {
      if (exitCode() !== null) throw new Error(`PostgreSQL ended with code ${exitCode()}.`, { cause: error })
      if (Date.now() > giveUpAt) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
