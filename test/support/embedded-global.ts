import { preparedForTests } from './postgres.ts'

/** Made here once per set of migrations, because it takes seconds that no single test should be charged with. */
export default async function setup(): Promise<void> {
  await preparedForTests()
  await preparedForTests('empty')
}
