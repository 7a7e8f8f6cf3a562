import { isUtf8 } from 'node:buffer'
import { connect } from 'node:net'
import { type Connection, createConnection, type FieldPacket, type RowDataPacket } from 'mysql2/promise'
import { ForeignDbError, type Limits, nameParts, type Question, type Rows, type Server, tooSlow } from './rows.ts'
import { connectTimeoutMs, watch } from './watch.ts'

/** Privileges that reach past the tables of a transaction: files, the server's settings, other people. */
const dangerousPrivileges = [
  'FILE',
  'SUPER',
  'SHUTDOWN',
  'RELOAD',
  'CREATE USER',
  'SYSTEM_VARIABLES_ADMIN',
  'CONNECTION_ADMIN',
  'SYSTEM_USER',
]
const outOfTime = new Set([1969, 3024])

const tablesSql = `select table_schema as \`schema\`, table_name as name, lower(table_type) as kind, table_rows as estimated_rows, table_comment as comment
  from information_schema.tables where table_schema = database() order by 1, 2`
const columnsSql = `select column_name as \`column\`, column_type as type, lower(is_nullable) as nullable, lower(column_key) as \`keys\`, column_comment as comment
  from information_schema.columns where table_name = ? and table_schema = coalesce(?, database()) order by ordinal_position`

/**
 * How a statement that reads begins, once its own comments are gone. MariaDB takes a whole program as one statement (`BEGIN NOT ATOMIC …`, `EXECUTE IMMEDIATE`, `CALL`),
 * which can end the transaction and begin another that writes; none of these begins so.
 */
const reading = /^(?:select|with|values|table|show|describe|desc|explain|\(\s*(?:select|with|values|table|\())(?![\w$])/i
const leadingComments = /^(?:\s+|--[ \t][^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*(?![!M+])[\s\S]*?\*\/)+/

/**
 * One question on a connection of its own, which ends with it. The transaction is READ ONLY, and so are those that a statement might begin after ending it;
 * one statement at a time is all that the protocol is opened for, and it has to be one that reads. Accounts that reach past the tables are refused.
 */
export async function readMysql(server: Server, question: Question, limits: Limits, signal: AbortSignal): Promise<Rows> {
  const sql = 'sql' in question ? question.sql.replace(leadingComments, '') : ''
  if ('sql' in question && !reading.test(sql)) throw new ForeignDbError('The statement reads nothing. It has to begin with SELECT or WITH.')
  const socket = connect({ host: server.address, port: server.port })
  // The client listens too, but not from the first moment to the last.
  socket.on('error', () => {})
  const guard = watch(() => socket, limits, signal)
  let connection: Connection | undefined
  try {
    connection = await createConnection({
      stream: socket,
      host: server.host,
      port: server.port,
      user: server.user,
      password: server.password?.reveal() ?? '',
      database: server.database,
      connectTimeout: connectTimeoutMs,
      multipleStatements: false,
      // A server could ask its client for files.
      flags: ['-LOCAL_FILES'],
      charset: 'utf8mb4',
      rowsAsArray: true,
      ...(server.tls !== 'off' && { ssl: { rejectUnauthorized: server.tls === 'verify', verifyIdentity: server.tls === 'verify' } }),
      typeCast: (field) => {
        const bytes = field.buffer()
        return bytes === null ? null : isUtf8(bytes) ? bytes.toString('utf8') : `0x${bytes.toString('hex')}`
      },
    })
    connection.on('error', () => {})
    await prepare(connection, limits)
    if ('sql' in question) return toRows(await connection.query<RowDataPacket[]>(sql), limits)
    if (question.table === null) return toRows(await connection.query<RowDataPacket[]>(tablesSql), limits)
    const { schema, name } = nameParts(question.table)
    const columns = toRows(await connection.query<RowDataPacket[]>(columnsSql, [name, schema]), limits)
    if (columns.rows.length === 0) throw new ForeignDbError(`There is no table ${question.table}, or this account may not see it.`)
    return columns
  } catch (error) {
    throw guard.reason() ?? toError(error, limits)
  } finally {
    guard.end()
    connection?.destroy()
    socket.destroy()
  }
}

async function prepare(connection: Connection, { maxRows, timeoutMs }: Limits): Promise<void> {
  const [powers] = await connection.query<RowDataPacket[]>(
    "select privilege_type from information_schema.user_privileges where replace(grantee, '''', '') = current_user() and privilege_type in (?)",
    [dangerousPrivileges],
  )
  if (powers.length > 0) {
    const named = (powers as unknown as string[][]).map(([power]) => power).join(', ')
    throw new ForeignDbError(`The account has ${named}, which reaches past its tables. Give an account that may only read.`)
  }
  const [[version]] = (await connection.query<RowDataPacket[]>('select version()')) as unknown as [string[][], FieldPacket[]]
  const limit = version?.[0]?.includes('MariaDB') ? `max_statement_time = ${timeoutMs / 1000}` : `max_execution_time = ${timeoutMs}`
  await connection.query(`set session ${limit}`)
  await connection.query(`set session sql_select_limit = ${maxRows + 1}`)
  await connection.query('set session transaction read only')
  await connection.query('start transaction read only')
}

/** Statements without rows (`SET`, `COMMIT`) have nothing to show. */
function toRows([rows, fields]: [unknown, FieldPacket[] | undefined], { maxRows }: Limits): Rows {
  if (!fields || !Array.isArray(rows)) throw new ForeignDbError('The statement reads nothing.')
  return { columns: fields.map(({ name }) => name), rows: (rows as (string | null)[][]).slice(0, maxRows), hasMore: rows.length > maxRows }
}

function toError(error: unknown, limits: Limits): unknown {
  if (error instanceof ForeignDbError || !(error instanceof Error)) return error
  if ('errno' in error && outOfTime.has(error.errno as number)) return tooSlow(limits.timeoutMs)
  return new ForeignDbError('sqlMessage' in error ? error.message : `The database could not be asked: ${error.message}`)
}
