import pg from 'pg'
import { AppError } from '../../errors/index.ts'
import type { Secret } from '../../vault/secret.ts'
import { translateFailure } from '../failure.ts'
import type { DatabaseLog, Notifier } from '../index.ts'
import { ListenerTable } from '../listener-table.ts'
import { connectTimeoutMs } from './postgres-pool.ts'

const firstPauseMs = 100
const longestPauseMs = 5_000
/** A connection that does not answer within this is given up, so that a vanished server is noticed. */
const heartbeatMs = 15_000
/** Other processes can wait so long; whoever is being answered on this one should not wait for their news to be sent. */
const gatherMs = 5
/** More than this, waiting for a lost database, is dropped oldest first: followers poll as well. */
const maxWaiting = 10_000

const sendAll = 'select pg_notify(channel, payload) from unnest($1::text[], $2::text[]) as sent (channel, payload)'

/** One connection for LISTEN and NOTIFY, opened again with growing pauses whenever it is lost. */
export class PostgresNotifier implements Notifier {
  readonly #url: Secret
  readonly #log: DatabaseLog
  readonly #table = new ListenerTable()
  /** By channel and payload: PostgreSQL folds equal notifications of one transaction too. */
  readonly #waiting = new Map<string, [channel: string, payload: string]>()
  #client: pg.Client | undefined
  #connecting: Promise<void> | undefined
  #heartbeat: NodeJS.Timeout | undefined
  #retry: NodeJS.Timeout | undefined
  #pauseMs = firstPauseMs
  #hasMissed = false
  #isFlushing = false
  #isClosed = false

  constructor(url: Secret, log: DatabaseLog) {
    this.#url = url
    this.#log = log
  }

  notify(channel: string, payload: string): void {
    if (this.#isClosed) return
    if (this.#waiting.size >= maxWaiting) this.#waiting.delete(this.#waiting.keys().next().value!)
    this.#waiting.set(`${channel}\n${payload}`, [channel, payload])
    if (this.#waiting.size === 1) setTimeout(() => void this.#flush(), gatherMs)
  }

  async listen(channel: string, onPayload: (payload: string) => void, onReconnect?: () => void): Promise<() => Promise<void>> {
    const { isFirst, remove } = this.#table.add(channel, onPayload, onReconnect)
    await this.#connect()
    if (isFirst) await this.#run(`listen ${pg.escapeIdentifier(channel)}`)
    return async () => {
      if (remove() && this.#client) await this.#run(`unlisten ${pg.escapeIdentifier(channel)}`)
    }
  }

  async close(): Promise<void> {
    await this.#flush()
    this.#isClosed = true
    clearTimeout(this.#retry)
    clearInterval(this.#heartbeat)
    await this.#connecting?.catch(() => {})
    const client = this.#client
    this.#client = undefined
    await client?.end()
  }

  /** False where the connection was lost, which is repaired elsewhere. What the server refuses is given up: it would refuse it again. */
  async #run(text: string, values?: unknown[]): Promise<boolean> {
    const client = this.#client
    if (!client) return false
    try {
      await client.query(text, values)
      return true
    } catch (error) {
      if (error instanceof pg.DatabaseError && !(translateFailure(error) instanceof AppError)) {
        this.#log.error({ err: error }, 'A notification was refused')
        return true
      }
      this.#lost(client, error)
      return false
    }
  }

  async #flush() {
    if (this.#isFlushing || this.#waiting.size === 0) return
    this.#isFlushing = true
    try {
      await this.#connect()
      while (this.#waiting.size > 0 && this.#client) {
        const batch = [...this.#waiting]
        // Cleared before it is sent: what is told again meanwhile is news again.
        this.#waiting.clear()
        const wasSent = await this.#run(sendAll, [batch.map(([, [channel]]) => channel), batch.map(([, [, payload]]) => payload)])
        if (wasSent) continue
        for (const [key, entry] of batch) this.#waiting.set(key, entry)
        break
      }
    } finally {
      this.#isFlushing = false
    }
  }

  /** Resolves when connected, or when that failed and a retry is set. */
  #connect(): Promise<void> {
    if (this.#client || this.#isClosed) return Promise.resolve()
    this.#connecting ??= this.#open().finally(() => {
      this.#connecting = undefined
    })
    return this.#connecting
  }

  async #open() {
    clearTimeout(this.#retry)
    const client = new pg.Client({
      connectionString: this.#url.reveal(),
      application_name: 'parley notifier',
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: heartbeatMs,
      keepAlive: true,
    })
    client.on('error', (error) => this.#lost(client, error))
    client.on('end', () => this.#lost(client, new Error('The connection ended.')))
    client.on('notification', ({ channel, payload = '' }) => this.#table.deliver(channel, payload))
    try {
      await client.connect()
      const channels = this.#table.channels()
      if (channels.length > 0) await client.query(channels.map((channel) => `listen ${pg.escapeIdentifier(channel)}`).join(';'))
    } catch (error) {
      client.end().catch(() => {})
      this.#scheduleRetry(error)
      return
    }
    if (this.#isClosed) {
      await client.end()
      return
    }
    this.#client = client
    this.#pauseMs = firstPauseMs
    clearInterval(this.#heartbeat)
    this.#heartbeat = setInterval(() => void this.#run('select 1'), heartbeatMs).unref()
    if (this.#hasMissed) {
      this.#hasMissed = false
      this.#log.info({}, 'The connection for notifications is back')
      this.#table.reconnected()
    }
    if (this.#waiting.size > 0) setImmediate(() => void this.#flush())
  }

  #lost(client: pg.Client, error: unknown) {
    if (this.#client !== client) return
    this.#client = undefined
    clearInterval(this.#heartbeat)
    client.end().catch(() => {})
    this.#scheduleRetry(error)
  }

  #scheduleRetry(error: unknown) {
    if (this.#isClosed) return
    this.#hasMissed = true
    this.#log.warn({ err: error, retryMs: this.#pauseMs }, 'The connection for notifications is lost')
    const pauseMs = this.#pauseMs * (0.75 + Math.random() / 2)
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
    this.#retry = setTimeout(() => void this.#connect(), pauseMs).unref()
  }
}
