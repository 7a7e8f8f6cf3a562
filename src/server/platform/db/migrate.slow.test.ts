import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { silentLog, testEmbedded } from '../../../../test/support/postgres.ts'
import { migrate } from './index.ts'
import { testMigrations } from './migrate-behaviour.ts'

testMigrations('embedded', () => testEmbedded({ content: 'empty' }))

test('an embedded database in use is copied before its schema changes', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'parley-migrations-'))
  try {
    await using database = await testEmbedded({ content: 'empty', dir: join(dir, 'data') })
    await mkdir(join(dir, 'migrations'))
    await writeFile(join(dir, 'migrations', '0001_one.sql'), 'create table one (id int);')
    await migrate(database, silentLog, join(dir, 'migrations'))
    await expect(readdir(join(dir, 'data', 'snapshots'))).rejects.toMatchObject({ code: 'ENOENT' })
    await writeFile(join(dir, 'migrations', '0002_two.sql'), 'create table two (id int);')
    await migrate(database, silentLog, join(dir, 'migrations'))
    await migrate(database, silentLog, join(dir, 'migrations'))
    expect(await readdir(join(dir, 'data', 'snapshots'))).toEqual([expect.stringMatching(/^\d{4}-.*Z\.tar\.gz$/)])
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}, 60_000)
