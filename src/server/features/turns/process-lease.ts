import type { Db } from '../../platform/db/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import * as store from './store.ts'

/**
 * This process's claim to be alive, renewed by the database's clock. While a renewal is overdue by this process's own monotonic clock it may not start
 * a model call or a tool: another process may be doing the same work already.
 */
export class ProcessLease {
  readonly processId: string
  readonly #db: Db
  readonly #log: Logger
  readonly #leaseMs: number
  #renewedAt = -Infinity
  #timer: NodeJS.Timeout | undefined
  #waiting: (() => void)[] = []

  constructor(db: Db, processId: string, log: Logger, leaseMs: number) {
    this.#db = db
    this.processId = processId
    this.#log = log
    this.#leaseMs = leaseMs
  }

  async start(): Promise<void> {
    await this.#renew()
    this.#schedule()
  }

  async #renew(): Promise<void> {
    const askedAt = performance.now()
    await store.renewLease(this.#db, this.processId, this.#leaseMs / 1000)
    this.#renewedAt = askedAt
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }

  #schedule(): void {
    this.#timer = setTimeout(
      () => {
        this.#renew()
          .catch((error: unknown) => this.#log.warn({ err: error }, 'the process lease could not be renewed'))
          .finally(() => {
            if (this.#timer) this.#schedule()
          })
      },
      this.isSure ? this.#leaseMs / 3 : Math.min(1_000, this.#leaseMs / 3),
    )
    this.#timer.unref()
  }

  /** Two thirds of the lease: this process must know that it is in doubt before another may take its turns. */
  get isSure(): boolean {
    return performance.now() - this.#renewedAt < (this.#leaseMs * 2) / 3
  }

  /** Resolves once the lease is sure; before every model call and tool. */
  async sure(signal: AbortSignal): Promise<void> {
    while (!this.isSure && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve)
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
    }
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    await store
      .endLease(this.#db, this.processId)
      .catch((error: unknown) => this.#log.warn({ err: error }, 'the process lease could not be ended'))
  }
}
