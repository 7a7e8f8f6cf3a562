import type { TurnEvent } from '../../../contract/turns.ts'
import type { Database } from '../../platform/db/index.ts'
import { batcher } from '../../platform/db/batcher.ts'
import { AppError } from '../../platform/errors/index.ts'
import { LiveStream, type LogEntry, type StreamHub } from '../../platform/events/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import { mergeTurnEvents, sizeOfTurnEvent } from './answer-draft.ts'
import { appendEvents, type FlushItem, type TurnWrite, type TurnWritten, writeTurns } from './hot-statements.ts'
import type { EnginePorts, Job } from './ports.ts'
import type { ProcessLease } from './process-lease.ts'
import { jobOf, resumeTurn } from './resume-turn.ts'
import { keepResult } from './result-store.ts'
import { TurnRun } from './run-turn.ts'
import * as store from './store.ts'

const reapMs = 2_000
const maxBatch = 64
const databaseRetryMs = 250

export interface EngineOptions {
  database: Pick<Database, 'db' | 'call'>
  log: Logger
  hub: StreamHub<TurnEvent>
  lease: ProcessLease
  flushMs: number
  announceUser(ownerId: string): void
  wakeDeliveries(): void
  onAnswered(job: Job, inputTokens: number): void
  onSpent(conversationId: string): void
  /** What depends on other features. */
  ports: Omit<
    EnginePorts,
    | 'processId'
    | 'log'
    | 'write'
    | 'openStream'
    | 'closeStream'
    | 'announce'
    | 'startFollowUps'
    | 'wakeDeliveries'
    | 'onAnswered'
    | 'onSpent'
    | 'sure'
    | 'extendReservation'
    | 'keepResult'
  >
}

/** All turns that run in this process: starts them, writes their events in groups, takes over what other processes left. */
export class TurnEngine {
  readonly processId: string
  readonly #options: EngineOptions
  readonly #ports: EnginePorts
  readonly #runs = new Map<string, { run: TurnRun; done: Promise<void> }>()
  readonly #write: (item: TurnWrite) => Promise<TurnWritten>
  /** Turns that this process has, or is about to have, without a run. */
  readonly #held = new Map<string, number>()
  #stranded = new Set<string>()
  #flushTimer: NodeJS.Timeout | undefined
  #reapTimer: NodeJS.Timeout | undefined
  #isFlushing = false
  #isReaping = false
  #isClosing = false

