import type { EventEmitter } from 'node:events'
import type { AddressInfo, Server as NetServer } from 'node:net'
import { createServer, type Connection } from 'mysql2'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createEgress } from '../egress/index.ts'
import { Secret } from '../vault/secret.ts'
import { createForeignDbs } from './index.ts'

/** Speaks MySQL's protocol and keeps no tables: what is said to the database before it sees a statement can be seen here, what it makes of that cannot. */
let statements: string[] = []
let powers: string[] = []
/** Its types know neither a free port nor an address. */
const server = createServer(() => {}) as unknown as EventEmitter & {
  _server: NetServer
  listen(port: number, host: string, backlog: undefined, then: () => void): void
  close(then: () => void): void
}
let port = 0

interface Speaker extends Connection {
  sequenceId: number
  serverHandshake(options: object): void
  writeColumns(columns: object[]): void
  writeTextRow(row: (string | null)[]): void
  writeEof(): void
  writeOk(): void
}

const column = (name: string) => ({
  catalog: 'def',
  schema: '',
  table: '',
  orgTable: '',
  name,
  orgName: name,
  characterSet: 45,
  columnLength: 1_000,
  columnType: 253,
  flags: 0,
  decimals: 0,
})

function answer(speaker: Speaker, columns: string[], rows: (string | null)[][]) {
  speaker.writeColumns(columns.map(column))
  for (const row of rows) speaker.writeTextRow(row)
  speaker.writeEof()
}

beforeAll(async () => {
  server.on('connection', (speaker: Speaker) => {
    speaker.serverHandshake({
      protocolVersion: 10,
      serverVersion: '8.4.0',
      connectionId: 1,
      statusFlags: 2,
      characterSet: 45,
      capabilityFlags: 0xff_f7ff,
      authCallback: (_: unknown, done: (error: null, answer: null) => void) => done(null, null),
    })
    speaker.on('error', () => {})
    const hear = (sql: string) => {
      statements.push(sql)
      speaker.sequenceId = 1 // the library's server does not begin again with each statement
      if (sql.includes('user_privileges'))
        answer(
          speaker,
          ['privilege_type'],
          powers.map((power) => [power]),
        )
      else if (sql === 'select version()') answer(speaker, ['version'], [['8.4.0']])
      else if (sql.startsWith('select'))
        answer(
          speaker,
          ['a', 'b'],
          [
            ['1', null],
            ['2', 'x'],
            ['3', 'y'],
          ],
        )
      else speaker.writeOk()
      speaker.sequenceId = 0
    }
    // It takes SET for a prepared statement.
    speaker.on('query', hear).on('stmt_prepare', hear)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', undefined, () => resolve())
  })
  port = (server as unknown as { _server: { address(): AddressInfo } })._server.address().port
})
const egress = createEgress({ allow: ['127.0.0.1'] })
afterAll(async () => {
  await egress.close()
  await new Promise<void>((resolve) => server.close(() => resolve()))
})

const target = () => ({
  engine: 'mysql' as const,
  host: '127.0.0.1',
  port,
  database: 'shop',
  user: 'reader',
  password: new Secret('pw'),
  tls: 'off' as const,
})
const ask = (sql: string) =>
  createForeignDbs({ egress, sqliteDir: null }).query(
    target(),
    sql,
    { maxRows: 2, maxBytes: 100_000, timeoutMs: 2_000 },
    new AbortController().signal,
  )

test('the database is told to write nothing before it sees the statement', async () => {
  statements = []
  expect(await ask('select a, b from t')).toEqual({
    columns: ['a', 'b'],
    rows: [
      ['1', null],
      ['2', 'x'],
    ],
    hasMore: true,
  })
  expect(statements.slice(1)).toEqual([
    'select version()',
    'set session max_execution_time = 2000',
    'set session sql_select_limit = 3',
    'set session transaction read only',
    'start transaction read only',
    'select a, b from t',
  ])
  await expect(ask('commit')).rejects.toThrow('reads nothing')
})

test.each([
  'begin not atomic commit; set session transaction read write; insert into t values (1); end',
  '/* a */ -- b\n begin not atomic commit; end',
  '/*!begin*/ not atomic commit; end',
  '/*M! begin not atomic */ commit; end',
  "execute immediate 'begin not atomic commit; end'",
  'call write_something()',
  'if true then commit; end if',
  'a: loop commit; leave a; end loop',
  'for i in 1..2 do commit; end for',
  'set statement tx_read_only = 0 for insert into t values (1)',
  'selection',
  '(begin)',
])('a program that could end the transaction is not sent: %s', async (sql) => {
  statements = []
  await expect(ask(sql)).rejects.toThrow('reads nothing')
  expect(statements).not.toContain(sql)
  expect(statements.join()).not.toContain('commit')
})

test('comments before a statement are left out', async () => {
  await ask('-- the newest\n# first\n/* of all */ select a, b from t')
  expect(statements.at(-1)).toBe('select a, b from t')
})

test('an account that reaches past its tables is refused', async () => {
  powers = ['FILE']
  await expect(ask('select 1')).rejects.toThrow('FILE')
  expect(statements.at(-1)).toContain('user_privileges')
  powers = []
})
