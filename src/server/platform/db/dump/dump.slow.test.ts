import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { silentLog, testEmbedded } from '../../../../../test/support/postgres.ts'
import { backup, restore } from '../dump.ts'
import { testDump } from './dump-behaviour.ts'

const empty = () => testEmbedded({ content: 'empty' })

testDump('from embedded to embedded', empty, empty)

test('a backup of a database that is being written is one moment of it, and nobody waits', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'parley-dump-'))
  try {
    await using database = await testEmbedded({ dir: join(dir, 'data') })
    await database.execute(
      'create table purse (id int primary key, amount int); insert into purse select n, 100 from generate_series(1, 500) n',
    )
    let running = true
    let longestMs = 0
    const writer = (async () => {
      for (let n = 0; running; n++) {
        const startedAt = performance.now()
        await database.db.transaction().execute(async (tx) => {
          await sql`update purse set amount = amount - 1 where id = ${1 + (n % 500)}`.execute(tx)
          await sql`update purse set amount = amount + 1 where id = ${1 + ((n * 7) % 500)}`.execute(tx)
        })
        longestMs = Math.max(longestMs, performance.now() - startedAt)
      }
    })()
    const file = join(dir, 'parley.backup')
    await backup(database, file)
    running = false
    await writer
    expect(longestMs).toBeLessThan(1000)
    expect((await readdir(dir)).sort()).toEqual(['data', 'parley.backup'])
    expect((await sql<{ total: number }>`select sum(amount)::int as total from purse`.execute(database.db)).rows).toEqual([
      { total: 50_000 },
    ])
    // The table is none of this version's schema, which a restore says instead of leaving it out.
    await using target = await empty()
    await expect(restore(target, file, { log: silentLog })).rejects.toThrow('purse')
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}, 90_000)
