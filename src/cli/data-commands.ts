import { resolve } from 'node:path'
import { folderOfCaller } from '../server/config.ts'
import type { Database } from '../server/platform/db/index.ts'
import type { Given } from './command-line.ts'
import { Failure } from './failure.ts'
import { isServerRunning, perform, readSettings } from './perform.ts'

interface Summary {
  tables: number
  rows: number
  sizeBytes: number
  notice: string
}

export async function migrateDatabase(): Promise<void> {
  const { config, log } = readSettings()
  if (config.db.kind === 'embedded' && (await isServerRunning(config))) {
    return say('The server runs, and brought its database to its version when it started.')
  }
  const { databaseOptions, migrate, openDatabase } = await importDatabase()
  const database = await openDatabase(databaseOptions(config), log)
  try {
    await migrate(database, log)
  } finally {
    await database.close()
  }
}

export async function backupTo({ operands }: Given): Promise<void> {
  const file = resolve(folderOfCaller(), operands[0]!)
  tell(await perform('backup', { file }), `Written to ${file}`)
}

export async function restoreFrom({ operands }: Given): Promise<void> {
  const file = resolve(folderOfCaller(), operands[0]!)
  const { config, log } = readSettings()
  if (await isServerRunning(config))
    throw new Failure('The server runs. Stop it first: a backup is restored into an empty database that nobody uses.')
  const { databaseOptions, openDatabase, restore } = await importDatabase()
  const database = await openDatabase(databaseOptions(config), log)
  try {
    if (await hasLivingServer(database)) throw new Failure('A server runs on this database. Stop every one of them first.')
    tell(await restore(database, file, { log }), `Restored from ${file}`)
  } finally {
    await database.close()
  }
}

async function importDatabase() {
  return {
    ...(await import('../server/deps.ts')),
    ...(await import('../server/platform/db/index.ts')),
    ...(await import('../server/platform/db/dump.ts')),
  }
}

/** On PostgreSQL the server may be on another machine. */
async function hasLivingServer(database: Database): Promise<boolean> {
  if (database.kind === 'embedded') return false // its lock was free
  const { rows: tables } = await database.execute("select 1 from pg_tables where schemaname = 'public' and tablename = 'process'")
  if (tables.length === 0) return false
  return (await database.execute('select 1 from process where lease_until > now() limit 1')).rows.length > 0
}

function tell({ tables, rows, sizeBytes, notice }: Summary, what: string): void {
  const size = sizeBytes < 1e6 ? `${Math.ceil(sizeBytes / 1e3)} kB` : `${(sizeBytes / 1e6).toFixed(1)} MB`
  say(`${what}: ${rows} rows of ${tables} tables, ${size}.\n${notice}`)
}

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
