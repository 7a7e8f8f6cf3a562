import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

// What a running server and a stopped one do for these commands is shown in test/e2e/unattended.e2e.test.ts.

const root = join(import.meta.dirname, '..', '..')
const admin = 'ada@example.org'

interface Ended {
  code: number | null
  out: string
  error: string
}

function parley(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] ?? '', ...env },
  })
  const ended: Ended = { code: null, out: '', error: '' }
  child.stdout.on('data', (chunk: Buffer) => (ended.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (ended.error += chunk.toString()))
  child.stdin.end()
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...ended, code })))
}

test.each([
  { args: ['key', 'create'], code: 64, error: 'Whose key?' },
  { args: ['key', 'create', '--user', admin, '--scopes', 'everything'], code: 64, error: 'scopes' },
  { args: ['key', 'create', '--user', admin, '--expires-days', 'soon'], code: 64, error: 'expiresInDays' },
  { args: ['key', 'create', '--for', admin], code: 64, error: "Unknown option '--for'" },
  { args: ['user', 'create', 'eve@example.org'], code: 64, error: 'No password' },
  { args: ['backup'], code: 64, error: 'backup <file>' },
  { args: ['dance'], code: 64, error: 'There is no command "dance".' },
])('$args: says what is wrong on standard error and nothing else', { timeout: 30_000 }, async ({ args, code, error }) => {
  const ended = await parley(args)

  expect(ended).toMatchObject({ code, out: '', error: expect.stringContaining(error) })
  expect(ended.error).not.toMatch(/^ {4}at /m)
})

test('the version and the help come without settings', async () => {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }

  expect(await parley(['version'], { PORT: 'none' })).toMatchObject({ code: 0, out: `${version}\n` })
  expect((await parley([], { PORT: 'none' })).out).toContain('key create --user <email>')
  expect(await parley(['doctor'], { PORT: 'none' })).toMatchObject({ code: 1, out: expect.stringContaining('BAD  Settings: PORT') })
})
