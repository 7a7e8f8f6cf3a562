import type { PostgresPool } from 'kysely'
import pg from 'pg'
import { AppError } from '../../errors/index.ts'
import type { DatabaseLog } from '../index.ts'
import { Lease } from '../lease.ts'
import { valueTypes } from '../value-types.ts'
import { EngineStream } from './engine-stream.ts'
import { PriorityLock, type Priority } from './priority-lock.ts'
import type { WorkerStart } from './worker-messages.ts'

/** Opening again after a crash of the engine is tried at most this often. */
const reopenPauseMs = 1000

/** Somebody holds the connection, does nothing with it, and others wait: PostgreSQL ends such a session too. */
const idleLimitMs = 60_000
const watchEveryMs = 5_000

interface Engine {
  stream: EngineStream
  client: pg.Client
}

/**
 * The one connection of the embedded database. Everybody who uses it — statements, transactions, jobs, maintenance — goes through one lock with two
 * priorities, and a transaction keeps it until its end.
 */
export class EmbeddedConnection {
  readonly #lock = new PriorityLock()
  readonly #start: WorkerStart
  readonly #log: DatabaseLog
  readonly #listeners = new Set<(channel: string, payload: string) => void>()
  readonly #reopened = new Set<(run: (text: string) => Promise<unknown>) => Promise<void>>()
  #engine: Engine | undefined
  #openings = 0
  #failedAt = Number.NEGATIVE_INFINITY
  #failure: AppError | undefined
  #isClosed = false
  #holder: Lease | undefined
  readonly #watch = setInterval(() => this.endIdleHolder(idleLimitMs), watchEveryMs).unref()
  #foregroundAt = performance.now()

  constructor(start: WorkerStart, log: DatabaseLog) {
    this.#start = start
    this.#log = log
  }

  /** Opens it now, to fail now. */
  async open(): Promise<void> {
    const lease = await this.lease('foreground')
    lease.release()
  }

  /** More than one: it was opened again after a crash. */
  get openings(): number {
    return this.#openings
  }

  /** How long nobody used it in the foreground. */
  get quietForMs(): number {
    return performance.now() - this.#foregroundAt
  }

  /** Waits for its turn. An engine that crashed is opened again first: what was committed is in its directory. */
  async lease(priority: Priority): Promise<Lease> {
    await this.#lock.acquire(priority)
    if (priority === 'foreground') this.#foregroundAt = performance.now()
    try {
      const engine = this.#engine ?? (await this.#reopen())
      this.#holder = new Lease(engine.client, (isBroken) => void this.#giveBack(engine, isBroken))
      return this.#holder
    } catch (error) {
      this.#lock.release()
      throw error
    }
  }

  async run(priority: Priority, text: string, values: readonly unknown[] = [], name?: string): Promise<pg.QueryResult> {
    const lease = await this.lease(priority)
    try {
      return await lease.run(text, values, name)
    } finally {
      lease.release()
    }
  }

  pool(priority: Priority): PostgresPool {
    return { connect: () => this.lease(priority), end: () => Promise.resolve(), options: {} }
  }

  /** Called for what SQL sends with NOTIFY on channels that were listened to. */
  onNotification(listener: (channel: string, payload: string) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Called after a crash, on the new connection before anybody else uses it. */
  onReopened(listener: (run: (text: string) => Promise<unknown>) => Promise<void>): void {
    this.#reopened.add(listener)
  }

  /** Waits for whoever holds the connection, then closes the database in order. Later use fails with `database.unavailable`. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    clearInterval(this.#watch)
    await this.#lock.acquire('foreground')
    this.#isClosed = true
    try {
      await this.#engine?.stream.close()
    } finally {
      this.#engine = undefined
      this.#lock.release()
    }
  }

  async #giveBack(engine: Engine, isBroken: boolean) {
    try {
      if (this.#engine !== engine) return
      // Somebody began a transaction and left without ending it: nobody else may end up inside.
      if (isBroken || engine.client.getTransactionStatus() !== 'I') await engine.client.query('rollback')
    } catch (error) {
      this.#log.error({ err: error }, 'The embedded database could not roll back and is opened again')
      this.#engine = undefined
      engine.stream.destroy()
    } finally {
      this.#holder = undefined
      this.#lock.release()
    }
  }

  /** Usually a statement outside of the transaction that it was meant for: it waits for itself. */
  endIdleHolder(limitMs: number): void {
    if (!this.#holder || this.#lock.waiting === 0 || this.#holder.idleMs < limitMs) return
    this.#log.error(
      { idleMs: Math.round(this.#holder.idleMs), waiting: this.#lock.waiting },
      'A transaction that did nothing for too long was rolled back',
    )
    this.#holder.release()
  }

  async #reopen(): Promise<Engine> {
    if (this.#isClosed) throw new AppError('database.unavailable', { detail: 'The server is closing it.' })
    if (this.#failure && performance.now() - this.#failedAt < reopenPauseMs) throw this.#failure
    try {
      this.#engine = await this.#connect()
      this.#failure = undefined
      return this.#engine
    } catch (error) {
      this.#failedAt = performance.now()
      this.#failure = error instanceof AppError ? error : new AppError('database.unavailable', { cause: error })
      this.#log.error({ err: error }, 'The embedded database could not be opened')
      throw this.#failure
    }
  }

  async #connect(): Promise<Engine> {
    const stream = await EngineStream.open(this.#start)
    const client = new pg.Client({ stream: () => stream, user: 'postgres', database: 'postgres', password: '', types: valueTypes })
    const engine = { stream, client }
    stream.onCrash = (error) => {
      this.#log.error({ err: error }, 'The embedded database stopped')
      if (this.#engine === engine) this.#engine = undefined
    }
    client.on('error', () => {}) // the query that was running rejects; the crash itself is logged above
    client.on('notification', ({ channel, payload = '' }) => {
      for (const listener of this.#listeners) listener(channel, payload)
    })
    await client.connect()
    if (this.#openings > 0) for (const listener of this.#reopened) await listener((text) => client.query(text))
    this.#openings += 1
    return engine
  }
}
