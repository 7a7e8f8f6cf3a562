import type { PostgresCursor, PostgresPoolClient, PostgresQueryResult } from 'kysely'
import type pg from 'pg'
import { AppError } from '../errors/index.ts'
import { translateFailure } from './failure.ts'

/**
 * A connection lent to one user at a time: what Kysely's PostgreSQL dialect needs of a pool client. Both databases speak through the same driver,
 * so rows, parameters and errors cannot differ between them.
 */
export class Lease implements PostgresPoolClient {
  readonly #client: pg.ClientBase & { processID?: number | null }
  readonly #giveBack: (isBroken: boolean) => void
  #isReleased = false
  #running = 0
  #idleSince = performance.now()

  constructor(client: pg.ClientBase, giveBack: (isBroken: boolean) => void) {
    this.#client = client
    this.#giveBack = giveBack
  }

  get processID(): number {
    return this.#client.processID ?? 0
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>
  query<R>(sql: string | PostgresCursor<R>, parameters?: readonly unknown[]): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof sql !== 'string') throw new Error('This database does not use cursors.')
    return this.run(sql, parameters) as Promise<pg.QueryResult & PostgresQueryResult<R>>
  }

  async run(text: string, values: readonly unknown[] = [], name?: string): Promise<pg.QueryResult> {
    if (this.#isReleased)
      throw new AppError('database.unavailable', { detail: 'The transaction was idle for too long and was rolled back.' })
    this.#running += 1
    try {
      return await this.#client.query(
        name === undefined ? { text, values: values as unknown[] } : { name, text, values: values as unknown[] },
      )
    } catch (error) {
      throw translateFailure(error)
    } finally {
      this.#running -= 1
      this.#idleSince = performance.now()
    }
  }

  /** For how long its holder has asked nothing. */
  get idleMs(): number {
    return this.#running > 0 ? 0 : performance.now() - this.#idleSince
  }

  release(isBroken = false): void {
    if (this.#isReleased) return
    this.#isReleased = true
    this.#giveBack(isBroken)
  }
}
