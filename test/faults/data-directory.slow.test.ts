import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chmod, chown, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/server/platform/db/index.ts'
import { preparedForTests, silentLog } from '../support/postgres.ts'
import { eventually } from '../support/turn-client.ts'
import { freePort, type ServerProcess, signIn, startProcess } from '../support/server-process.ts'

// The program on a data directory that is in use, sealed with another key, not writable, or full.

const nobody = 65_534
const account = { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'a-long-password' }
const isRoot = process.getuid?.() === 0

beforeAll(() => preparedForTests(), 60_000)

/** A data directory with this version's schema, so that no test waits for one to be made. */
async function dataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-data-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const dir = join(folder, 'data')
  await (await openDatabase({ kind: 'embedded', dir, prepared: await preparedForTests() }, silentLog)).close()
  return dir
}

const environment = (dir: string, env: Record<string, string> = {}) => ({
  DATA_DIR: dir,
  HOST: '127.0.0.1',
  OLLAMA_BASE_URL: 'off',
  LOG_LEVEL: 'error',
  SNAPSHOT_HOURS: '0',
  ...account,
  ...env,
})

async function serve(dir: string, env: Record<string, string> = {}, flags: string[] = []): Promise<ServerProcess> {
  const port = await freePort()
  return startProcess(
    [...flags, 'src/server/main.ts'],
    environment(dir, { PORT: String(port), ...env }),
    `http://127.0.0.1:${port}`,
    '/ready',
  )
}

/** Starts it and waits for its end: the exit code and what it said. */
async function refusal(dir: string, env: Record<string, string> = {}, uid?: number): Promise<{ code: number | null; said: string }> {
  const child: ChildProcess = spawn(process.execPath, ['src/server/main.ts'], {
    env: { PATH: process.env['PATH'] ?? '', ...environment(dir, { PORT: '0', ...env }) },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(uid !== undefined && { uid, gid: uid }),
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(child, 'exit')) as [number | null]
  return { code, said }
}

test('a second process on the same data is refused in words, and the first one goes on', async () => {
  const dir = await dataDir()
  await using first = await serve(dir)

  const { code, said } = await refusal(dir)

  expect(code).toBe(78)
  expect(said).toMatch(/^Another Parley .*uses the data directory .*Stop it first, or set DATA_DIR to another directory/)
  expect(said).not.toContain('    at ')
  expect((await fetch(`${first.url}/ready`)).status).toBe(200)
}, 120_000)

test('another vault key is refused in words before anything is served', async () => {
  const dir = await dataDir()
  const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
  const right = key('k1')
  const first = await serve(dir, { VAULT_KEYS: right })
  await first.kill('SIGTERM')

  for (const wrong of [key('k1'), key('k2')]) {
    const { code, said } = await refusal(dir, { VAULT_KEYS: wrong })
    expect(code).toBe(78)
    expect(said).toMatch(/^The vault key is not the one that this database was sealed with/)
    expect(said).not.toContain(wrong.split(':')[1])
  }
  // A new key in front of the old one is a rotation, and is not refused.
  await using rotated = await serve(dir, { VAULT_KEYS: `${key('k3')},${right}` })
  expect((await fetch(`${rotated.url}/ready`)).status).toBe(200)
}, 120_000)

test.runIf(isRoot)(
  'a data directory that may not be written is refused in words',
  async () => {
    const dir = await dataDir()
    await chmod(join(dir, '..'), 0o755)
    const { code, said } = await refusal(dir, {}, nobody)
    expect(code).not.toBe(0)
    expect(said).toMatch(/write|permission|permitted/i)
    expect(said).toContain(dir)
    expect(said).not.toContain('    at ')

    const empty = await mkdtemp(join(tmpdir(), 'parley-data-'))
    onTestFinished(() => rm(empty, { recursive: true, force: true }))
    await chown(empty, nobody, nobody)
    await chmod(empty, 0o555)
    const unmade = await refusal(join(empty, 'data'), {}, nobody)
    expect(unmade.code).not.toBe(0)
    expect(unmade.said).toContain(empty)
    expect(unmade.said).not.toContain('    at ')
  },
  60_000,
)

test('a full disk is said with 507, loses nothing, and is over when there is space again', async () => {
  const dir = await dataDir()
  const flag = join(dir, '..', 'disk-is-full')
  await using server = await serve(dir, { FULL_DISK_FLAG: flag }, ['--import', './test/support/full-disk.ts'])
  const headers = { ...(await signIn(server.url, account.ADMIN_EMAIL, account.ADMIN_PASSWORD)), 'content-type': 'application/json' }
  const call = async (path: string, body?: object) => {
    const response = await fetch(`${server.url}/api${path}`, {
      method: body ? 'POST' : 'GET',
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, body: (await response.json()) as Record<string, never> }
  }
  const { workspaces } = (await call('/me')).body as unknown as { workspaces: { id: string }[] }
  const path = `/workspaces/${workspaces[0]!.id}/conversations`
  expect((await call(path, { title: 'before' })).status).toBe(201)

  await writeFile(flag, '')
  const codes: string[] = []
  // Whoever writes first meets the full disk; for a moment after that the database starts again.
  const full = await eventually(
    async () => {
      const answer = await call(path, { title: 'while it is full' })
      codes.push(String(answer.body['code']))
      return answer
    },
    ({ status }) => status === 507,
  )
  expect(full.body).toMatchObject({ code: 'storage.full' })
  expect(codes.filter((code) => code !== 'storage.full' && code !== 'database.unavailable')).toEqual([])
  expect(JSON.stringify(full.body)).not.toMatch(/ENOSPC|stack|\/data/)
  await rm(flag)

  const titles = async () =>
    ((await call(path)).body as unknown as { conversations?: { title: string }[] }).conversations?.map(({ title }) => title)
  await expect.poll(async () => (await call(path, { title: 'after' })).status, { timeout: 20_000, interval: 250 }).toBe(201)
  expect(await titles()).toEqual(expect.arrayContaining(['before', 'after']))
  await server.kill('SIGTERM')
  await using again = await serve(dir)
  const answer = await fetch(`${again.url}/api${path}`, { headers: await signIn(again.url, account.ADMIN_EMAIL, account.ADMIN_PASSWORD) })
  const kept = ((await answer.json()) as { conversations: { title: string }[] }).conversations.map(({ title }) => title)
  expect(kept).toEqual(expect.arrayContaining(['before', 'after']))
}, 120_000)
