import type { Kysely, Transaction } from 'kysely'

export { migrate } from './migrate.ts'
export { type DatabaseOptions, openDatabase } from './open-database.ts'
export { DatabaseRefusal, type RefusalReason } from './refusal.ts'
export { beginningOf, storableJson } from './storable-json.ts'

/**
 * All tables, for typed queries. Each feature adds its own in its `tables.ts`:
 * `declare module '../../platform/db/index.ts' { interface Tables { conversation: ConversationTable } }`
 */
export interface Tables {}

export type Db = Kysely<Tables>
export type Tx = Transaction<Tables>

/** What the database writes about itself; any pino logger is one. */
export interface DatabaseLog {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Wakes other processes. Runs on a connection of its own: NOTIFY inside business transactions serialises their commits. */
export interface Notifier {
  /** Batched: goes out within milliseconds. Lost while the database is lost; followers re-read on reconnect. At most 7,900 bytes of payload. */
  notify(channel: string, payload: string): void
  /** `onReconnect` runs after the connection was lost: whatever was sent in between was missed. Resolves when it listens. */
  listen(channel: string, onPayload: (payload: string) => void, onReconnect?: () => void): Promise<() => Promise<void>>
}

/**
 * Values are the same on both databases: int8 is bigint, timestamptz Date, jsonb parsed, bytea Buffer; uuid, numeric, date and vector are strings.
 * A statement that fails because there is no database throws AppError `database.unavailable`, because of the disk `storage.full` or
 * `storage.read_only`; any other failure is pg's `DatabaseError`, whose `code` is the SQLSTATE.
 */
export interface Database {
  readonly kind: 'embedded' | 'postgres'
  readonly db: Db
  /** The same database at low priority: on the embedded one its statements wait for everybody else's. */
  readonly background: Db
  readonly notifier: Notifier
  /**
   * One hot statement outside of transactions, prepared once per connection under this name (where the server's pooler allows it). A name belongs
   * to one text.
   */
  call<Row>(name: string, sql: string, params: readonly unknown[]): Promise<Row[]>
  /** Any statement, or without parameters any script of statements, at low priority: for libraries that bring their own SQL. */
  execute(sql: string, params?: readonly unknown[]): Promise<{ rows: unknown[]; rowCount: number }>
  /**
   * A session that no other process has at the same time, on the direct connection and without time-outs: for migrations. Scripts and statements in
   * the order given; the caller begins and commits.
   */
  exclusively<T>(work: (run: (sql: string, params?: readonly unknown[]) => Promise<unknown[]>) => Promise<T>): Promise<T>
  /** Of an embedded database with a directory: copies of its files while it runs, which need not wait for anybody. */
  readonly files: {
    /** A snapshot now, beside the hourly ones; resolves with the file. */
    take(): Promise<string>
    copyTo(file: string, signal?: AbortSignal): Promise<void>
  } | null
  /** Throws `database.unavailable`. */
  ping(): Promise<void>
  close(): Promise<void>
}
