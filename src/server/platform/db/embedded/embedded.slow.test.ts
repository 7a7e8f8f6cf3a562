import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, rmdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { gunzipSync } from 'node:zlib'
import { sql } from 'kysely'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { preparedForTests, silentLog, testEmbedded } from '../../../../../test/support/postgres.ts'
import { restoreSnapshot } from '../dump.ts'
import { openDatabase } from '../index.ts'
import { packageRoot } from '../package-root.ts'
import { openDataDir } from './data-dir.ts'
import { EmbeddedConnection } from './embedded-connection.ts'
import { Maintenance } from './maintenance.ts'
import { superfluous } from './snapshots.ts'

// Every test starts engines, each of which takes a second of a processor.
vi.setConfig({ testTimeout: 60_000 })

interface ProcessEvent {
  event: 'open' | 'committed' | 'failed' | 'closed' | 'refused'
  n?: number
  reason?: string
  message?: string
}

let dir: string
let children: ChildProcess[] = []

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'parley-test-'))
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  await rm(dir, { recursive: true, force: true })
})

/** Another process on a data directory. `events` grows as it speaks. */
function startProcess(
  mode: 'hold' | 'write',
  dataDir: string,
  options: { prepared?: string; env?: Record<string, string>; execArgv?: string[] } = {},
) {
  const script = join(packageRoot(), 'test/support/database-process.ts')
  const args = [...(options.execArgv ?? []), script, mode, dataDir, ...(options.prepared ? [options.prepared] : [])]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...options.env } })
  children.push(child)
  const events: ProcessEvent[] = []
  let wake = Promise.withResolvers<void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line) as ProcessEvent)
    wake.resolve()
    wake = Promise.withResolvers()
  })
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const until = async (isIt: (event: ProcessEvent) => boolean): Promise<ProcessEvent> => {
    for (let found: ProcessEvent | undefined; ; await wake.promise) {
      found = events.find(isIt)
      if (found) return found
    }
  }
  return { child, events, until, exited }
}

test("of processes that start together one gets the directory, the others are refused in words, and a dead one is in nobody's way", async () => {
  const prepared = await preparedForTests()
  const all = Array.from({ length: 3 }, () => startProcess('hold', dir, { prepared }))
  const firsts = await Promise.all(all.map(({ until }) => until(({ event }) => event === 'open' || event === 'refused')))
  const holder = all[firsts.findIndex(({ event }) => event === 'open')]!
  const refused = firsts.filter(({ event }) => event === 'refused')
  expect(refused.map(({ reason }) => reason)).toEqual(['locked', 'locked'])
  expect(refused[0]!.message).toContain(dir)
  await expect(openDatabase({ kind: 'embedded', dir, prepared }, silentLog)).rejects.toThrow(`process ${holder.child.pid}`)

  holder.child.kill('SIGKILL')
  await holder.exited
  await using database = await testEmbedded({ dir })
  await database.ping()
  await expect(openDatabase({ kind: 'embedded', dir, prepared }, silentLog)).rejects.toMatchObject({
    name: 'DatabaseRefusal',
    reason: 'locked',
  })
})

test('kill -9 in the middle of writing loses nothing that was committed', async () => {
  const writer = startProcess('write', dir, { prepared: await preparedForTests() })
  await writer.until(({ n }) => n === 100)
  writer.child.kill('SIGKILL')
  await writer.exited
  const last = writer.events.at(-1)!.n!

  await using database = await testEmbedded({ dir })
  const { rows } = await sql<{
    n: number
    intact: boolean
  }>`select n, filling = repeat(md5(n::text), 200) as intact from written order by n`.execute(database.db)
  expect(rows.slice(0, last).map(({ n }) => n)).toEqual(Array.from({ length: last }, (_, index) => index + 1))
  expect(rows.length - last).toBeLessThanOrEqual(1) // one more may be committed and not announced
  expect(rows.every(({ intact }) => intact)).toBe(true)
})

test('kill -9 during the first start leaves nothing that hinders the next', async () => {
  await mkdir(join(dir, 'database.new', 'base'), { recursive: true })
  const { release } = await openDataDir(dir, await preparedForTests())
  release()
  expect((await readdir(dir)).sort()).toEqual(['database', 'database.lock', 'database.pid'])
  expect(await readdir(join(dir, 'database'))).toContain('PG_VERSION')
})

test('a directory that cannot be written is refused with a code and its path', async () => {
  const locked = join(dir, 'locked')
  await mkdir(locked)
  await chmod(dir, 0o755)
  await chmod(locked, 0o555)
  const { until } = startProcess('hold', join(locked, 'data'), { env: { AS_NOBODY: '1' } })
  expect(await until(({ event }) => event !== 'committed')).toMatchObject({ event: 'refused', reason: 'storage.read_only' })
})

