import { performance } from 'node:perf_hooks'
import pg from 'pg'
import type { DatabaseLog } from '../index.ts'
import type { EmbeddedConnection } from './embedded-connection.ts'

const everyMs = 30_000
/** The engine runs alone and so has no checkpointer: without these, its log of changes grows for ever and a start after kill -9 replays all of it. */
const checkpointAfterBytes = 24 * 1024 * 1024
const checkpointAfterMs = 5 * 60_000
/** VACUUM holds up everybody else: it waits for a pause in the foreground, but not for ever. */
const quietMs = 2_000
const patienceMs = 10 * 60_000

interface DirtyTable {
  schema: string
  name: string
}

/** There is no autovacuum either: tables that changed much are cleaned here, one at a time. The thresholds follow PostgreSQL's own, but lower. */
const dirtiest = `select schemaname as schema, relname as name
  from pg_stat_user_tables
  where n_dead_tup > 500 + 0.1 * n_live_tup or n_mod_since_analyze > 500 + 0.1 * n_live_tup or n_ins_since_vacuum > 5000 + 0.2 * n_live_tup
  order by n_dead_tup desc limit 1`

const sinceCheckpoint = 'select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), redo_lsn)::float8 as bytes from pg_control_checkpoint()'

/** Keeps the embedded database small and quick to reopen, at low priority. */
export class Maintenance {
  readonly #connection: EmbeddedConnection
  readonly #log: DatabaseLog
  readonly #timer: NodeJS.Timeout
  #running: Promise<void> = Promise.resolve()
  /** Held while somebody copies the files: a checkpoint would remove what the copy needs. */
  #holds = 0
  #checkpointAt = performance.now()
  #dirtySince: number | undefined

  readonly #quietMs: number

  constructor(connection: EmbeddedConnection, log: DatabaseLog, options: { quietMs?: number } = {}) {
    this.#quietMs = options.quietMs ?? quietMs
    this.#connection = connection
    this.#log = log
    this.#timer = setInterval(() => void this.tick(), everyMs).unref()
  }

  /** One round now, after the one that may be running. */
  tick(): Promise<void> {
    this.#running = this.#running
      .then(() => this.#round())
      .catch((error) => this.#log.warn({ err: error }, 'Maintenance of the database failed'))
    return this.#running
  }

  /** Makes a checkpoint, and no further one before `work` is done. */
  async holdCheckpoint<T>(work: () => Promise<T>): Promise<T> {
    this.#holds += 1
    try {
      await this.#running
      await this.#connection.run('background', 'checkpoint')
      const opening = this.#connection.openings
      const result = await work()
      if (this.#connection.openings !== opening) throw new Error('The database was opened again meanwhile, which makes a checkpoint.')
      return result
    } finally {
      this.#holds -= 1
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
  }

  async #round() {
    if (this.#holds === 0) await this.#checkpoint()
    await this.#clean()
  }

  async #checkpoint() {
    const { rows } = await this.#connection.run('background', sinceCheckpoint)
    const { bytes } = rows[0] as { bytes: number }
    const isDue = bytes > checkpointAfterBytes || (bytes > 0 && performance.now() - this.#checkpointAt > checkpointAfterMs)
    if (!isDue || this.#holds > 0) return
    await this.#connection.run('background', 'checkpoint')
    this.#checkpointAt = performance.now()
  }

  async #clean() {
    await this.#connection.run('background', 'select pg_stat_force_next_flush()')
    const { rows } = await this.#connection.run('background', dirtiest)
    const table = rows[0] as DirtyTable | undefined
    if (!table) {
      this.#dirtySince = undefined
      return
    }
    const now = performance.now()
    this.#dirtySince ??= now
    if (this.#connection.quietForMs < this.#quietMs && now - this.#dirtySince < patienceMs) return
    this.#dirtySince = undefined
    await this.#connection.run('background', `vacuum (analyze) ${pg.escapeIdentifier(table.schema)}.${pg.escapeIdentifier(table.name)}`)
    this.#log.debug({ table: table.name, ms: Math.round(performance.now() - now) }, 'Table vacuumed')
  }
}
