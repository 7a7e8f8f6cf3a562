import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { openTestPostgres, silentLog, testEmbedded } from '../../../../../test/support/postgres.ts'
import { backup, restore } from '../dump.ts'
import { migrate } from '../index.ts'
import { testDump } from './dump-behaviour.ts'

const embedded = () => testEmbedded({ content: 'empty' })
const postgres = () => openTestPostgres({ content: 'empty' })

testDump('from embedded to PostgreSQL', embedded, postgres)
testDump('from PostgreSQL to embedded', postgres, embedded)
testDump('from PostgreSQL to PostgreSQL', postgres, postgres, true)

test("this version's own schema travels to PostgreSQL and back", async () => {
  const dir = await mkdtemp(join(tmpdir(), 'parley-dump-'))
  try {
    await using origin = await testEmbedded()
    await using server = await openTestPostgres()
    await using target = await testEmbedded()
    await sql`insert into workspace (id, name, kind) values (gen_random_uuid(), 'Über uns', 'team')`.execute(origin.db)
    await backup(origin, join(dir, 'one'))
    await restore(server, join(dir, 'one'), { log: silentLog })
    await backup(server, join(dir, 'two'))
    await restore(target, join(dir, 'two'), { log: silentLog })
    expect(await migrate(target, silentLog)).toBe(0)
    const workspaces = (database: typeof origin) => sql`select * from workspace order by id`.execute(database.db).then(({ rows }) => rows)
    expect(await workspaces(target)).toEqual(await workspaces(origin))
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}, 90_000)

test('a backup of PostgreSQL is one moment of it', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'parley-dump-'))
  try {
    await using database = await openTestPostgres()
    const seen: number[] = []
    const before = (await sql<{ n: number }>`select count(*)::int as n from workspace`.execute(database.db)).rows[0]!.n
    // A row that comes after the snapshot began must not be in it, though its table is written later.
    const summary = await backup(database, join(dir, 'one'), {
      onProgress: ({ table, rows }) => {
        if (table < 'workspace')
          void sql`insert into workspace (id, name, kind) values (gen_random_uuid(), 'late', 'team')`.execute(database.db)
        if (table === 'workspace') seen.push(rows)
      },
    })
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from workspace`.execute(database.db)
    expect(rows[0]!.n).toBeGreaterThan(before)
    await using target = await openTestPostgres()
    await restore(target, join(dir, 'one'), { log: silentLog })
    expect((await sql<{ n: number }>`select count(*)::int as n from workspace`.execute(target.db)).rows[0]!.n).toBe(before)
    expect(summary.rows).toBeGreaterThanOrEqual(before)
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}, 90_000)
