import type { Job, PgBoss } from 'pg-boss'
import type { Database } from '../db/index.ts'
import { AppError } from '../errors/index.ts'
import type { Logger } from '../telemetry/index.ts'
import { inTransaction, openBoss } from './open-boss.ts'
import type { JobDefinition, Jobs } from './index.ts'

export interface JobsOptions {
  database: Database
  log: Logger
  definitions: readonly JobDefinition[]
  /** False: this process only sends. */
  runs: boolean
}

const channel = 'jobs'
/** New jobs are told of by notification; this finds what a lost one, a crash or a cron left. */
const pollSeconds = 30
const startRetryMs = 5_000
const defaultRetries = { limit: 3, delaySeconds: 30 }
const policies = { each: 'standard', 'one-waiting': 'short', 'in-order': 'key_strict_fifo' } as const

export function createJobs({ database, log, definitions, runs }: JobsOptions): Jobs {
  const ready = Promise.withResolvers<void>()
  const closing = new AbortController()
  let isClosing = false
  const workers = new Map<string, string[]>()
  const retryTimers = new Set<NodeJS.Timeout>()
  let boss: PgBoss | undefined
  let starting: Promise<void> | undefined
  let unlisten: (() => Promise<void>) | undefined

  const wakeHere = (name: string) => workers.get(name)?.forEach((id) => boss?.notifyWorker(id))
  const wake = (name: string) => database.notifier.notify(channel, name)

  async function open(): Promise<void> {
    boss = await openBoss(database, log, () => isClosing)
    for (const job of definitions) {
      const { limit, delaySeconds } = job.retries ?? defaultRetries
      const options = { retryLimit: limit, retryDelay: delaySeconds, retryBackoff: true, expireInSeconds: job.timeoutSeconds ?? 900 }
      await boss.createQueue(job.name, { ...options, policy: policies[job.policy ?? 'each'] })
      await boss.updateQueue(job.name, options) // what another version has made
      if (job.cron) await boss.schedule(job.name, job.cron, null, { tz: 'UTC' })
      else await boss.unschedule(job.name)
    }
    if (!runs) return
    unlisten = await database.notifier.listen(channel, wakeHere, () => definitions.forEach(({ name }) => wakeHere(name)))
    for (const job of definitions) {
      const ids: string[] = []
      workers.set(job.name, ids)
      for (let index = 0; index < (job.parallel ?? 1); index++) {
        ids.push(await boss.work<unknown>(job.name, { pollingIntervalSeconds: pollSeconds, batchSize: 1 }, ([one]) => run(job, one!)))
      }
    }
  }

  async function run(job: JobDefinition, { id, data, signal, retryCount }: Job<unknown>): Promise<void> {
    const startedAt = performance.now()
    const fields = { job: job.name, jobId: id, attempt: retryCount + 1 }
    try {
      await job.handle(job.schema.parse(data ?? undefined), { signal: AbortSignal.any([signal, closing.signal]), attempt: retryCount + 1 })
      log.debug({ ...fields, ms: Math.round(performance.now() - startedAt) }, 'job done')
    } catch (error) {
      const isAway = error instanceof AppError && error.code === 'database.unavailable'
      if (!closing.signal.aborted) log[isAway ? 'warn' : 'error']({ ...fields, err: error }, 'job failed')
      const { delaySeconds } = job.retries ?? defaultRetries
      // A retry tells nobody when it is due: between once and twice its pause, which doubles.
      const timer = setTimeout(
        () => (retryTimers.delete(timer), wakeHere(job.name)),
        delaySeconds * 2 ** (retryCount + 1) * 1000 + 200,
      ).unref()
      retryTimers.add(timer)
      throw error
    }
  }

  async function startPatiently(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await open()
        ready.resolve()
        return
      } catch (error) {
        log.warn({ err: error }, 'jobs could not be started; trying again')
        await stop(0)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, startRetryMs).unref()
          closing.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
        })
      }
    }
  }

  async function stop(graceMs: number): Promise<void> {
    const stopping = boss
    boss = undefined
    workers.clear()
    await unlisten?.()
    unlisten = undefined
    await stopping?.stop({ graceful: graceMs > 0, timeout: Math.max(graceMs, 1), close: true }).catch((error: unknown) => {
      log.warn({ err: error }, 'jobs could not be stopped in order')
    })
  }

  return {
    ready: ready.promise,
    start: () => (starting ??= startPatiently()),
    async send(job, data, { tx, key, startAfter } = {}) {
      if (!boss || !starting) {
        if (tx) throw new Error('jobs must be ready before a transaction sends one')
        await ready.promise
      }
      const options = { ...(key !== undefined && { singletonKey: key }), ...(startAfter && { startAfter }) }
      const id = await boss!.send(job.name, job.schema.parse(data) as object, tx ? { ...options, db: inTransaction(tx) } : options)
      if (!tx && id !== null) wake(job.name)
      return id
    },
    wake: (job) => wake(job.name),
    async close(graceMs) {
      isClosing = true
      const grace = setTimeout(() => closing.abort(), graceMs)
      if (boss) await stop(graceMs)
      closing.abort()
      clearTimeout(grace)
      for (const timer of retryTimers) clearTimeout(timer)
      await starting
      await stop(0)
    },
  }
}
