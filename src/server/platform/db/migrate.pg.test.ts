import { expect, test } from 'vitest'
import { openTestPostgres, silentLog, testPostgres } from '../../../../test/support/postgres.ts'
import { Secret } from '../vault/secret.ts'
import { migrate, openDatabase } from './index.ts'
import { testMigrations } from './migrate-behaviour.ts'

testMigrations('PostgreSQL', () => openTestPostgres({ content: 'empty' }))

test('processes that start together migrate once', async () => {
  await using fresh = await testPostgres('empty')
  const open = () => openDatabase({ kind: 'postgres', url: new Secret(fresh.url), directUrl: null, patienceMs: 0 }, silentLog)
  const databases = await Promise.all([open(), open(), open(), open()])
  const counts = await Promise.all(databases.map((database) => migrate(database, silentLog)))
  await Promise.all(databases.map((database) => database.close()))
  expect(counts.filter((count) => count > 0)).toHaveLength(1)
})
