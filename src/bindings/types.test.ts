import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Compiles one file of a client by itself, as its author would: strict, and through the package's exports. */
function compile(file: string) {
  const flags = '--ignoreConfig --noEmit --strict --target es2024 --module nodenext --allowImportingTsExtensions --types node'.split(' ')
  return run(process.execPath, ['node_modules/typescript/bin/tsc', ...flags, file], { cwd: root }).then(
    () => 'compiles',
    (failure: { stdout?: string; message: string }) => failure.stdout || failure.message,
  )
}

test('the published bindings have exactly the promised names and shapes', { timeout: 30_000 }, async () => {
  expect(await compile('src/bindings/types.test-d.ts')).toBe('compiles')
})
