import { afterAll, beforeAll } from 'vitest'
import { type Person, startTestApp, type TestApp } from './test-app.ts'

export interface TwoApps {
  app: TestApp
  /** As another process on the same PostgreSQL. */
  other: TestApp
  admin: Person
  /** The same person, asking the other one. */
  elsewhere: Person
}

/** Two apps on one PostgreSQL. There before the first test; `env` is asked when they start. */
export function useTwoApps(env: () => Record<string, string>): { readonly current: TwoApps } {
  const stack = new AsyncDisposableStack()
  const holder = {} as { current: TwoApps }
  beforeAll(async () => {
    const app = stack.use(await startTestApp({ database: 'postgres', env: env() }))
    const other = stack.use(await app.another())
    const admin = await app.admin()
    const { secret } = await admin.get('people.createApiKey', { name: 'other process' })
    const { id, email, password, workspaceId } = admin
    holder.current = { app, other, admin, elsewhere: Object.assign(other.withKey(secret), { id, email, password, workspaceId }) }
    await app.app.listing?.firstRound
  })
  afterAll(() => stack.disposeAsync())
  return holder
}
