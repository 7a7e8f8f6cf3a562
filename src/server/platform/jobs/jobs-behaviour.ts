import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import type { Database } from '../db/index.ts'
import { createLogger } from '../telemetry/index.ts'
import { createJobs, defineJob, type JobDefinition, type Jobs } from './index.ts'

const silent = createLogger({ level: 'silent', format: 'json' })

/** What holds on both databases. */
export function testJobs(open: () => Promise<Database & AsyncDisposable>): void {
  let database: Database & AsyncDisposable
  beforeAll(async () => {
    database = await open()
  })
  afterAll(async () => {
    await database[Symbol.asyncDispose]()
  })

  async function start(definitions: JobDefinition[], runs = true): Promise<Jobs & AsyncDisposable> {
    const jobs = createJobs({ database, log: silent, definitions, runs })
    await jobs.start()
    return Object.assign(jobs, { [Symbol.asyncDispose]: () => jobs.close(1_000) })
  }

  const Letter = z.object({ to: z.string(), copies: z.number().default(1) })
  const patience = { timeout: 30_000 }

  test('a job is done once, at once, with its data as its schema makes it', patience, async () => {
    const handled = vi.fn<(data: unknown) => void>()
    const letter = defineJob(`letter-${randomUUID()}`, Letter, async (data) => handled(data))
    await using jobs = await start([letter])
    const startedAt = performance.now()

    await jobs.send(letter, { to: 'Ada', copies: 2 })
    await vi.waitFor(() => expect(handled).toHaveBeenCalledTimes(1), patience)

    expect(handled).toHaveBeenCalledWith({ to: 'Ada', copies: 2 })
    // Told by notification, not found by the poll half a minute later.
    expect(performance.now() - startedAt).toBeLessThan(25_000)
    await expect(jobs.send(letter, { to: 5 } as never)).rejects.toThrow(z.ZodError)
  })

  test('a process that does no jobs sends them to one that does', patience, async () => {
    const handled = vi.fn<(data: unknown) => void>()
    const letter = defineJob(`letter-${randomUUID()}`, Letter, async (data) => handled(data))
    await using sender = await start([letter], false)
    await using _worker = await start([letter])

    await sender.send(letter, { to: 'Ada', copies: 1 })

    await vi.waitFor(() => expect(handled).toHaveBeenCalledTimes(1), patience)
  })

  test('what a transaction sends is there when it commits, and gone when it does not', patience, async () => {
    const handled = vi.fn<(data: unknown) => void>()
    const letter = defineJob(`letter-${randomUUID()}`, Letter, async ({ to }) => handled(to))
    await using jobs = await start([letter])

    const undone = database.db.transaction().execute(async (tx) => {
      await jobs.send(letter, { to: 'nobody', copies: 1 }, { tx })
      throw new Error('thought better of it')
    })
    await expect(undone).rejects.toThrow('thought better')
    await database.db.transaction().execute((tx) => jobs.send(letter, { to: 'Ada', copies: 1 }, { tx }))
    jobs.wake(letter)

    await vi.waitFor(() => expect(handled).toHaveBeenCalled(), patience)
    expect(handled.mock.calls).toEqual([['Ada']])
  })

  test('a failed job is tried again after its pause, and knows the attempt', patience, async () => {
    const attempts: number[] = []
    const letter = defineJob(
      `letter-${randomUUID()}`,
      Letter,
      async (_, { attempt }) => {
        attempts.push(attempt)
        if (attempt === 1) throw new Error('the paper is jammed')
      },
      { retries: { limit: 2, delaySeconds: 1 } },
    )
    await using jobs = await start([letter])

    await jobs.send(letter, { to: 'Ada', copies: 1 })

    await vi.waitFor(() => expect(attempts).toEqual([1, 2]), patience)
  })

  test('of one kind and key only one waits', patience, async () => {
    const letter = defineJob(`letter-${randomUUID()}`, Letter, async () => {}, { policy: 'one-waiting' })
    await using jobs = await start([letter], false)

    expect(await jobs.send(letter, { to: 'Ada', copies: 1 }, { key: 'a' })).not.toBeNull()
    expect(await jobs.send(letter, { to: 'Ada', copies: 2 }, { key: 'a' })).toBeNull()
    expect(await jobs.send(letter, { to: 'Bob', copies: 1 }, { key: 'b' })).not.toBeNull()
  })

  test('closing aborts what does not end in time', patience, async () => {
    const aborted = Promise.withResolvers<void>()
    const begun = Promise.withResolvers<void>()
    const endless = defineJob(`endless-${randomUUID()}`, z.undefined().or(z.object({})), async (_, { signal }) => {
      begun.resolve()
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
      aborted.resolve()
    })
    const jobs = await start([endless])
    await jobs.send(endless, {})
    await begun.promise

    await jobs.close(100)

    await aborted.promise
  })
}
