import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { findRuntime } from './index.ts'

const made: string[] = []
let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'runtimes-'))
  made.push(dir)
})
afterAll(() => Promise.all(made.map((each) => rm(each, { recursive: true }))))

async function program(name: string, script: string, mode = 0o755): Promise<string> {
  const path = join(dir, name)
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, mode)
  return path
}

test('what is not there is said to be missing, with a way to get it', async () => {
  expect(await findRuntime('python', dir)).toEqual({
    installed: false,
    launchers: { uvx: null, pip3: null },
    missing: expect.stringContaining('not found'),
    howToGet: expect.stringContaining('python'),
  })
})

test('version and path are what the program says of itself, with what stands beside it', async () => {
  await program('node', 'echo 24.1.0; echo /opt/node/bin/node')
  const npx = await program('npx', 'exit 0')

  expect(await findRuntime('node', `relative:${dir}`)).toEqual({
    installed: true,
    version: '24.1.0',
    path: '/opt/node/bin/node',
    launchers: { npx },
    missing: null,
    howToGet: null,
  })
})

test('one that is too old is installed and says what is needed', async () => {
  await program('python3', 'echo 3.8.2; echo /usr/bin/python3')

  expect(await findRuntime('python', dir)).toMatchObject({ installed: true, version: '3.8.2', missing: 'Version 3.10 or newer is needed.' })
})

test('what does not run is passed over for the next, and is told of where there is none', async () => {
  const broken = await program('python3', 'exit 3')
  expect(await findRuntime('python', dir)).toMatchObject({ installed: false, missing: expect.stringContaining(broken) })

  await program('python', 'echo 3.12.1; echo relative')
  // Another path, since what was found is remembered for a minute.
  expect(await findRuntime('python', `${dir}:/nowhere`)).toMatchObject({ installed: true, version: '3.12.1', path: join(dir, 'python') })
})

test('a file that may not be run is none', async () => {
  await program('node', 'echo 24.1.0; echo /node', 0o644)

  expect(await findRuntime('node', dir)).toMatchObject({ installed: false, missing: expect.stringContaining('not found') })
})
