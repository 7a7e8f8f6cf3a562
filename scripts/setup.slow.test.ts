import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let root: string

async function write(path: string, text: string) {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

const lock = (version: string) => JSON.stringify({ packages: { '': {}, 'node_modules/a': { version, integrity: `sha512-${version}` } } })

/** Runs it as npm does, with a stand-in for npm that installs what the lock file says, and for the build. */
function setUp(...options: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, npm_execpath: join(root, 'npm.cjs'), npm_node_execpath: process.execPath }
  return new Promise((resolve) => {
    execFile(process.execPath, ['scripts/setup.js', ...options], { cwd: root, env }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

const calls = async (name: string) => (await readFile(join(root, `${name}.log`), 'utf8').catch(() => '')).split('\n').filter(Boolean)

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'parley-setup-'))
  await mkdir(join(root, 'scripts'))
  await copyFile(join(import.meta.dirname, 'setup.js'), join(root, 'scripts/setup.js'))
  await write('package.json', '{ "type": "module" }')
  await write('package-lock.json', lock('1.0.0'))
  await write('src/a.ts', 'export const a = 1')
  await write(
    'npm.cjs',
    `const fs = require('node:fs')
     fs.appendFileSync('npm.log', process.argv.slice(2).join(' ') + '\\n')
     fs.mkdirSync('node_modules', { recursive: true })
     fs.copyFileSync('package-lock.json', 'node_modules/.package-lock.json')`,
  )
  await write(
    'scripts/build.ts',
    `import fs from 'node:fs'
     if (fs.readFileSync('src/a.ts', 'utf8').includes('broken')) process.exit(1)
     fs.appendFileSync('build.log', 'built\\n')
     fs.mkdirSync('dist', { recursive: true })`,
  )
})

afterEach(() => rm(root, { recursive: true, force: true }))

test('a fresh clone is installed without install scripts and built; the next start finds nothing to do', async () => {
  const first = await setUp()
  expect(first).toMatchObject({ code: 0 })
  expect(first.stdout).toMatch(/Installing the packages .*\nBuilding the server/)
  expect(await calls('npm')).toEqual([expect.stringMatching(/^ci --ignore-scripts .*--omit=dev$/)])

  expect(await setUp()).toEqual({ code: 0, stdout: '', stderr: '' })
  expect(await calls('npm')).toHaveLength(1)
  expect(await calls('build')).toHaveLength(1)
})

test('a changed source builds again; one that was only touched, or a changed test, does not', async () => {
  await setUp()

  await utimes(join(root, 'src/a.ts'), new Date(), new Date(Date.now() + 5000))
  await write('src/a.test.ts', 'export {}')
  await setUp()
  expect(await calls('build')).toHaveLength(1)

  await write('src/a.ts', 'export const a = 2')
  expect((await setUp()).stdout).toContain('The sources changed')
  expect(await calls('build')).toHaveLength(2)
})

test('a changed lock file installs again, unless somebody has installed it already', async () => {
  await setUp()

  await write('package-lock.json', lock('2.0.0'))
  await write('node_modules/.package-lock.json', lock('2.0.0'))
  await setUp()
  expect(await calls('npm')).toHaveLength(1)

  await write('package-lock.json', lock('3.0.0'))
  await setUp()
  expect(await calls('npm')).toHaveLength(2)
})

test('tests ask for the development packages, which a plain start leaves out', async () => {
  await write('package-lock.json', JSON.stringify({ packages: { '': {}, 'node_modules/t': { version: '1.0.0', dev: true } } }))
  await write('node_modules/.package-lock.json', '{ "packages": {} }')

  await setUp('--no-build')
  await setUp('--no-build')
  expect(await calls('npm')).toHaveLength(0)
  await setUp('--tools', '--no-build')
  expect(await calls('npm')).toEqual([expect.stringMatching(/--include=dev$/)])
})

test('a build that fails stops the start in words and is tried again at the next', async () => {
  await write('src/a.ts', 'broken')
  expect(await setUp()).toMatchObject({ code: 1, stderr: expect.stringContaining('The build failed.') as string })

  await write('src/a.ts', 'export const a = 1')
  expect(await setUp()).toMatchObject({ code: 0 })
  expect(await calls('build')).toHaveLength(1)
})

test('npm ci alone does not fail by a failing build', async () => {
  await write('src/a.ts', 'broken')
  expect(await setUp('--prepare')).toMatchObject({ code: 0 })
  expect(await calls('npm')).toHaveLength(0)
})

test('with --quiet nothing but the output of the following command is on stdout', async () => {
  const { stdout, stderr } = await setUp('--quiet')
  expect(stdout).toBe('')
  expect(stderr).toContain('Building')
})
