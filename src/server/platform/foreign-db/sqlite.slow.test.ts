import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEgress } from '../egress/index.ts'
import { createForeignDbs } from './index.ts'

const limits = { maxRows: 3, maxBytes: 100_000, timeoutMs: 5_000 }
const forever = new AbortController().signal
const egress = createEgress({ allow: [] })
let outside: string
let folder: string

beforeAll(async () => {
  outside = await mkdtemp(join(tmpdir(), 'parley-sqlite-'))
  folder = join(outside, 'files')
  await mkdir(folder)
  for (const file of [join(folder, 'shop.db'), join(outside, 'secret.db')]) {
    const database = new DatabaseSync(file)
    database.exec(`create table item (id integer primary key, name text not null, raw blob, price real);
      insert into item values (9007199254740993, 'A lamp', x'dead', 1.5), (2, 'two', null, null), (3, 'c', null, 2), (4, 'd', null, 3)`)
    database.close()
  }
  await symlink(join(outside, 'secret.db'), join(folder, 'link.db'))
  await writeFile(join(folder, 'no.db'), 'this is no database, but long enough to be looked at as one'.repeat(20))
})
afterAll(async () => {
  await egress.close()
  await rm(outside, { recursive: true })
})

const dbs = () => createForeignDbs({ egress, sqliteDir: folder })
const ask = (sql: string, path = 'shop.db', more: object = {}) =>
  dbs().query({ engine: 'sqlite', path }, sql, { ...limits, ...more }, forever)

test('it reads, with every digit', async () => {
  expect(await ask('select * from item order by id desc')).toEqual({
    columns: ['id', 'name', 'raw', 'price'],
    rows: [
      ['9007199254740993', 'A lamp', "x'dead'", '1.5'],
      ['4', 'd', null, '3'],
      ['3', 'c', null, '2'],
    ],
    hasMore: true,
  })
  expect(await ask('select count(*) as n from item; -- that is all')).toMatchObject({ rows: [['4']] })
  const schema = (table: string | null) => dbs().schema({ engine: 'sqlite', path: 'shop.db' }, table, limits, forever)
  expect(await schema(null)).toMatchObject({ rows: [['item', 'table', expect.stringContaining('CREATE TABLE')]] })
  expect((await schema('item')).rows[0]).toEqual(['id', 'INTEGER', 'yes', 'primary key'])
  await expect(schema('none')).rejects.toThrow('no table none')
})

test('it writes nothing, opens nothing else, and ends in time', async () => {
  const before = await readdir(outside, { recursive: true })
  const tricks = [
    "insert into item (name) values ('x')",
    'delete from item',
    'drop table item',
    'create temp table t (a)',
    'select 1; drop table item',
    `attach '${join(outside, 'secret.db')}' as other`,
    `vacuum into '${join(outside, 'copy.db')}'`,
    'pragma writable_schema = 1',
    'pragma journal_mode = delete',
    'select * from pragma_table_info(1)',
    "select load_extension('x')",
    'begin immediate',
    'with a as (select 1) delete from item',
    '',
  ]
  for (const sql of tricks) await expect(ask(sql), sql).rejects.toMatchObject({ name: 'ForeignDbError' })
  expect(await readdir(outside, { recursive: true })).toEqual(before)
  expect(await ask('select count(*) from item')).toMatchObject({ rows: [['4']] })
  await expect(
    ask('with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n', 'shop.db', { timeoutMs: 700 }),
  ).rejects.toThrow('did not answer')
  await expect(ask('select zeroblob(90000), zeroblob(90000)')).rejects.toThrow('larger than')
  await expect(ask('select zeroblob(900000)')).rejects.toThrow()
})

test('only files below the folder are read, wherever a link leads', async () => {
  for (const path of ['../secret.db', '/etc/passwd', 'link.db', 'none.db', '.', ''])
    await expect(ask('select 1', path), path).rejects.toThrow('no such file')
  await expect(ask('select * from item', 'no.db')).rejects.toMatchObject({ name: 'ForeignDbError' })
  const off = createForeignDbs({ egress, sqliteDir: null })
  await expect(off.query({ engine: 'sqlite', path: 'shop.db' }, 'select 1', limits, forever)).rejects.toThrow('SQLITE_DIR is not set')
})
