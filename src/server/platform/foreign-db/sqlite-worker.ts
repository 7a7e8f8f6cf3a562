import { constants, DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import type { Limits, Question, Rows } from './rows.ts'

export interface SqliteRequest {
  file: string
  question: Question
  limits: Limits
}
export type SqliteReply = Rows | { refused: string }

/** What a statement may do: read. ATTACH, PRAGMA, VACUUM INTO and everything that writes are none of these. */
const permitted = new Set([constants.SQLITE_SELECT, constants.SQLITE_READ, constants.SQLITE_FUNCTION, constants.SQLITE_RECURSIVE])

const maxHeapBytes = 256 * 1024 * 1024

const tablesSql = `select name, type as kind, sql as definition from sqlite_schema where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\' order by name`
const columnsSql = `select name as "column", type, case "notnull" when 0 then 'yes' else 'no' end as nullable, case pk when 0 then null else 'primary key' end as keys
  from pragma_table_info(?)`

function read({ file, question, limits }: SqliteRequest): SqliteReply {
  const database = new DatabaseSync(file, {
    readOnly: true,
    allowExtension: false,
    enableDoubleQuotedStringLiterals: false,
    timeout: 1_000,
  })
  try {
    // What it sorts and joins stays in memory, and in so much of it.
    database.exec(`pragma temp_store = memory; pragma hard_heap_limit = ${maxHeapBytes}`)
    // Texts and blobs may not be made longer than an answer may be.
    database.limits.length = limits.maxBytes
    database.limits.attach = 0
    if ('table' in question) {
      const found =
        question.table === null ? rowsOf(database, tablesSql, [], limits) : rowsOf(database, columnsSql, [question.table], limits)
      return question.table !== null && found.rows.length === 0 ? { refused: `There is no table ${question.table}.` } : found
    }
    database.setAuthorizer((action) => (permitted.has(action) ? constants.SQLITE_OK : constants.SQLITE_DENY))
    return rowsOf(database, question.sql, [], limits)
  } finally {
    database.close()
  }
}

function rowsOf(database: DatabaseSync, sql: string, values: string[], { maxRows, maxBytes }: Limits): Rows {
  const statement = database.prepare(sql)
  // SQLite prepares the first statement and leaves the rest unread.
  const rest = sql.slice(sql.indexOf(statement.sourceSQL) + statement.sourceSQL.length)
  if (/[^\s;]/.test(rest.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ''))) throw new Error('Only one statement is run at a time.')
  statement.setReadBigInts(true)
  const columns = statement.columns().map(({ name }) => name)
  if (columns.length === 0) throw new Error('The statement reads nothing.')
  statement.setReturnArrays(true)
  const rows: (string | null)[][] = []
  let bytes = 0
  for (const row of statement.iterate(...values) as Iterable<unknown> as Iterable<SQLOutputValue[]>) {
    if (rows.length === maxRows) return { columns, rows, hasMore: true }
    const texts = row.map(textOf)
    bytes += texts.reduce((sum, text) => sum + (text?.length ?? 0) + 1, 0)
    if (bytes > maxBytes)
      throw new Error(`The answer is larger than ${Math.round(maxBytes / 1024 / 1024)} MB. Ask for fewer columns or rows.`)
    rows.push(texts)
  }
  return { columns, rows, hasMore: false }
}

function textOf(value: SQLOutputValue): string | null {
  if (value === null) return null
  return value instanceof Uint8Array ? `x'${Buffer.from(value).toString('hex')}'` : String(value)
}

if (!process.send) throw new Error('The reader of SQLite files runs as a process of its own.')
process.once('message', (request: SqliteRequest) => process.send?.(answerTo(request)))

function answerTo(request: SqliteRequest): SqliteReply {
  try {
    return read(request)
  } catch (error) {
    return { refused: error instanceof Error ? error.message : 'The file could not be read.' }
  }
}
