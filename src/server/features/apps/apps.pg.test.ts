import { expect, test } from 'vitest'
import { allow, asking, letIn, redeem, refresh, tryToken } from '../../../../test/support/app-client.ts'
import { useTestApp } from '../../../../test/support/test-app.ts'

const shared = useTestApp({ database: 'postgres' })
const many = Array.from({ length: 8 }, (_, index) => index)

test('of many redemptions of one code at the same moment one wins, and what it got stays', async () => {
  const app = shared.current
  const [ada] = await app.people('ada')
  const allowed = await allow(ada, await asking(app))
  const answers = await Promise.all(many.map(() => redeem(app, allowed)))
  const won = answers.filter(({ status }) => status === 200)
  expect(won).toHaveLength(1)
  expect(answers.filter(({ body }) => body.error === 'invalid_grant')).toHaveLength(many.length - 1)
  expect(await tryToken(app, won[0]!.body.access_token)).toBe(200)
  expect(await ada.get('apps.list')).toHaveLength(1)
})

test('whoever refreshes at the same moment, in whichever process, is told of one and the same pair', async () => {
  const app = shared.current
  await using other = await app.another()
  const [ada] = await app.people('ada')
  const first = await letIn(app, ada)
  // The resource is named as the process that is asked is called: nothing is set in front of them here.
  const answers = await Promise.all(many.map((index) => refresh(index % 2 ? app : other, first.clientId, first.refreshToken)))
  expect(answers.map(({ status }) => status)).toEqual(many.map(() => 200))
  expect(new Set(answers.map(({ body }) => body.refresh_token)).size).toBe(1)
  const pairs = await app.deps.db.selectFrom('oauth_token').select('kind').where('grant_id', '=', first.id).execute()
  expect(pairs).toHaveLength(4)
  expect(await tryToken(app, answers[0]!.body.access_token)).toBe(200)
})

test('who disconnects in one process puts the program out of all of them at once', async () => {
  const app = shared.current
  await using other = await app.another()
  const [ada] = await app.people('ada')
  const one = await letIn(app, ada)
  expect(await tryToken(other, one.access)).toBe(200)
  await ada.get('apps.disconnect', { id: one.id })
  await expect.poll(() => tryToken(other, one.access), { timeout: 2_000 }).toBe(401)
})
