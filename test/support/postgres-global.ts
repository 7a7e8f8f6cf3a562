import { startPostgres, whyNoPostgres } from './postgres.ts'

/** One server for all files of a run. A machine that has none is told so by the first test that asks. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.TEST_DATABASE_URL || whyNoPostgres()) return undefined
  const server = await startPostgres()
  process.env.TEST_DATABASE_URL = server.url
  return () => server.stop()
}