  constructor(options: EngineOptions) {
    this.#options = options
    const { database, hub, lease, log } = options
    this.processId = lease.processId
    this.#write = batcher((items: TurnWrite[]) => writeTurns(database, items), maxBatch)
    this.#ports = {
      ...options.ports,
      prompt: (...args) => this.#patiently(() => options.ports.prompt(...args)),
      openModel: (settings) => this.#patiently(() => options.ports.openModel(settings)),
      openTools: (job) => this.#patiently(() => options.ports.openTools(job)),
      decided: (job) => this.#patiently(() => options.ports.decided(job)),
      processId: this.processId,
      log,
      write: (item) => this.#writePatiently(item),
      openStream: (turnId, epoch, isDurable) => {
        const stream = new LiveStream<TurnEvent>({ epoch, isLogged: isDurable, merge: mergeTurnEvents, sizeOf: sizeOfTurnEvent })
        hub.register(turnId, stream)
        return stream
      },
      closeStream: (turnId, stream) => hub.unregister(turnId, stream),
      announce: (turnId, ownerId) => {
        hub.announce([turnId])
        if (ownerId) options.announceUser(ownerId)
      },
      startFollowUps: (turnIds) => void this.#startFollowUps(turnIds),
      wakeDeliveries: options.wakeDeliveries,
      onAnswered: options.onAnswered,
      onSpent: options.onSpent,
      sure: (signal) => lease.sure(signal),
      keepResult: (result) => this.#patiently(() => keepResult(database.db, result)),
      extendReservation: (taskId, amount) => store.extendReservation(database.db, taskId, amount),
    }
  }

  start(): void {
    this.#reap()
  }

  /** How many turns run here; for metrics and for the drain. */
  get size(): number {
    return this.#runs.size
  }

  run(job: Job): TurnRun {
    const run = new TurnRun(this.#ports, job)
    const done = run.run().finally(() => {
      if (this.#runs.get(job.turnId)?.run === run) this.#runs.delete(job.turnId)
    })
    this.#runs.set(job.turnId, { run, done })
    if (!this.#flushTimer) this.#scheduleFlush()
    return run
  }

  /**
   * Says that this process looks after a turn that has no run (yet), before the database says so: what the database gives to this process and nobody here
   * knows of is taken for lost and begun again.
   */
  hold(turnId: string): Disposable {
    this.#held.set(turnId, (this.#held.get(turnId) ?? 0) + 1)
    return {
      [Symbol.dispose]: () => {
        const left = this.#held.get(turnId)! - 1
        if (left > 0) this.#held.set(turnId, left)
        else this.#held.delete(turnId)
      },
    }
  }

  /** One fenced write of a turn that has no run: its caller does the work itself. */
  write(item: TurnWrite): Promise<TurnWritten> {
    return this.#writePatiently(item)
  }

  /** True where the turn runs here. */
  stop(turnId: string): boolean {
    const entry = this.#runs.get(turnId)
    entry?.run.stop()
    return entry !== undefined
  }

  /** Ends one tool call. True where the turn runs here. */
  cancelCall(turnId: string, callId: string): boolean {
    const entry = this.#runs.get(turnId)
    entry?.run.cancelCall(callId)
    return entry !== undefined
  }

  #writePatiently(item: TurnWrite): Promise<TurnWritten> {
    return this.#patiently(() => this.#write(item))
  }

  /** The database may be away for a while: a turn waits for it instead of losing what it has. Every write may be sent twice. */
  async #patiently<Result>(ask: () => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'database.unavailable') || this.#isClosing) throw error
        await new Promise((resolve) => setTimeout(resolve, databaseRetryMs))
      }
    }
  }

  #scheduleFlush(): void {
    this.#flushTimer = setTimeout(() => {
      this.#flushTimer = undefined
      void this.flush().finally(() => {
        if (this.#runs.size > 0 && !this.#flushTimer) this.#scheduleFlush()
      })
    }, this.#options.flushMs)
    this.#flushTimer.unref()
  }

  /** One insert for everything that all turns have said since the last one. */
  async flush(): Promise<void> {
    if (this.#isFlushing) return
    this.#isFlushing = true
    const taken: { run: TurnRun; item: FlushItem }[] = []
    for (const { run } of this.#runs.values()) {
      if (run.job.conversationId === null || !run.stream.hasUnwritten) continue
      const entries = run.stream.tryTake()
      if (entries) taken.push({ run, item: toFlushItem(run, entries) })
    }
    try {
      if (taken.length === 0) return
      const outcomes = await appendEvents(
        this.#options.database,
        taken.map(({ item }) => item),
      )
      for (const { run } of taken) {
        const outcome = outcomes.get(run.job.turnId)
        if (outcome?.written) run.stream.commit()
        else {
          run.stream.rollback()
          run.leave()
        }
        if (outcome?.stop) run.stop()
      }
      this.#options.hub.announce(taken.map(({ run }) => run.job.turnId))
    } catch (error) {
      for (const { run } of taken) run.stream.rollback()
      if (!(error instanceof AppError && error.code === 'database.unavailable'))
        this.#options.log.error({ err: error }, 'events could not be written')
    } finally {
      this.#isFlushing = false
    }
  }

  async #startFollowUps(turnIds: readonly string[]): Promise<void> {
    for (const turnId of turnIds) {
      using _held = this.hold(turnId)
      try {
        const turn = await store.getTurn(this.#options.database.db, turnId)
        // Of a later epoch: it was taken for lost, and runs.
        if (turn?.epoch === 1) this.run(await jobOf(this.#options.database.db, turn, 'fresh'))
      } catch (error) {
        this.#options.log.warn({ err: error, turnId }, 'a follow-up could not be started; it is tried again')
      }
    }
  }

  #scheduleReap(): void {
    if (this.#isClosing) return
    this.#reapTimer = setTimeout(() => this.#reap(), reapMs * (0.75 + Math.random() / 2))
    this.#reapTimer.unref()
  }

  #reap(): void {
    void this.reap()
      .catch((error: unknown) => {
        if (!(error instanceof AppError && error.code === 'database.unavailable'))
          this.#options.log.error({ err: error }, 'turns of dead processes could not be taken over')
      })
      .finally(() => this.#scheduleReap())
  }

  /** Takes over turns whose process is gone, and starts queued ones that nobody started. */
  async reap(): Promise<void> {
    if (this.#isReaping || this.#isClosing || !this.#options.lease.isSure) return
    this.#isReaping = true
    try {
      const { log } = this.#options
      const { db } = this.#options.database
      const claimed = [...(await store.claimOrphans(db, this.processId, 20)), ...(await this.#claimStranded())]
      for (const turn of claimed) {
        log.info({ turnId: turn.id, epoch: turn.epoch, takeovers: turn.takeovers }, 'taking over a turn')
        // One that cannot be taken over now is stranded, and seen to later.
        await this.resume(turn).catch((error: unknown) => log.warn({ err: error, turnId: turn.id }, 'a turn could not be taken over'))
      }
      // A stop is announced, and its flag is seen with each write; a turn that writes nothing may have missed the announcement.
      if (this.#runs.size > 0) {
        for (const turnId of await store.listStopRequests(db, this.processId)) this.stop(turnId)
        for (const { turn_id, call_id } of await store.listCancelRequests(db, this.processId)) this.cancelCall(turn_id, call_id)
      }
      for (const turn of await store.claimForgottenFollowUps(db, this.processId, 20)) this.run(await jobOf(db, turn, 'fresh'))
    } finally {
      this.#isReaping = false
    }
  }

  /**
   * What the database gives to this process and nobody here knows of: the answer to an accept, or to the end of the turn before, was lost with its
   * connection. Seen twice, since an answer may just be on its way.
   */
  async #claimStranded(): Promise<store.TurnRow[]> {
    const { db } = this.#options.database
    const own = await store.listOwn(db, this.processId)
    const unknown = own.filter((id) => !this.#runs.has(id) && !this.#held.has(id))
    const lost = unknown.filter((id) => this.#stranded.has(id))
    this.#stranded = new Set(unknown.filter((id) => !lost.includes(id)))
    return lost.length > 0 ? store.claimOwn(db, this.processId, lost) : []
  }

  /** Goes on with a claimed turn. */
  async resume(turn: store.TurnRow, closeAs?: Job['closeAs']): Promise<TurnRun | undefined> {
    // A run of an older epoch in this very process has lost it too.
    this.#runs.get(turn.id)?.run.leave()
    using _held = this.hold(turn.id)
    const job = await resumeTurn({ database: this.#options.database, processId: this.processId, ...this.#options.ports }, turn)
    return job && this.run(closeAs ? { ...job, closeAs } : job)
  }

  /** Waits until no turn runs here, at most so long, then gives the rest up for other processes to take at once. */
  async close(drainMs: number): Promise<void> {
    clearTimeout(this.#reapTimer)
    const timeout = new Promise<void>((resolve) => setTimeout(resolve, drainMs).unref())
    await Promise.race([this.#whenIdle(), timeout])
    this.#isClosing = true
    clearTimeout(this.#reapTimer)
    clearTimeout(this.#flushTimer)
    await this.flush()
    for (const { run } of this.#runs.values()) run.leave()
    await Promise.race([this.#whenIdle(), new Promise<void>((resolve) => setTimeout(resolve, 2_000).unref())])
    await store
      .releaseTurns(this.#options.database.db, this.processId)
      .catch((error: unknown) => this.#options.log.warn({ err: error }, 'turns could not be handed over'))
  }

  async #whenIdle(): Promise<void> {
    while (this.#runs.size > 0) await Promise.all([...this.#runs.values()].map(({ done }) => done))
  }
}

function toFlushItem(run: TurnRun, entries: readonly LogEntry<TurnEvent>[]): FlushItem {
  return {
    turnId: run.job.turnId,
    epoch: run.job.epoch,
    first: entries[0]!.first,
    last: entries.at(-1)!.last,
    events: entries.map(({ first, last, event }) => [first, last, event]),
  }
}
