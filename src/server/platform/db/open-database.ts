import { readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { gunzipSync } from 'node:zlib'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { AppError } from '../errors/index.ts'
import type { Secret } from '../vault/secret.ts'
import { openDataDir } from './embedded/data-dir.ts'
import { EmbeddedConnection } from './embedded/embedded-connection.ts'
import { EmbeddedNotifier } from './embedded/embedded-notifier.ts'
import { translateFailure } from './failure.ts'
import { Maintenance } from './embedded/maintenance.ts'
import { type SnapshotOptions, Snapshots } from './embedded/snapshots.ts'
import type { Database, DatabaseLog, Tables } from './index.ts'
import { checkServer } from './postgres/check-server.ts'
import { PostgresNotifier } from './postgres/postgres-notifier.ts'
import { connectTimeoutMs, PostgresConnections, schemaLock, sessionOptions } from './postgres/postgres-pool.ts'
import { valueTypes } from './value-types.ts'

export type DatabaseOptions =
  | {
      kind: 'embedded'
      /** The data directory; null keeps everything in memory (tests). */
      dir: string | null
      /**
       * A tar.gz of a prepared data directory for the first start; null creates one from nothing, which takes seconds. Left out: the one that the
       * build made.
       */
      prepared?: string | null
      /** Left out: none. */
      snapshots?: SnapshotOptions
    }
  | {
      kind: 'postgres'
      url: Secret
      /** Where `url` leads to a pooler: the database itself. */
      directUrl: Secret | null
      poolSize?: number
      /** How long to wait at the start for a database that is not there yet. Default 30 s. */
      patienceMs?: number
    }

/**
 * Opens the database, without migrating it. Throws `DatabaseRefusal` for what a person must change (locked directory, server too old, no vector
 * extension) and `AppError` when it cannot be reached or written.
 */
export function openDatabase(options: DatabaseOptions, log: DatabaseLog): Promise<Database> {
  return options.kind === 'embedded' ? openEmbedded(options, log) : openPostgres(options, log)
}

async function openEmbedded(
  { dir, prepared, snapshots: schedule }: Extract<DatabaseOptions, { kind: 'embedded' }>,
  log: DatabaseLog,
): Promise<Database> {
  const dataDir = dir === null ? null : await openDataDir(dir, prepared)
  // In memory, nothing unpacks it but the engine itself.
  const tar = dataDir === null && prepared ? new Uint8Array(gunzipSync(await readFile(prepared))) : null
  const connection = new EmbeddedConnection({ dir: dataDir?.databaseDir ?? null, prepared: tar }, log)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: connection.pool('foreground') }) })
  const background = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: connection.pool('background') }) })
  const maintenance = new Maintenance(connection, log)
  const snapshots = dir !== null && dataDir !== null ? new Snapshots(dir, dataDir.databaseDir, maintenance, log) : null
  const close = async () => {
    await snapshots?.stop()
    await maintenance.stop()
    await connection.close()
    await Promise.all([db.destroy(), background.destroy()])
    dataDir?.release()
  }
  try {
    await connection.open()
    if (schedule) await snapshots?.start(schedule)
  } catch (error) {
    await close()
    throw error
  }
  return {
    kind: 'embedded',
    db,
    background,
    notifier: new EmbeddedNotifier(connection),
    files: snapshots,
    call: async (name, sql, params) => (await connection.run('foreground', sql, params, name)).rows,
    execute: async (sql, params) => flatten(await connection.run('background', sql, params)),
    exclusively: async (work) => {
      const lease = await connection.lease('foreground')
      try {
        return await work(async (text, params) => flatten(await lease.run(text, params)).rows)
      } finally {
        lease.release()
      }
    },
    ping: async () => void (await connection.run('foreground', 'select 1')),
    close,
  }
}

async function openPostgres(options: Extract<DatabaseOptions, { kind: 'postgres' }>, log: DatabaseLog): Promise<Database> {
  const { url, directUrl, poolSize = 10, patienceMs = 30_000 } = options
  await waitFor(() => checkServer(directUrl ?? url), patienceMs, log)
  const connections = new PostgresConnections({ url, directUrl }, poolSize, log)
  const notifier = new PostgresNotifier(directUrl ?? url, log)
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: connections.asKyselyPool() }) })
  return {
    kind: 'postgres',
    db,
    background: db,
    notifier,
    files: null,
    call: async (name, sql, params) => (await connections.run(sql, params, name)).rows,
    execute: async (sql, params) => flatten(await connections.run(sql, params)),
    exclusively: (work) => withExclusiveSession(directUrl ?? url, work),
    ping: async () => void (await connections.run('select 1')),
    close: async () => {
      await notifier.close()
      await db.destroy()
      await connections.close()
    },
  }
}

/** On PostgreSQL the lock lasts as long as the session, which no other process can share. */
async function withExclusiveSession<T>(
  url: Secret,
  work: (run: (sql: string, params?: readonly unknown[]) => Promise<unknown[]>) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url.reveal(),
    connectionTimeoutMillis: connectTimeoutMs,
    types: valueTypes,
    options: sessionOptions,
  })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(`select pg_advisory_lock(${schemaLock})`)
    return await work(async (text, params) => flatten(await client.query({ text, values: params as unknown[] })).rows)
  } catch (error) {
    throw translateFailure(error)
  } finally {
    await client.end().catch(() => {})
  }
}

/** The driver answers a script with one result per statement. */
function flatten(result: pg.QueryResult | pg.QueryResult[]): { rows: unknown[]; rowCount: number } {
  const results = Array.isArray(result) ? result : [result]
  return { rows: results.flatMap(({ rows }) => rows), rowCount: results.at(-1)?.rowCount ?? 0 }
}

async function waitFor(check: () => Promise<void>, patienceMs: number, log: DatabaseLog): Promise<void> {
  const giveUpAt = performance.now() + patienceMs
  for (let attempt = 1; ; attempt++) {
    try {
      await check()
      return
    } catch (error) {
      const isDown = error instanceof AppError && error.code === 'database.unavailable'
      if (!isDown || performance.now() >= giveUpAt) throw error
      if (attempt === 1) log.warn({ err: error }, 'The database cannot be reached; waiting for it')
      await sleep(500)
    }
  }
}
