import type { z } from 'zod'
import type { Tx } from '../db/index.ts'

export { createJobs, type JobsOptions } from './create-jobs.ts'

export interface JobContext {
  /** Aborts when the job has run for `timeoutSeconds` and when the process stops; another one begins it again then. */
  signal: AbortSignal
  /** 1 for the first time. */
  attempt: number
}

export interface JobOptions {
  /** Begins by itself, in UTC, once for all processes. Its data is then `undefined` for the schema to fill in. */
  cron?: string
  /**
   * `each` (default): every job runs. `one-waiting`: while a job with the same key waits, another is not added. `in-order`: jobs of a key run one after the
   * other, and a failed one holds those behind it.
   */
  policy?: 'each' | 'one-waiting' | 'in-order'
  /** How often it is tried again, and after how long; each time twice as long. By default 3 times from 30 s on. */
  retries?: { limit: number; delaySeconds: number }
  /** By default 15 minutes. */
  timeoutSeconds?: number
  /** How many of it one process runs at once. By default 1. */
  parallel?: number
}

/** Work that outlives the request that asked for it: kept in the database until it is done, by whichever process. It may run twice, so it must bear that. */
export interface JobDefinition<Data = unknown> extends JobOptions {
  readonly name: string
  readonly schema: z.ZodType<Data>
  handle(data: Data, context: JobContext): Promise<void>
}

export function defineJob<Schema extends z.ZodType>(
  name: string,
  schema: Schema,
  handle: (data: z.output<Schema>, context: JobContext) => Promise<void>,
  options: JobOptions = {},
): JobDefinition<z.output<Schema>> {
  return { name, schema: schema as z.ZodType<z.output<Schema>>, handle, ...options }
}

export interface SendOptions {
  /** Commits with this transaction; call `wake` after it. `ready` must have resolved before the transaction was opened. */
  tx?: Tx
  /** See `policy`; required by `in-order`. */
  key?: string
  startAfter?: Date
}

export interface Jobs {
  /** The id of the job; null where its policy added none. Waits until jobs are started. */
  send<Data>(job: JobDefinition<Data>, data: Data, options?: SendOptions): Promise<string | null>
  /** Has it looked for at once, in all processes. Without this, what a transaction added is found within half a minute. */
  wake(job: JobDefinition): void
  /** Resolves once jobs are started here. */
  readonly ready: Promise<void>
  /** Starts them: some statements on the database, and the memory of a library. Tries until it succeeds. */
  start(): Promise<void>
  /** Lets running jobs end within the time, then aborts them. */
  close(graceMs: number): Promise<void>
}
