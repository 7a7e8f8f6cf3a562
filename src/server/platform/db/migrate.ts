import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Database, DatabaseLog } from './index.ts'
import { packageRoot } from './package-root.ts'
import { DatabaseRefusal } from './refusal.ts'

export interface Migration {
  number: number
  /** `0001_create_people` */
  name: string
  sha256: string
  sql: string
}

interface AppliedMigration {
  number: number
  name: string
  sha256: string
}

/** Where the migrations of this version lie. */
export const migrationsDir = () => join(packageRoot(), 'migrations')

export async function readMigrations(dir = migrationsDir()): Promise<Migration[]> {
  const files = (await readdir(dir)).filter((file) => file.endsWith('.sql')).sort()
  return Promise.all(
    files.map(async (file, index) => {
      const number = Number(/^(\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.[1])
      if (number !== index + 1) throw new Error(`The migrations in ${dir} must be numbered from 0001 without a gap; ${file} is not.`)
      const text = await readFile(join(dir, file), 'utf8')
      return { number, name: file.slice(0, -4), sha256: createHash('sha256').update(text).digest('hex'), sql: text }
    }),
  )
}

/**
 * Brings the schema to this version: each missing migration in one transaction of its own, with its number and the SHA-256 of its text noted in
 * `schema_migration`. Processes that start together take turns. Resolves with how many ran. Throws DatabaseRefusal when the schema is newer than
 * this version or a migration was changed after it ran.
 */
export async function migrate(database: Database, log: DatabaseLog, dir?: string): Promise<number> {
  const migrations = await readMigrations(dir)
  const applied = await findApplied(database)
  if (missing(migrations, applied).length === 0) return 0
  // The way back, where nobody else makes backups: migrations only go forward.
  if (applied.length > 0 && database.files) log.info({ snapshot: await database.files.take() }, 'Snapshot taken before the schema changes')
  return database.exclusively(async (run) => {
    await run(createTable)
    // Again inside the lock: another process may have been here first.
    const due = missing(migrations, (await run(selectApplied)) as AppliedMigration[])
    await applyMigrations(run, due, log)
    return due.length
  })
}

/** Runs these, each in a transaction of its own. The caller holds the lock and knows that they are due. */
export async function applyMigrations(
  run: (sql: string, params?: readonly unknown[]) => Promise<unknown[]>,
  migrations: readonly Migration[],
  log: DatabaseLog,
): Promise<void> {
  // On PostgreSQL, opening the database has seen to it, with words for those who may not.
  await run('create extension if not exists vector')
  await run(createTable)
  for (const migration of migrations) {
    const startedAt = performance.now()
    await run('begin')
    try {
      await run(migration.sql)
      await run('insert into schema_migration (number, name, sha256) values ($1, $2, $3)', [
        migration.number,
        migration.name,
        migration.sha256,
      ])
      await run('commit')
    } catch (error) {
      await run('rollback')
      throw new Error(`The migration ${migration.name} failed and left nothing behind.`, { cause: error })
    }
    log.info({ migration: migration.name, ms: Math.round(performance.now() - startedAt) }, 'Schema migrated')
  }
}

const createTable = `create table if not exists schema_migration (
  number int primary key,
  name text not null,
  sha256 text not null,
  applied_at timestamptz not null default now()
)`

const selectApplied = 'select number, name, sha256 from schema_migration order by number'

/** One cheap statement on every start. */
async function findApplied({ db }: Database): Promise<AppliedMigration[]> {
  try {
    return (await sql<AppliedMigration>`${sql.raw(selectApplied)}`.execute(db)).rows
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === undefinedTable) return []
    throw error
  }
}

const undefinedTable = '42P01'

function missing(migrations: readonly Migration[], applied: readonly AppliedMigration[]): Migration[] {
  for (const [index, ran] of applied.entries()) {
    const known = migrations[index]
    if (!known) {
      throw new DatabaseRefusal(
        'schema_newer',
        `The database was migrated by a newer Parley (its schema has ${ran.name}, which this version does not know). Start that version again, or restore a backup made before the upgrade.`,
      )
    }
    if (known.number !== ran.number || known.sha256 !== ran.sha256) {
      throw new DatabaseRefusal(
        'migration_changed',
        `The migration ${known.name} is not the one that the database was built with${known.name === ran.name ? '' : ` (${ran.name})`}. A migration must never change once it ran: restore the file, and write a new migration for the change.`,
      )
    }
  }
  return migrations.slice(applied.length)
}
