import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AppError } from '../errors/index.ts'
import type { Database } from './index.ts'

/** What both databases must do alike. */
export function testDatabaseBehaviour(name: string, open: () => Promise<Database & AsyncDisposable>): void {
  describe(`the ${name} database`, () => {
    let database: Database & AsyncDisposable

    beforeAll(async () => {
      database = await open()
      await database.execute(
        'create table thing (id uuid primary key, count bigint unique, tags bigint[], at timestamptz, day date, data jsonb, bytes bytea, place vector(3), price numeric, words text[])',
      )
    }, 60_000)
    afterAll(() => database[Symbol.asyncDispose]())

    test('gives back every kind of value as it was given', async () => {
      const id = randomUUID()
      const at = new Date('2026-11-22T08:49:00.123Z')
      const row = {
        id,
        count: 9_007_199_254_740_993n,
        tags: [1n, -2n, null],
        at,
        day: '2024-02-29',
        data: { nested: [1, 'zwei', null], emoji: '🙂' },
        bytes: Buffer.from([0, 1, 127, 255]),
        place: '[1,2.5,-3]',
        price: '12345678901234567890.000000001',
        words: ['a', 'b,c', '"quoted"', ''],
      }
      await sql`insert into thing values (${id}, ${row.count}, ${row.tags}, ${at}, ${row.day}, ${JSON.stringify(row.data)}, ${new Uint8Array(row.bytes)}, ${row.place}, ${row.price}, ${row.words})`.execute(
        database.db,
      )
      const { rows } = await sql`select * from thing where id = ${id}`.execute(database.db)
      expect(rows).toEqual([row])
    })

    test('says how many rows a statement changed', async () => {
      await sql`insert into thing (id, count) select gen_random_uuid(), 1000 + n from generate_series(1, 7) n`.execute(database.db)
      const result = await sql`update thing set price = 1 where count > 1000 and count < 1010`.execute(database.db)
      expect(result.numAffectedRows).toBe(7n)
    })

    test('runs a hot statement by name, again and again, and with the same values', async () => {
      const add = (a: number, b: bigint) =>
        database.call<{ sum: bigint; now: Date }>('test_add', 'select $1::int8 + $2::int8 as sum, now() as now', [a, b])
      expect((await Promise.all([add(1, 2n), add(3, 4n), add(5, 6n)])).map(([row]) => row?.sum)).toEqual([3n, 7n, 11n])
      expect((await add(1, 1n))[0]?.now).toBeInstanceOf(Date)
    })

    test('throws what SQL refuses with its code and constraint, and goes on', async () => {
      await sql`insert into thing (id, count) values (${randomUUID()}, 5)`.execute(database.db)
      const again = sql`insert into thing (id, count) values (${randomUUID()}, 5)`.execute(database.db)
      await expect(again).rejects.toMatchObject({ code: '23505', constraint: 'thing_count_key' })
      await expect(again).rejects.not.toBeInstanceOf(AppError)
      await database.ping()
    })

    test('a failed transaction leaves nothing behind, and a statement that failed inside fails the whole', async () => {
      const id = randomUUID()
      const work = database.db.transaction().execute(async (tx) => {
        await sql`insert into thing (id) values (${id})`.execute(tx)
        await sql`select 1/0`.execute(tx)
      })
      await expect(work).rejects.toMatchObject({ code: '22012' })
      expect((await sql`select from thing where id = ${id}`.execute(database.db)).rows).toHaveLength(0)
    })

    test('nobody else gets between the statements of a transaction', async () => {
      const id = randomUUID()
      const seen: number[] = []
      const count = async () => {
        const { rows } = await sql<{ n: number }>`select count(*)::int as n from thing where words = ${[id]}`.execute(database.db)
        seen.push(rows[0]!.n)
      }
      await database.db.transaction().execute(async (tx) => {
        await sql`insert into thing (id, words) values (${randomUUID()}, ${[id]})`.execute(tx)
        const outside = count()
        await sql`insert into thing (id, words) values (${randomUUID()}, ${[id]})`.execute(tx)
        if (database.kind === 'postgres') await outside
      })
      await count()
      expect([...new Set(seen)].sort((a, b) => a - b)).toEqual(database.kind === 'postgres' ? [0, 2] : [2])
    })

    test('a session that was left in a transaction is rolled back before anybody else uses it', async () => {
      const id = randomUUID()
      await database.db.connection().execute(async (db) => {
        await sql`begin`.execute(db)
        await sql`insert into thing (id) values (${id})`.execute(db)
      })
      expect((await sql`select from thing where id = ${id}`.execute(database.db)).rows).toHaveLength(0)
      await sql`insert into thing (id) values (${id})`.execute(database.db)
    })

    test('runs scripts of several statements', async () => {
      const { rows } = await database.execute(
        'create temporary table scratch (n int); insert into scratch values (1), (2); select n from scratch order by n',
      )
      expect(rows).toEqual([{ n: 1 }, { n: 2 }])
    })

    test('notifications reach every listener of their channel, sent by a process or by SQL', async () => {
      const heard: string[] = []
      let arrived = Promise.withResolvers<void>()
      const note = (who: string) => (payload: string) => {
        heard.push(`${who} ${payload}`)
        if (heard.length % 2 === 0) arrived.resolve()
      }
      const stop = await database.notifier.listen('test-channel', note('first'))
      const stopSecond = await database.notifier.listen('test-channel', note('second'))
      database.notifier.notify('other-channel', 'x')
      database.notifier.notify('test-channel', 'one')
      await arrived.promise
      expect(heard.splice(0).sort()).toEqual(['first one', 'second one'])

      arrived = Promise.withResolvers()
      await sql`select pg_notify('test-channel', 'two')`.execute(database.db)
      await arrived.promise
      expect(heard.splice(0).sort()).toEqual(['first two', 'second two'])

      await stop()
      arrived = Promise.withResolvers()
      database.notifier.notify('test-channel', 'three')
      await database.notifier.listen('test-channel', note('third'))
      database.notifier.notify('test-channel', 'three')
      await arrived.promise
      expect(heard.every((line) => !line.startsWith('first'))).toBe(true)
      await stopSecond()
    })

    test('a large answer arrives whole', async () => {
      const { rows } = await sql<{ text: string }>`select repeat('ä', 700000) as text from generate_series(1, 3)`.execute(database.db)
      expect(rows.map(({ text }) => text.length)).toEqual([700_000, 700_000, 700_000])
      expect(rows[2]!.text).toBe('ä'.repeat(700_000))
    })

    test('a large parameter arrives whole', async () => {
      const bytes = Buffer.alloc(3_000_000, 'parley')
      const { rows } = await sql<{
        size: number
        md5: string
      }>`select length(${bytes}::bytea) as size, md5(${bytes}::bytea) as md5`.execute(database.db)
      expect(rows).toEqual([{ size: bytes.length, md5: (await import('node:crypto')).createHash('md5').update(bytes).digest('hex') }])
    })
  })
}
