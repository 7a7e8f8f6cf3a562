import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testPostgres, type TestDatabase } from '../../../../test/support/postgres.ts'
import { createEgress, type Egress } from '../egress/index.ts'
import { Secret } from '../vault/secret.ts'
import { createForeignDbs, type ForeignDb, type ForeignDbs } from './index.ts'

let database: TestDatabase
let admin: pg.Client
let egress: Egress
let dbs: ForeignDbs
let target: ForeignDb & { engine: 'postgresql' | 'mysql' }
const role = `reader_${Date.now()}`
const limits = { maxRows: 5, maxBytes: 1024 * 1024, timeoutMs: 2_000 }
const forever = new AbortController().signal

/** The account owns its tables and may write all of them: what refuses is the way it is asked. */
beforeAll(async () => {
  database = await testPostgres('empty')
  admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  await admin.query(`create role ${role} login password 'pw'; create schema shop authorization ${role}`)
  await admin.query('create extension if not exists dblink').catch(() => {})
  await admin.query(`
    set role ${role};
    create table shop.item (id bigint primary key, name text not null, price numeric(20,5), seen timestamptz, raw bytea, tags text[], more jsonb);
    comment on table shop.item is 'What is sold';
    insert into shop.item values (9007199254740993, 'A "lamp", red', 12.50000, '2026-01-02 03:04:05.678901+00', '\\xdeadbeef', '{a,b}', '{"a": 1}'), (2, E'line\\nbreak', null, null, null, null, null);
    create sequence shop.numbers;
    create function shop.grow() returns int language sql volatile as $$ insert into shop.item (id, name) values (99, 'grown') returning 1 $$;
    create function shop.grow_later() returns int language plpgsql volatile as $$ begin perform set_config('transaction_read_only', 'off', true); insert into shop.item (id, name) values (98, 'x'); return 1; end $$;
    reset role`)
  egress = createEgress({ allow: ['127.0.0.1'] })
  dbs = createForeignDbs({ egress, sqliteDir: null })
  const { hostname: host, port, pathname } = new URL(database.url)
  target = {
    engine: 'postgresql',
    host,
    port: Number(port),
    database: pathname.slice(1),
    user: role,
    password: new Secret('pw'),
    tls: 'off',
  }
})
afterAll(async () => {
  await egress.close()
  await admin.query(`drop schema shop cascade; drop owned by ${role}; drop role ${role}`)
  await admin.end()
  await database[Symbol.asyncDispose]()
})

const ask = (sql: string, more: object = {}, signal = forever) => dbs.query(target, sql, { ...limits, ...more }, signal)

test('values come as PostgreSQL writes them', async () => {
  expect(await ask('select id, name, price, seen, raw, tags, more from shop.item order by id desc')).toEqual({
    columns: ['id', 'name', 'price', 'seen', 'raw', 'tags', 'more'],
    rows: [
      ['9007199254740993', 'A "lamp", red', '12.50000', expect.stringContaining('.678901'), '\\xdeadbeef', '{a,b}', '{"a": 1}'],
      ['2', 'line\nbreak', null, null, null, null, null],
    ],
    hasMore: false,
  })
  expect(await ask('select generate_series(1, 1000000000) as n')).toEqual({
    columns: ['n'],
    rows: ['1', '2', '3', '4', '5'].map((n) => [n]),
    hasMore: true,
  })
  expect((await ask('with a as (select 1 as x) select * from a -- and a comment')).rows).toEqual([['1']])
})

const writes = [
  "insert into shop.item (id, name) values (7, 'x')",
  "update shop.item set name = 'x'",
  'delete from shop.item',
  'truncate shop.item',
  'drop table shop.item',
  'create table shop.other (a int)',
  'create temp table t (a int)',
  "with new as (insert into shop.item (id, name) values (8, 'x') returning *) select * from new",
  'with gone as (delete from shop.item returning *) select * from gone',
  'select * into shop.copy from shop.item',
  'create table shop.copy as select * from shop.item',
  'select 1; drop table shop.item',
  'select 1; commit; drop table shop.item',
  'commit',
  'rollback; drop table shop.item',
  'set transaction read write',
  'set session characteristics as transaction read write',
  "do $$ begin execute 'drop table shop.item'; end $$",
  'call shop.grow()',
  'select shop.grow()',
  'select shop.grow_later()',
  "select set_config('transaction_read_only', 'off', true), shop.grow()",
  "select set_config('transaction_read_only', 'off', false), shop.grow()",
  "select nextval('shop.numbers')",
  "select setval('shop.numbers', 77)",
  'select * from shop.item for update',
  "copy shop.item to program 'touch /tmp/parley-tricked'",
  "copy shop.item to '/tmp/parley-tricked'",
  "copy shop.item from program 'echo 1'",
  "select pg_read_file('/etc/passwd')",
  "select pg_ls_dir('/')",
  "select lo_import('/etc/passwd')",
  "select lo_export(1, '/tmp/parley-tricked')",
  "select dblink_exec('dbname=' || current_database(), 'delete from shop.item')",
  "select query_to_xml('delete from shop.item', true, true, '')",
  "select query_to_xml('select shop.grow()', true, true, '')",
  'explain analyze delete from shop.item',
  'vacuum',
  'listen x',
  'lock table shop.item',
  'prepare p as delete from shop.item',
  'grant all on shop.item to public',
  'alter role current_user superuser',
  'set role postgres',
  "select set_config('role', 'postgres', false)",
  'begin; select 1',
  'select 1) as x; drop table shop.item; --',
  '/* open',
  '',
]

