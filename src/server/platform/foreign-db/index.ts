import { AppError } from '../errors/index.ts'
import { type Egress, EgressError } from '../egress/index.ts'
import type { Secret } from '../vault/secret.ts'
import { ForeignDbError, type Limits, type Rows } from './rows.ts'

export { ForeignDbError, type Limits, type Rows } from './rows.ts'

/** `path`: below the folder for SQLite files. `tls`: with the certificate checked, without checking it, or not at all. */
export type ForeignDb =
  | {
      engine: 'postgresql' | 'mysql'
      host: string
      port: number
      database: string
      user: string
      password: Secret | null
      tls: 'verify' | 'require' | 'off'
    }
  | { engine: 'sqlite'; path: string }

export interface ForeignDbs {
  /**
   * What one statement reads. Nothing can be written: the database itself is told so, before it sees the statement. `signal` ends it.
   * Errors: `ForeignDbError`, in words that may be shown; `connection.address_forbidden`.
   */
  query(target: ForeignDb, sql: string, limits: Limits, signal: AbortSignal): Promise<Rows>
  /** Its tables and views, or the columns of one. */
  schema(target: ForeignDb, table: string | null, limits: Limits, signal: AbortSignal): Promise<Rows>
}

/** `sqliteDir`: null where files of the server may not be read. */
export function createForeignDbs({ egress, sqliteDir }: { egress: Egress; sqliteDir: string | null }): ForeignDbs {
  async function run(
    target: ForeignDb,
    question: { sql: string } | { table: string | null },
    limits: Limits,
    signal: AbortSignal,
  ): Promise<Rows> {
    if (target.engine === 'sqlite') {
      const { readSqlite } = await import('./sqlite.ts')
      return readSqlite(sqliteDir, target.path, question, limits, signal)
    }
    const address = await pin(target.host)
    // Loaded with the first question: most servers never ask one.
    const { readPostgres } =
      target.engine === 'postgresql' ? await import('./postgres.ts') : { readPostgres: (await import('./mysql.ts')).readMysql }
    return readPostgres({ ...target, address }, question, limits, signal)
  }

  async function pin(host: string): Promise<string> {
    try {
      return await egress.pin(host)
    } catch (error) {
      if (error instanceof AppError) throw error
      if (error instanceof EgressError) throw new ForeignDbError('The host of the database is not known.')
      throw error
    }
  }

  return {
    query: (target, sql, limits, signal) => run(target, { sql }, limits, signal),
    schema: (target, table, limits, signal) => run(target, { table }, limits, signal),
  }
}
