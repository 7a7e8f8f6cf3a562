import { expect, test } from 'vitest'
import { openDatabase } from '../../src/server/platform/db/index.ts'
import { Secret } from '../../src/server/platform/vault/index.ts'
import { silentLog, testPostgres } from '../support/postgres.ts'

/** A second address of the database, past a pooler, for migrations and LISTEN. The names of the sessions tell which address was used. */
test('migrations and LISTEN go by the direct address, everything else by the main one', async () => {
  await using fresh = await testPostgres('empty')
  const at = (name: string) => new Secret(`${fresh.url}?application_name=${name}`)
  const database = await openDatabase({ kind: 'postgres', url: at('pooled'), directUrl: at('direct'), patienceMs: 0 }, silentLog)
  try {
    const own = `select current_setting('application_name') as name`
    const heard = Promise.withResolvers<string>()
    await database.notifier.listen('direct-url', heard.resolve)
    database.notifier.notify('direct-url', 'over here')
    expect(await heard.promise).toBe('over here')

    expect((await database.execute(own)).rows).toEqual([{ name: 'pooled' }])
    expect(await database.exclusively((run) => run(own))).toEqual([{ name: 'direct' }])
    const { rows } = await database.execute(
      `select distinct application_name as name from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and query ~* '^listen|pg_notify'`,
    )
    expect(rows).toEqual([{ name: 'direct' }])
  } finally {
    await database.close()
  }
})
