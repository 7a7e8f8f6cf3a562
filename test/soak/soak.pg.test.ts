import { expect, test } from 'vitest'
import { soak } from '../support/soak.ts'

// `npm run soak` does a hundred of these on each database; five in every test run keep it honest.
test.each(['postgres', 'embedded'] as const)(
  'nothing accepted is lost and nothing happens twice when the server is killed while it answers (%s)',
  async (database) => {
    const report = await soak({ database, cycles: 5, writers: 5 })

    expect(report.turns).toBeGreaterThan(10)
    expect(report.ofGuests).toBeGreaterThan(5)
    expect(report.completed).toBeGreaterThan(0)
  },
  240_000,
)
