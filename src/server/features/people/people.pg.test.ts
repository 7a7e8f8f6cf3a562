import { expect, test } from 'vitest'
import { startTestApp } from '../../../../test/support/test-app.ts'

/** Both processes of one server answer for the same people. Locks contend only on PostgreSQL. */
test('a person who is disabled in one process is out in the other', async () => {
  await using app = await startTestApp({ database: 'postgres' })
  await using other = await app.another()
  const admin = await app.admin()
  const [red] = await app.people('red')
  const elsewhere = () => fetch(`${other.url}/api/me`, { headers: { cookie: red.cookie! } })
  expect((await elsewhere()).status).toBe(200)
  const told = new Promise<string>((resolve) => void other.deps.door.onActorInvalidated(resolve))

  await admin.get('people.updateUser', { id: red.id, status: 'disabled' })

  expect(await told).toBe(red.id)
  expect((await elsewhere()).status).toBe(401)
})

test('one-time links make one account, however many are used at once, and each works once', async () => {
  await using app = await startTestApp({ database: 'postgres' })
  await using other = await app.another()
  const [one, two] = [(await app.app.makeEntryToken())!, (await other.app.makeEntryToken())!]

  const answers = await Promise.all([
    app.stranger().call('people.enter', { token: one }),
    other.stranger().call('people.enter', { token: two }),
    other.stranger().call('people.enter', { token: one }),
    app.stranger().call('people.enter', { token: two }),
  ])

  const entered = answers.flatMap((answer) => (answer.ok ? [answer.value.id] : []))
  expect(entered).toHaveLength(2)
  expect(entered[0]).toBe(entered[1])
  expect(await app.deps.db.selectFrom('user_account').select('id').execute()).toEqual([{ id: entered[0] }])
})

test('two administrators cannot take the role from each other at once', async () => {
  await using app = await startTestApp({ database: 'postgres' })
  const admin = await app.admin()
  const [red] = await app.people('red')
  for (let round = 0; round < 5; round++) {
    await app.deps.db
      .updateTable('role_grant')
      .set({ role_id: '00000000-0000-7000-8000-000000000011' })
      .where('principal_id', 'in', [admin.id, red.id])
      .where('scope', '=', 'system')
      .execute()
    app.deps.door.invalidate(admin.id)
    app.deps.door.invalidate(red.id)
    await Promise.all([
      admin.call('people.updateUser', { id: red.id, role: 'User' }),
      red.call('people.updateUser', { id: admin.id, role: 'User' }),
    ])
    const admins = await app.deps.db
      .selectFrom('role_grant')
      .select('principal_id')
      .where('scope', '=', 'system')
      .where('role_id', '=', '00000000-0000-7000-8000-000000000011')
      .execute()
    expect(admins).toHaveLength(1)
  }
})

test('the same e-mail signs up once', async () => {
  await using app = await startTestApp({ database: 'postgres' })
  await app.admin()
  const answers = await Promise.all(
    [1, 2, 3].map((number) =>
      app.stranger().call('people.signUp', { name: `Eve ${number}`, email: 'eve@example.org', password: 'long enough' }),
    ),
  )
  expect(answers.map((answer) => (answer.ok ? 'ok' : answer.problem.code)).sort()).toEqual(['auth.email_taken', 'auth.email_taken', 'ok'])
})
