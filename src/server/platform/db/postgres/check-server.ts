import pg from 'pg'
import { AppError } from '../../errors/index.ts'
import type { Secret } from '../../vault/secret.ts'
import { translateFailure } from '../failure.ts'
import { DatabaseRefusal } from '../refusal.ts'
import { connectTimeoutMs, schemaLock } from './postgres-pool.ts'

const oldestMajor = 15

/** The database is new enough and has the vector extension, which is created where that is allowed. */
export async function checkServer(url: Secret): Promise<void> {
  const client = new pg.Client({ connectionString: url.reveal(), connectionTimeoutMillis: connectTimeoutMs, query_timeout: 30_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ version: number; name: string; has_vector: boolean }>(
      `select current_setting('server_version_num')::int as version, current_setting('server_version') as name,
         exists (select from pg_extension where extname = 'vector') as has_vector`,
    )
    const { version, name, has_vector } = rows[0]!
    if (version < oldestMajor * 10_000) {
      throw new DatabaseRefusal('server_too_old', `Parley needs PostgreSQL ${oldestMajor} or newer. The server at DATABASE_URL is ${name}.`)
    }
    if (!has_vector) await createVector(client)
  } catch (error) {
    if (error instanceof DatabaseRefusal) throw error
    if (error instanceof pg.DatabaseError && isRefusedLogin(error)) {
      throw new DatabaseRefusal('login_refused', `The server at DATABASE_URL refused the connection: ${error.message}.`, { cause: error })
    }
    const translated = translateFailure(error)
    if (translated instanceof AppError || translated instanceof pg.DatabaseError) throw translated
    throw new AppError('database.unavailable', { cause: error })
  } finally {
    await client.end().catch(() => {})
  }
}

async function createVector(client: pg.Client): Promise<void> {
  // Processes that start together would collide: `if not exists` does not wait for another's transaction.
  await client.query(`select pg_advisory_lock(${schemaLock})`)
  try {
    await client.query('create extension if not exists vector')
  } catch (error) {
    const mayNot = error instanceof pg.DatabaseError && error.code === '42501'
    throw new DatabaseRefusal(
      'vector_missing',
      mayNot
        ? 'The database lacks the extension vector, and its user may not create it. As a superuser, run in this database: create extension vector;'
        : 'PostgreSQL has no extension vector (pgvector). Install it on the database server, for example the package postgresql-16-pgvector, and start again.',
      { cause: error },
    )
  }
}

/** Wrong user, password or database, or no right to it: waiting does not help. */
function isRefusedLogin({ code = '' }: pg.DatabaseError): boolean {
  return code.startsWith('28') || code === '3D000' || code === '42501'
}
