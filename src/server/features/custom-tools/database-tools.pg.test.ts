import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testPostgres, type TestDatabase } from '../../../../test/support/postgres.ts'
import { type Person, useTestApp } from '../../../../test/support/test-app.ts'

let database: TestDatabase
let admin: pg.Client
let folder: string
const role = `clerk_${Date.now()}`
const env: Record<string, string> = { EGRESS_ALLOW: '127.0.0.1' }
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-files-'))
  env.SQLITE_DIR = folder
  const file = new DatabaseSync(join(folder, 'notes.db'))
  file.exec("create table note (id integer primary key, text text); insert into note (text) values ('first')")
  file.close()
  database = await testPostgres('empty')
  admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  await admin.query(
    `create role ${role} login password 'pw-of-clerk'; create table lamp (id int primary key, name text); insert into lamp values (1, 'tall'), (2, 'small'); grant all on lamp to ${role}`,
  )
})
const shared = useTestApp({ env })
afterAll(async () => {
  await admin.query(`drop owned by ${role}; drop role ${role}`)
  await admin.end()
  await database[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

function targetOf(more: object = {}) {
  const { hostname: host, port, pathname } = new URL(database.url)
  return { engine: 'postgresql' as const, host, port: Number(port), database: pathname.slice(1), user: role, tls: 'off' as const, ...more }
}
const add = (person: Person, target: object = {}, password: string | null = 'pw-of-clerk') =>
  person.call('customTools.create', {
    workspaceId: person.workspaceId,
    name: 'Lamps',
    configuration: { kind: 'database', target: targetOf(target), password, maxRows: 10 },
  })

test('a database that answers is kept, with its password sealed, and read', async () => {
  const app = shared.current
  const [red] = await app.people('red')
  const made = await add(red)
  if (!made.ok) throw new Error(JSON.stringify(made.problem))
  const { id, slug, operations, configuration } = made.value
  expect(slug).toBe('lamps')
  expect(operations.map(({ name, permission, isRepeatable }) => [name, permission, isRepeatable])).toEqual([
    ['schema', 'ask', true],
    ['query', 'ask', true],
  ])
  expect(configuration).toMatchObject({ kind: 'database', hasPassword: true })
  expect(JSON.stringify(made.value)).not.toContain('pw-of-clerk')
  const row = await app.deps.db.selectFrom('custom_tool').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  expect(JSON.stringify(row.configuration) + row.sealed_credentials!.toString('latin1')).not.toContain('pw-of-clerk')

  const run = (operation: string, args: Record<string, string> = {}) => red.get('customTools.test', { id, operation, arguments: args })
  expect(await run('schema')).toMatchObject({ isWorking: true, result: expect.stringContaining('public,lamp,table') })
  expect(await run('schema', { table: 'lamp' })).toMatchObject({ result: expect.stringContaining('id,integer,no,primary key') })
  expect(await run('query', { sql: 'select * from lamp order by id;' })).toMatchObject({
    isWorking: true,
    result: '2 rows\n\nid,name\n1,tall\n2,small',
  })
  expect(await run('query', { sql: 'delete from lamp' })).toMatchObject({ isWorking: false })
  expect(await run('query')).toMatchObject({ isWorking: false, result: 'The argument sql is missing.' })
  expect((await admin.query('select count(*)::int as n from lamp')).rows).toEqual([{ n: 2 }])

  await red.get('customTools.update', { id, configuration: { kind: 'database', maxRows: 1 } })
  expect(await run('query', { sql: 'select * from lamp' })).toMatchObject({ result: expect.stringContaining('1 row, and there are more') })
  const move = await red.call('customTools.update', { id, configuration: { kind: 'database', target: targetOf({ tls: 'require' }) } })
  expect(move).toMatchObject({ problem: { code: 'request.invalid', issues: [{ path: ['password'] }] } })
})

test('what cannot be asked is not kept, and is said in words', async () => {
  const [red] = await shared.current.people('red')
  const before = await red.get('customTools.list', { workspaceId: red.workspaceId })
  expect(await add(red, { user: 'nobody_here' })).toMatchObject({
    problem: { code: 'custom-tool.database_refused', detail: expect.stringContaining('nobody_here') },
  })
  expect(await add(red, { user: 'postgres' })).toMatchObject({
    problem: { code: 'custom-tool.database_refused', detail: expect.stringContaining('may only read') },
  })
  expect(await add(red, { port: 1 })).toFailWith('custom-tool.database_refused')
  expect(await add(red, { tls: 'verify' })).toFailWith('custom-tool.database_refused')
  expect(await add(red, { host: '10.1.2.3' })).toFailWith('connection.address_forbidden')
  expect(await add(red, { host: '169.254.169.254' })).toFailWith('connection.address_forbidden')
  expect(await red.get('customTools.list', { workspaceId: red.workspaceId })).toEqual(before)
})

test('a file of the server is added by an administrator only', async () => {
  const app = shared.current
  const [red] = await app.people('red')
  const ada = await app.admin()
  const file = (person: Person, path: string) => {
    const configuration = { kind: 'database' as const, target: { engine: 'sqlite' as const, path } }
    return person.call('customTools.create', { workspaceId: person.workspaceId, name: 'Notes', configuration })
  }
  expect(await file(red, 'notes.db')).toFailWith('auth.forbidden')
  expect(await file(ada, '../../etc/passwd')).toFailWith('custom-tool.database_refused')
  const made = await file(ada, 'notes.db')
  if (!made.ok) throw new Error(JSON.stringify(made.problem))
  const { id } = made.value
  expect(await ada.get('customTools.test', { id, operation: 'query', arguments: { sql: 'select * from note' } })).toMatchObject({
    result: '1 row\n\nid,text\n1,first',
  })
})
