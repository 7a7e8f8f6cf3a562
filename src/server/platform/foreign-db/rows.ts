export interface Limits {
  maxRows: number
  /** Of everything that comes from the database. */
  maxBytes: number
  timeoutMs: number
}

/** Values as the database itself writes them, so that none is changed on its way: a JSON number would lose digits of a bigint, a date its zone. */
export interface Rows {
  columns: string[]
  rows: (string | null)[][]
  /** There were more rows than the limit. */
  hasMore: boolean
}

/** What a database, or the way to it, refused. The message may be shown to whoever asked. */
export class ForeignDbError extends Error {
  override readonly name = 'ForeignDbError'
}

export interface Server {
  host: string
  /** Of the host, checked. */
  address: string
  port: number
  database: string
  user: string
  password: { reveal(): string } | null
  tls: 'verify' | 'require' | 'off'
}

export type Question = { sql: string } | { table: string | null }

export function tooLarge(maxBytes: number): ForeignDbError {
  return new ForeignDbError(`The answer is larger than ${Math.round(maxBytes / 1024 / 1024)} MB. Ask for fewer columns or rows.`)
}

export function tooSlow(timeoutMs: number): ForeignDbError {
  return new ForeignDbError(`The database did not answer within ${Math.round(timeoutMs / 1000)} seconds.`)
}

/** `schema.table`, or a table alone. */
export function nameParts(table: string): { schema: string | null; name: string } {
  const at = table.indexOf('.')
  return at < 0 ? { schema: null, name: table } : { schema: table.slice(0, at), name: table.slice(at + 1) }
}
