import { expect, test } from 'vitest'
import { startPostgres, testPostgres } from '../../test/support/postgres.ts'
import { startTestApp } from '../../test/support/test-app.ts'

test('while the database is gone everything says so, and works again when it is back', async () => {
  const server = await startPostgres({ fsync: true })
  try {
    await using fresh = await testPostgres('migrated', server)
    await using app = await startTestApp({ database: { url: fresh.url } })
    const [red] = await app.people('red')
    const key = app.withKey((await red.get('people.createApiKey', { name: 'program' })).secret)

    await server.kill()
    expect((await red.fetch('/health')).status).toBe(503)
    expect(await red.call('workspaces.list')).toFailWith('database.unavailable')
    expect(await key.call('people.me')).toFailWith('database.unavailable')

    await server.restart()
    await expect.poll(async () => (await red.fetch('/health')).status, { timeout: 10_000 }).toBe(200)
    expect(await red.call('workspaces.list')).toSucceed()
    expect(await key.call('people.me')).toSucceed()
  } finally {
    await server.stop()
  }
})
