import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { silentLog } from '../../../../test/support/postgres.ts'
import { dropEverything } from './dump/pristine.ts'
import { type Database, migrate } from './index.ts'

/** What the migration runner must do on both databases; `open` gives an empty one. */
export function testMigrations(name: string, open: () => Promise<Database & AsyncDisposable>): void {
  describe(`migrations of the ${name} database`, () => {
    let dir: string
    let database: Database & AsyncDisposable
    const write = (file: string, text: string) => writeFile(join(dir, file), text)

    beforeAll(async () => {
      database = await open()
    }, 60_000)
    afterAll(() => database[Symbol.asyncDispose]())
    beforeEach(async () => {
      await database.exclusively(dropEverything)
      dir = await mkdtemp(join(tmpdir(), 'parley-migrations-'))
      await write('0001_create_thing.sql', 'create table thing (id int primary key); insert into thing values (1);')
    })
    afterEach(() => rm(dir, { recursive: true, force: true }))

    test('run once, in order, and later ones follow', async () => {
      expect(await migrate(database, silentLog, dir)).toBe(1)
      expect(await migrate(database, silentLog, dir)).toBe(0)
      await write('0002_add_name.sql', "alter table thing add name text not null default 'x'; insert into thing values (2, 'y');")
      expect(await migrate(database, silentLog, dir)).toBe(1)
      const { rows } = await sql`select id, name from thing order by id`.execute(database.db)
      expect(rows).toEqual([
        { id: 1, name: 'x' },
        { id: 2, name: 'y' },
      ])
    })

    test('one that fails leaves nothing behind, is named, and can be corrected', async () => {
      await write('0002_break.sql', 'create table half (id int); select 1/0;')
      await expect(migrate(database, silentLog, dir)).rejects.toThrow('0002_break')
      expect((await sql`select from pg_class where relname = 'half'`.execute(database.db)).rows).toHaveLength(0)
      await write('0002_break.sql', 'create table half (id int);')
      expect(await migrate(database, silentLog, dir)).toBe(1)
    })

    test('refuses one that was changed after it ran', async () => {
      await migrate(database, silentLog, dir)
      await write('0001_create_thing.sql', 'create table thing (id bigint primary key);')
      await expect(migrate(database, silentLog, dir)).rejects.toMatchObject({
        reason: 'migration_changed',
        message: expect.stringContaining('0001_create_thing'),
      })
    })

    test('refuses a schema that a newer version made', async () => {
      await write('0002_from_the_future.sql', 'create table future (id int);')
      await migrate(database, silentLog, dir)
      await rm(join(dir, '0002_from_the_future.sql'))
      await expect(migrate(database, silentLog, dir)).rejects.toMatchObject({
        reason: 'schema_newer',
        message: expect.stringContaining('0002_from_the_future'),
      })
    })

    test('refuses a gap or a name that is not a migration', async () => {
      await write('0003_after_a_gap.sql', 'select 1;')
      await expect(migrate(database, silentLog, dir)).rejects.toThrow('0003_after_a_gap.sql')
    })
  })
}