test('without disk space statements fail with storage.full, and it recovers by itself when there is space again', async () => {
  const fault = join(packageRoot(), 'test/support/full-disk.ts')
  const flag = join(dir, 'full')
  const prepared = await preparedForTests()
  const writer = startProcess('write', join(dir, 'data'), { prepared, execArgv: ['--import', fault], env: { FULL_DISK_FLAG: flag } })
  await writer.until(({ n }) => n === 5)
  await mkdir(flag)
  expect(await writer.until(({ event }) => event === 'failed')).toMatchObject({ reason: 'storage.full' })
  const last = writer.events.findLast(({ event }) => event === 'committed')!.n!
  await rmdir(flag)
  await writer.until(({ n = 0 }) => n > last + 5)
  expect(writer.events.filter(({ event, reason }) => event === 'failed' && reason !== 'storage.full')).toEqual([])
  writer.child.kill('SIGKILL')
  await writer.exited

  await using database = await testEmbedded({ dir: join(dir, 'data') })
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from written`.execute(database.db)
  expect(rows[0]!.n).toBeGreaterThanOrEqual(writer.events.findLast(({ event }) => event === 'committed')!.n!)
})

test('the foreground goes before the background, and a slow statement does not stop this process', async () => {
  await using database = await testEmbedded()
  const order: string[] = []
  const run = async (name: string, db: typeof database.db, statement = sql`select 1`) => {
    await statement.execute(db)
    order.push(name)
  }
  let ticks = 0
  const ticker = setInterval(() => ticks++, 5)
  const slow = run('slow', database.db, sql`select count(*) from generate_series(1, 3000000)`)
  const waiting = [run('background', database.background), run('first', database.db), run('second', database.db)]
  await slow
  clearInterval(ticker)
  await Promise.all(waiting)
  expect(order).toEqual(['slow', 'first', 'second', 'background'])
  expect(ticks).toBeGreaterThan(5) // a process that waits for the engine itself ticks once, at the end
})

test('a transaction that waits for itself is ended, and the others go on', async () => {
  const connection = new EmbeddedConnection(
    { dir: null, prepared: new Uint8Array(gunzipSync(await readFile(await preparedForTests('empty')))) },
    silentLog,
  )
  const lease = await connection.lease('foreground')
  await lease.run('begin')
  await lease.run('create table lost (id int)')
  connection.endIdleHolder(0) // nobody waits
  await lease.run('select 1')
  const other = connection.run('foreground', "select to_regclass('lost') as lost")
  connection.endIdleHolder(0)
  expect((await other).rows).toEqual([{ lost: null }])
  await expect(lease.run('select 1')).rejects.toMatchObject({ code: 'database.unavailable' })
  lease.release()
  await connection.close()
})

test('maintenance keeps the files small, which nothing else does', async () => {
  const { databaseDir, release } = await openDataDir(dir, await preparedForTests('empty'))
  const connection = new EmbeddedConnection({ dir: databaseDir, prepared: null }, silentLog)
  const maintenance = new Maintenance(connection, silentLog, { quietMs: 0 })
  const size = async (folder: string) => {
    const files = await readdir(join(databaseDir, folder), { recursive: true, withFileTypes: true })
    const sizes = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => stat(join(file.parentPath, file.name)).then((found) => found.size)),
    )
    return sizes.reduce((sum, bytes) => sum + bytes, 0) / 1e6
  }
  await connection.run('foreground', 'create table churn (id int, filling text)')
  const tableSizes: number[] = []
  for (let round = 0; round < 6; round++) {
    await connection.run('foreground', 'insert into churn select n, repeat(md5(n::text || random()), 40) from generate_series(1, 10000) n')
    await connection.run('foreground', 'delete from churn')
    await maintenance.tick()
    tableSizes.push(await size('base'))
  }
  expect(tableSizes.at(-1)! - tableSizes[0]!).toBeLessThan(3)
  expect(await size('pg_wal')).toBeLessThan(64)
  await maintenance.stop()
  await connection.close()
  release()
})

test('a snapshot taken in the middle of writing opens, whole, at one moment', async () => {
  await using database = await testEmbedded({ dir })
  await database.execute(
    'create table purse (id int primary key, amount int); insert into purse select n, 100 from generate_series(1, 2000) n',
  )
  let writing = true
  let transfers = 0
  const writer = (async () => {
    while (writing) {
      const [from, to] = [1 + (transfers % 2000), 1 + ((transfers * 7) % 2000)]
      await database.db.transaction().execute(async (tx) => {
        await sql`update purse set amount = amount - 1 where id = ${from}`.execute(tx)
        await sql`update purse set amount = amount + 1 where id = ${to}`.execute(tx)
      })
      transfers += 1
      if (transfers % 50 === 0) await sql`insert into purse select max(id) + 1, 0 from purse`.execute(database.db)
    }
  })()
  const before = transfers
  const file = await database.files!.take()
  expect(transfers).toBeGreaterThan(before + 20) // nobody waited for it
  writing = false
  await writer

  const copyDir = join(dir, 'copy')
  await restoreSnapshot(copyDir, file)
  await expect(restoreSnapshot(copyDir, file)).rejects.toMatchObject({ reason: 'not_empty' })
  await using copy = await testEmbedded({ dir: copyDir })
  const { rows } = await sql<{ total: number; rows: number }>`select sum(amount)::int as total, count(*)::int as rows from purse`.execute(
    copy.db,
  )
  expect(rows[0]!.total).toBe(200_000)
  expect(rows[0]!.rows).toBeGreaterThanOrEqual(2000)
  await sql`set enable_indexscan = off`.execute(copy.db)
  const { rows: unindexed } = await sql<{ rows: number }>`select count(*)::int as rows from purse where id > 0`.execute(copy.db)
  expect(unindexed[0]!.rows).toBe(rows[0]!.rows)
})

test('old snapshots go, the newest and one of each of the last days stay', () => {
  const hours = Array.from({ length: 24 * 12 }, (_, hour) => ({ file: String(hour), at: new Date(Date.UTC(2026, 10, 1, hour)) }))
  const kept = hours.filter((snapshot) => !superfluous(hours, 24).includes(snapshot))
  const days = kept.map(({ at }) => at.toISOString().slice(0, 13))
  expect(days).toHaveLength(24 + 6)
  expect(days.slice(0, 6)).toEqual(['06', '07', '08', '09', '10', '11'].map((day) => `2026-11-${day}T23`))
})
