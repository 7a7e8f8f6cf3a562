import type { Socket } from 'node:net'
import pg from 'pg'
import { ForeignDbError, type Limits, nameParts, type Question, type Rows, type Server, tooSlow } from './rows.ts'
import { connectTimeoutMs, watch } from './watch.ts'

/** Roles that reach past the tables, to files and programs of the database's own machine (PostgreSQL 17, section 21.5). */
const dangerousRoles = ['pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files']

const tablesSql = `
  select n.nspname as schema, c.relname as name,
    case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end as kind,
    case when c.reltuples < 0 then null else c.reltuples::bigint end as estimated_rows, obj_description(c.oid, 'pg_class') as comment
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
    and pg_catalog.has_table_privilege(c.oid, 'select')
  order by 1, 2`
const columnsSql = `
  select a.attname as column, pg_catalog.format_type(a.atttypid, a.atttypmod) as type, case when a.attnotnull then 'no' else 'yes' end as nullable,
    (select string_agg(case k.contype when 'p' then 'primary key' when 'u' then 'unique' else 'references ' || k.confrelid::regclass::text end, ', ')
      from pg_catalog.pg_constraint k where k.conrelid = c.oid and a.attnum = any (k.conkey) and k.contype in ('p', 'u', 'f')) as keys,
    col_description(c.oid, a.attnum) as comment
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace join pg_catalog.pg_attribute a on a.attrelid = c.oid
  where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f') and c.relname = $1
    and (n.nspname = $2 or ($2::text is null and pg_catalog.pg_table_is_visible(c.oid)))
  order by a.attnum`

/**
 * One question on a connection of its own, which ends with it, so that nothing a statement sets outlives it. The transaction is READ ONLY, which binds
 * functions as well. The statement becomes the body of a cursor, by the extended protocol: PostgreSQL's own parser then takes one SELECT or VALUES and nothing
 * else (no COPY, DO, SET, COMMIT, no second statement, no CTE that writes), and no more rows than wanted are made. What neither stops, functions that reach
 * files and programs, only powerful accounts may call: those are refused.
 */
export async function readPostgres(server: Server, question: Question, limits: Limits, signal: AbortSignal): Promise<Rows> {
  const client = new pg.Client({
    host: server.address,
    port: server.port,
    database: server.database,
    user: server.user,
    password: server.password?.reveal() ?? '',
    ssl: server.tls === 'off' ? false : { servername: server.host, rejectUnauthorized: server.tls === 'verify' },
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'Parley',
    // As text, as PostgreSQL writes it.
    types: { getTypeParser: () => (value: string | Buffer) => String(value) },
  })
  client.on('error', () => {})
  const guard = watch(() => streamOf(client), limits, signal)
  try {
    await client.connect()
    await refusePowerful(client)
    await client.query(
      `begin transaction read only; set local statement_timeout = ${limits.timeoutMs}; set local lock_timeout = 2000; set local idle_in_transaction_session_timeout = ${limits.timeoutMs}`,
    )
    if ('sql' in question) {
      await ask(client, `declare parley_rows no scroll cursor for ${question.sql}`)
      return toRows(await ask(client, `fetch ${limits.maxRows + 1} from parley_rows`), limits)
    }
    const { schema, name } = nameParts(question.table ?? '')
    const found = await ask(client, question.table === null ? tablesSql : columnsSql, question.table === null ? [] : [name, schema])
    if (question.table !== null && found.rows.length === 0)
      throw new ForeignDbError(`There is no table ${question.table}, or this account may not see it.`)
    return toRows(found, limits)
  } catch (error) {
    throw guard.reason() ?? toError(error, limits)
  } finally {
    guard.end()
    // Not waited for: a server that hangs would hold whoever asked.
    streamOf(client).destroy()
  }
}

/** By the extended protocol, which takes one statement and no second; the library's types do not know that it can be asked for. */
function ask(client: pg.Client, text: string, values: unknown[] = []): Promise<pg.QueryArrayResult<(string | null)[]>> {
  const query: pg.QueryArrayConfig & { queryMode: 'extended' } = { text, values, rowMode: 'array', queryMode: 'extended' }
  return client.query<(string | null)[]>(query)
}

function toRows({ fields, rows }: pg.QueryArrayResult<(string | null)[]>, { maxRows }: Limits): Rows {
  return { columns: fields.map(({ name }) => name), rows: rows.slice(0, maxRows), hasMore: rows.length > maxRows }
}

async function refusePowerful(client: pg.Client): Promise<void> {
  const { rows } = await ask(
    client,
    `select r.rolname from pg_catalog.pg_roles r where pg_catalog.pg_has_role(current_user, r.oid, 'member') and (r.rolsuper or r.rolname = any ($1)) limit 1`,
    [dangerousRoles],
  )
  if (rows.length === 0) return
  throw new ForeignDbError(
    `The account is, or may become, ${rows[0]![0]}, which reaches files and programs of the database's machine, whatever its transaction says. Give an account that may only read.`,
  )
}

/** The socket under the client, which its types do not show; another one once it is encrypted. */
function streamOf(client: pg.Client): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream
}

function toError(error: unknown, limits: Limits): unknown {
  if (error instanceof ForeignDbError) return error
  if (error instanceof pg.DatabaseError) {
    if (error.code === '57014') return tooSlow(limits.timeoutMs)
    return new ForeignDbError([error.message, error.hint].filter(Boolean).join('. '))
  }
  if (error instanceof Error) return new ForeignDbError(`The database could not be asked: ${error.message}`)
  return error
}
