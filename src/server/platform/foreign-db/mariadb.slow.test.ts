import { existsSync } from 'node:fs'
import type { RowDataPacket } from 'mysql2/promise'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MariaDb, startMariaDb } from '../../../../test/support/mariadb.ts'
import { createEgress } from '../egress/index.ts'
import { Secret } from '../vault/secret.ts'
import { createForeignDbs, ForeignDbError } from './index.ts'

const egress = createEgress({ allow: ['127.0.0.1'] })
const dbs = createForeignDbs({ egress, sqliteDir: null })
const limits = { maxRows: 5, maxBytes: 1024 * 1024, timeoutMs: 2_000 }
let server: MariaDb

/** The account may write every table of its database: what refuses is the way it is asked. */
beforeAll(async () => {
  server = await startMariaDb()
  for (const sql of [
    'create database shop',
    `create table shop.item (id bigint unsigned primary key, name varchar(100) not null comment 'As it is sold', price decimal(20,5), raw varbinary(10)) comment 'What is sold'`,
    `insert into shop.item values (18446744073709551615, 'A "lamp", äöü', 12.5, x'deadbeef'), (2, 'plain', null, null)`,
    'create function shop.grow() returns int modifies sql data begin insert into shop.item (id, name) values (99, "grown"); return 1; end',
    `create user reader@'%' identified by 'pw'`,
    `grant select, insert, update, delete, create, drop, execute, create routine on shop.* to reader@'%'`,
    `create user mighty@'%' identified by 'pw'`,
    `grant file on *.* to mighty@'%'`,
    `grant all on shop.* to mighty@'%'`,
  ]) {
    await server.root.query(sql)
  }
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await egress.close()
})

function targetOf(user = 'reader') {
  const { host, port } = server
  return { engine: 'mysql', host, port, database: 'shop', user, password: new Secret('pw'), tls: 'off' } as const
}
const forever = new AbortController().signal
const ask = (sql: string, user?: string, signal = forever) => dbs.query(targetOf(user), sql, limits, signal)
const countRows = async () => {
  const [[row]] = await server.root.query<(RowDataPacket & { count: number })[]>('select count(*) as count from shop.item')
  return row!.count
}

test('values come as MariaDB writes them', async () => {
  expect(await ask('select id, name, price, raw from item order by id desc')).toEqual({
    columns: ['id', 'name', 'price', 'raw'],
    rows: [
      ['18446744073709551615', 'A "lamp", äöü', '12.50000', '0xdeadbeef'],
      ['2', 'plain', null, null],
    ],
    hasMore: false,
  })
})

test('tables and columns are told with their comments', async () => {
  const tables = await dbs.schema(targetOf(), null, limits, forever)
  expect(tables.rows.flat()).toEqual(expect.arrayContaining(['item', 'What is sold']))
  const columns = await dbs.schema(targetOf(), 'item', limits, forever)
  expect(columns.rows.map(([name]) => name)).toEqual(['id', 'name', 'price', 'raw'])
  expect(columns.rows.flat()).toContain('As it is sold')
})

test('nothing can be written, whatever the statement', async () => {
  const file = `/tmp/parley-mariadb-${process.pid}`
  for (const sql of [
    "insert into item (id, name) values (3, 'x')",
    "update item set name = 'x'",
    'delete from item',
    'drop table item',
    'create table other (id int)',
    'select grow()',
    'with x as (select 1) select grow() from x',
    "select 1; insert into item (id, name) values (3, 'x')",
    "/*!50000 insert into item (id, name) values (3, 'x') */",
    "/*M! insert into item (id, name) values (3, 'x') */",
    "begin not atomic commit; start transaction read write; insert into item (id, name) values (3, 'x'); commit; end",
    "execute immediate 'insert into item (id, name) values (3, 0x78)'",
    'call grow()',
    'set session transaction read write',
    'commit',
    `select * from item into outfile '${file}'`,
    'select * from item for update',
    'select sleep(0), grow()',
  ]) {
    const outcome = await ask(sql).then(
      () => 'answered',
      (error: unknown) => error,
    )
    // Reading with a lock changes nothing.
    if (!sql.endsWith('for update')) expect(outcome, sql).toBeInstanceOf(ForeignDbError)
  }
  expect(await countRows()).toBe(2)
  expect(existsSync(file)).toBe(false)
})

test('an account that reaches past its tables is refused', async () => {
  await expect(ask('select 1', 'mighty')).rejects.toThrow('The account has FILE')
})

test('what takes too long is ended there, and rows have a limit', async () => {
  await expect(
    ask('select count(*) from information_schema.columns a, information_schema.columns b, information_schema.columns c'),
  ).rejects.toThrow(/2 seconds|time/i)
  expect(await ask('select seq from seq_1_to_1000')).toMatchObject({ rows: [['1'], ['2'], ['3'], ['4'], ['5']], hasMore: true })
  const stop = new AbortController()
  const asked = ask('select sleep(60)', 'reader', stop.signal)
  setTimeout(() => stop.abort(new Error('stopped')), 200)
  await expect(asked).rejects.toThrow()
  const running = async () => {
    const [rows] = await server.root.query<RowDataPacket[]>("select id from information_schema.processlist where user = 'reader'")
    return rows.length
  }
  await expect.poll(running).toBe(0)
})

test('a wrong password and a missing table are said in words', async () => {
  await expect(dbs.query({ ...targetOf(), password: new Secret('wrong') }, 'select 1', limits, forever)).rejects.toThrow(/Access denied/)
  await expect(ask('select * from nowhere')).rejects.toThrow(/nowhere/)
})
