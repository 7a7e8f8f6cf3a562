import { defineConfig } from 'vitest/config'
import { contractRoutes } from './src/web/contract-plugin.ts'

const everywhere = { environment: 'node', restoreMocks: true, unstubEnvs: true } as const

/**
 * Three projects. `unit`: everything that needs no more than this machine's Node, on the embedded database. `postgres`: `*.pg.test.ts`, on a
 * real PostgreSQL, since locks do not contend on the embedded one. `browser`: `*.e2e.test.ts`, in a real browser.
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
          include: ['{src,test,scripts}/**/*.test.ts', 'src/**/*.test.tsx'],
          exclude: ['**/*.{pg,e2e}.test.ts'],
          testTimeout: 15_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          ...everywhere,
          name: 'postgres',
          include: ['{src,test}/**/*.pg.test.ts'],
          globalSetup: ['test/support/postgres-global.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      { test: { ...everywhere, name: 'browser', include: ['test/e2e/**/*.e2e.test.ts'], testTimeout: 60_000, hookTimeout: 90_000 } },
    ],
  },
})