test.each(writes)('nothing is written by %s', async (sql) => {
  const state = async () =>
    (
      await admin.query(
        "select (select array_agg(i::text order by id) from shop.item i) as items, (select count(*) from pg_class where relnamespace = 'shop'::regnamespace) as tables, (select last_value from shop.numbers) as number, (select count(*) from pg_largeobject_metadata) as large, (select rolsuper from pg_roles where rolname = $1) as super",
        [role],
      )
    ).rows[0] as object
  const before = await state()
  await expect(ask(sql)).rejects.toMatchObject({ name: 'ForeignDbError' })
  expect(await state()).toEqual(before)
})

test('what an older PostgreSQL lets a read-only transaction make is gone with it', async () => {
  const count = async () => (await admin.query('select count(*) from pg_largeobject_metadata')).rows
  const before = await count()
  await ask("select lo_from_bytea(0, '\\x00')").catch(() => {}) // refused from PostgreSQL 16 on
  expect(await count()).toEqual(before)
})

test('it ends in time, within its bytes, and when nobody waits', async () => {
  await expect(ask('select pg_sleep(30)', { timeoutMs: 300 })).rejects.toThrow('did not answer within')
  // The limit cannot be lifted by the statement itself.
  await expect(ask("select set_config('statement_timeout', '0', false), pg_sleep(30)", { timeoutMs: 300 })).rejects.toThrow(
    'did not answer within',
  )
  await expect(ask("select repeat('x', 100000000)")).rejects.toThrow('larger than 1 MB')
  const leaving = new AbortController()
  const asked = ask('select pg_sleep(30)', { timeoutMs: 30_000 }, leaving.signal)
  setTimeout(() => leaving.abort(new Error('gone')), 100)
  await expect(asked).rejects.toThrow('gone')
})

test('a powerful account is refused before it is asked anything', async () => {
  await expect(dbs.query({ ...target, user: 'postgres' }, 'select 1', limits, forever)).rejects.toThrow('an account that may only read')
  await admin.query(`grant pg_read_server_files to ${role}`)
  await expect(ask('select 1')).rejects.toThrow('pg_read_server_files')
  await admin.query(`revoke pg_read_server_files from ${role}`)
  expect((await ask('select 1')).rows).toEqual([['1']])
})

test('tables and columns are shown', async () => {
  expect(await dbs.schema(target, null, limits, forever)).toMatchObject({
    columns: ['schema', 'name', 'kind', 'estimated_rows', 'comment'],
    rows: [['shop', 'item', 'table', null, 'What is sold']],
  })
  const { rows } = await dbs.schema(target, 'shop.item', { ...limits, maxRows: 2 }, forever)
  expect(rows).toEqual([
    ['id', 'bigint', 'no', 'primary key', null],
    ['name', 'text', 'no', null, null],
  ])
  await expect(dbs.schema(target, 'item', limits, forever)).rejects.toThrow('no table item')
})

test('where the server may not call, no database is asked', async () => {
  const strict = createEgress({ allow: [] })
  const closed = createForeignDbs({ egress: strict, sqliteDir: null })
  for (const host of ['127.0.0.1', '169.254.169.254', '::ffff:127.0.0.1', 'localhost']) {
    await expect(closed.query({ ...target, host }, 'select 1', limits, forever)).rejects.toMatchObject({
      code: 'connection.address_forbidden',
    })
  }
  await strict.close()
  await expect(dbs.query({ ...target, password: new Secret('wrong'), port: 1 }, 'select 1', limits, forever)).rejects.toMatchObject({
    name: 'ForeignDbError',
  })
})
