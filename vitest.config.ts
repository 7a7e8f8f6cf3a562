import { defineConfig } from 'vitest/config'
import { contractRoutes } from './src/web/contract-plugin.ts'

/** Patience for a busy machine; no test waits longer than what it waits for. */
const everywhere = { environment: 'node', restoreMocks: true, unstubEnvs: true, expect: { poll: { timeout: 20_000 } } } as const

/**
 * Four projects. `unit`: everything that needs no more than this machine's Node, on the embedded database; these are the tests of
 * `npm run check`. `slow`: `*.slow.test.ts`, whose files take more than five seconds, since they start the program, kill it or fill databases on
 * disk. `postgres`: `*.pg.test.ts`, on a real PostgreSQL, since locks do not contend on the embedded one. `browser`: `*.e2e.test.ts`, in a real
 * browser.
 */
export default defineConfig({
  test: {
    // Two cores, and one embedded database takes most of one.
    maxWorkers: 2,
    projects: [
      {
        // What the web app learns of the contract is made by its build.
        plugins: [contractRoutes()],
        test: {
          ...everywhere,
          name: 'unit',
          // Files share what they import: reading the server again for each would take longer than most of them.
          isolate: false,
          include: ['{src,test,scripts}/**/*.test.ts', 'src/**/*.test.tsx'],
          exclude: ['**/*.{slow,pg,e2e}.test.ts'],
          globalSetup: ['test/support/embedded-global.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...everywhere,
          name: 'slow',
          include: ['{src,test,scripts}/**/*.slow.test.ts'],
          globalSetup: ['test/support/embedded-global.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...everywhere,
          name: 'postgres',
          include: ['{src,test}/**/*.pg.test.ts'],
          globalSetup: ['test/support/postgres-global.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          ...everywhere,
          name: 'browser',
          include: ['test/e2e/**/*.e2e.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A whole run asks once more before it says that a browser failed; by itself a test has one go, so that a race shows.
          retry: process.env.CI ? 1 : 0,
        },
      },
    ],
  },
})
