import type { PostgresPool } from 'kysely'
import pg from 'pg'
import type { Secret } from '../../vault/secret.ts'
import { translateFailure } from '../failure.ts'
import type { DatabaseLog } from '../index.ts'
import { Lease } from '../lease.ts'
import { valueTypes } from '../value-types.ts'

export interface PostgresAddress {
  url: Secret
  /** Where `url` leads to a pooler: the database itself, for LISTEN, migrations and advisory locks. */
  directUrl: Secret | null
}

export const connectTimeoutMs = 5_000
const statementTimeoutMs = 30_000
/** For a peer that vanished without a word; longer than the server's own limit. */
const silenceTimeoutMs = 40_000

/** A pooler refuses start-up options, and named statements may not survive it. */
export function isPooled({ url, directUrl }: PostgresAddress): boolean {
  return directUrl !== null && directUrl.reveal() !== url.reveal()
}

/** The advisory lock under which the schema is changed; its number is any that nobody else uses. */
export const schemaLock = 7261503841

/** JIT costs more than it gives at this size of statements; everything is UTC. */
export const sessionOptions = '-c TimeZone=UTC -c jit=off'

/** The connections that statements share. A lost one never ends the process: its statement fails, and the next connects again. */
export class PostgresConnections {
  readonly #pool: pg.Pool
  readonly #keepsStatements: boolean

  constructor(address: PostgresAddress, poolSize: number, log: DatabaseLog) {
    const pooled = isPooled(address)
    this.#keepsStatements = !pooled
    this.#pool = new pg.Pool({
      connectionString: address.url.reveal(),
      max: poolSize,
      types: valueTypes,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      connectionTimeoutMillis: connectTimeoutMs,
      idleTimeoutMillis: 60_000,
      query_timeout: silenceTimeoutMs,
      ...(pooled
        ? {}
        : {
            application_name: 'parley',
            statement_timeout: statementTimeoutMs,
            idle_in_transaction_session_timeout: 60_000,
            options: sessionOptions,
          }),
    })
    this.#pool.on('error', (error) => log.warn({ err: error }, 'An idle connection to the database was lost'))
    // While it is lent, a connection has no listener of the pool's; its statement rejects with the same error.
    this.#pool.on('connect', (client) => client.on('error', () => {}))
  }

  async lease(): Promise<Lease> {
    try {
      const client = await this.#pool.connect()
      return new Lease(client, (isBroken) => client.release(isBroken || client.getTransactionStatus() !== 'I'))
    } catch (error) {
      throw translateFailure(error)
    }
  }

  async run(text: string, values: readonly unknown[] = [], name?: string): Promise<pg.QueryResult> {
    const lease = await this.lease()
    try {
      return await lease.run(text, values, this.#keepsStatements ? name : undefined)
    } finally {
      lease.release()
    }
  }

  asKyselyPool(): PostgresPool {
    return { connect: () => this.lease(), end: () => Promise.resolve(), options: {} }
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }
}
