import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { silentLog, startPostgres, testPostgres } from '../../../../../test/support/postgres.ts'
import { Secret } from '../../vault/secret.ts'
import { type Database, openDatabase } from '../index.ts'

/** A server of its own: these tests take it away. */
let server: Awaited<ReturnType<typeof startPostgres>>

beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

const open = (url: string, patienceMs = 0) =>
  openDatabase({ kind: 'postgres', url: new Secret(url), directUrl: null, patienceMs }, silentLog)
const isUnavailable = { name: 'AppError', code: 'database.unavailable' }

async function untilItWorks(database: Database): Promise<void> {
  for (const giveUpAt = Date.now() + 15_000; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    try {
      return await database.ping()
    } catch (error) {
      if (Date.now() > giveUpAt) throw error
    }
  }
}

test('a database that is lost fails statements fast, does not end the process, and comes back by itself', async () => {
  await using fresh = await testPostgres('empty', server)
  const database = await open(fresh.url)
  try {
    const heard: string[] = []
    const arrived = Promise.withResolvers<void>()
    const reconnected = Promise.withResolvers<void>()
    await database.notifier.listen(
      'lost-and-found',
      (payload) => {
        heard.push(payload)
        arrived.resolve()
      },
      () => reconnected.resolve(),
    )
    const running = sql`select pg_sleep(30)`.execute(database.db)
    const inTransaction = database.db.transaction().execute(async (tx) => {
      await sql`select 1`.execute(tx)
      await sql`select pg_sleep(30)`.execute(tx)
    })
    await Promise.all([
      expect(running).rejects.toMatchObject(isUnavailable),
      expect(inTransaction).rejects.toMatchObject(isUnavailable),
      server.kill(),
    ])

    const startedAt = performance.now()
    await expect(database.ping()).rejects.toMatchObject(isUnavailable)
    await expect(database.call('lost_call', 'select 1', [])).rejects.toMatchObject(isUnavailable)
    expect(performance.now() - startedAt).toBeLessThan(1000)
    database.notifier.notify('lost-and-found', 'sent while it was away')

    await server.restart()
    await untilItWorks(database)
    await reconnected.promise
    await arrived.promise
    expect(heard).toEqual(['sent while it was away'])
  } finally {
    await database.close()
  }
}, 40_000)

test('a database that is not there yet is waited for, and one that does not come is said so', async () => {
  await using fresh = await testPostgres('empty', server)
  await server.kill()
  await expect(open(fresh.url)).rejects.toMatchObject(isUnavailable)
  const patient = open(fresh.url, 20_000)
  await server.restart()
  const database = await patient
  await database.ping()
  await database.close()
}, 40_000)

test('a wrong password or database is refused in words at once', async () => {
  const url = new URL(server.url)
  url.pathname = '/no_such_database'
  await expect(open(url.href, 20_000)).rejects.toMatchObject({
    name: 'DatabaseRefusal',
    reason: 'login_refused',
    message: expect.stringContaining('no_such_database'),
  })
})

test('a user who may not create the extension is told what a superuser must do', async () => {
  await using fresh = await testPostgres('empty', server)
  const admin = await open(fresh.url)
  await admin.execute('drop extension vector; create role nobody_special login')
  await admin.close()
  const url = new URL(fresh.url)
  url.username = 'nobody_special'
  await expect(open(url.href)).rejects.toMatchObject({
    reason: 'vector_missing',
    message: expect.stringContaining('create extension vector'),
  })
})

test('a statement that runs too long is ended, and its connection serves again', async () => {
  await using fresh = await testPostgres('empty', server)
  const database = await open(fresh.url)
  const { rows } = await sql<{ statement_timeout: string }>`show statement_timeout`.execute(database.db)
  expect(rows).toEqual([{ statement_timeout: '30s' }])
  const cut = database.db.connection().execute(async (db) => {
    await sql`set statement_timeout = 50`.execute(db)
    try {
      await sql`select pg_sleep(5)`.execute(db)
    } finally {
      await sql`set statement_timeout = 30000`.execute(db)
    }
  })
  await expect(cut).rejects.toMatchObject(isUnavailable)
  await database.ping()
  await database.close()
})
