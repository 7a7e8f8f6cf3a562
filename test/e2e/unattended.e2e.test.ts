import { spawn } from 'node:child_process'
import { access, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ProviderServer, startProviderServer } from '../support/provider-server/index.ts'
import { preparedForTests, silentLog } from '../support/postgres.ts'
import { freePort, type ServerProcess, startProcess } from '../support/server-process.ts'
import { openDatabase } from '../../src/server/platform/db/index.ts'

const root = join(import.meta.dirname, '..', '..')
const admin = 'ada@example.org'

let folder: string
let providers: ProviderServer
let port: number
let env: Record<string, string>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parley-cli-'))
  providers = await startProviderServer()
  port = await freePort()
  // What README's script exports, and a provider that is not OpenAI's own.
  env = {
    PORT: String(port),
    DATA_DIR: join(folder, 'data'),
    ADMIN_EMAIL: admin,
    ADMIN_PASSWORD: 'correct horse battery',
    OPENAI_API_KEY: 'sk-one',
    OPENAI_BASE_URL: providers.baseUrl('openai'),
    OLLAMA_BASE_URL: 'off',
  }
  await (await openDatabase({ kind: 'embedded', dir: env.DATA_DIR!, prepared: await preparedForTests() }, silentLog)).close()
})
afterAll(async () => {
  await providers.close()
  await rm(folder, { recursive: true, force: true })
})

interface Ended {
  code: number | null
  out: string
  error: string
}

function parley(args: string[], { input = '', ...changes }: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, 'src/cli/main.ts'), ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...env, ...changes },
  })
  const ended: Ended = { code: null, out: '', error: '' }
  child.stdout.on('data', (chunk: Buffer) => (ended.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (ended.error += chunk.toString()))
  child.stdin.end(input)
  return new Promise((resolve) => child.once('close', (code) => resolve({ ...ended, code })))
}

const startServer = (): Promise<ServerProcess> =>
  startProcess([join(root, 'src/server/main.ts')], { ...env, LOG_LEVEL: 'warn' }, `http://127.0.0.1:${port}`, '/health')

/** The text of a streamed answer, as a person with curl and a key would see it. */
async function ask(url: string, key: string, model: string): Promise<string> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: 'What is 12 * 34?' }] }),
  })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const events = (await response.text()).split('\n\n').filter(Boolean)
  expect(events.at(-1)).toBe('data: [DONE]')
  return events
    .slice(0, -1)
    .map(
      (event) =>
        (JSON.parse(event.slice('data: '.length)) as { choices: { delta: { content?: string } }[] }).choices[0]?.delta.content ?? '',
    )
    .join('')
}

test('from settings alone to the first streamed token: a key made before the server ran, and one made while it runs', {
  timeout: 120_000,
}, async () => {
  const before = await parley(['key', 'create', '--user', admin])
  expect(before).toMatchObject({ code: 0, error: '', out: expect.stringMatching(/^pk_[0-9A-Za-z]{43}\n$/) })

  await using server = await startServer()
  const during = await parley(['key', 'create', '--user', admin.toUpperCase(), '--scopes', 'model:use,turn:create', '--expires-days', '30'])
  expect(during).toMatchObject({ code: 0, error: '', out: expect.stringMatching(/^pk_[0-9A-Za-z]{43}\n$/) })
  const keys = [before.out.trim(), during.out.trim()]

  // The provider's models are there as soon as somebody asks for one.
  expect(await ask(server.url, keys[0]!, 'gpt-4o')).toBe('This is the local provider server. You wrote: What is 12 * 34?')
  expect(await ask(server.url, keys[1]!, 'parley-offline')).toContain('408')
  expect((await stat(join(env.DATA_DIR!, 'control.sock'))).mode & 0o777).toBe(0o600)

  const listed = (await parley(['key', 'list', '--user', admin])).out.trim().split('\n')
  expect(listed).toHaveLength(3)
  expect(listed.join('\n')).not.toContain(keys[0])
  const id = listed.find((line) => line.includes('model:use'))!.split(' ', 1)[0]!
  expect(await parley(['key', 'revoke', id])).toMatchObject({ code: 0, out: '' })
  expect((await fetch(`${server.url}/v1/models`, { headers: { authorization: `Bearer ${keys[1]}` } })).status).toBe(401)

  expect(await parley(['key', 'create', '--user', 'nobody@example.org'])).toMatchObject({
    code: 1,
    out: '',
    error: 'There is no such person. Nobody here has the e-mail nobody@example.org.\n',
  })
  expect(await parley(['user', 'create', 'bob@example.org', '--name', 'Bob'], { input: 'another password\n' })).toMatchObject({ code: 0 })
  expect(await parley(['user', 'disable', admin])).toMatchObject({ code: 1, error: 'This is the last administrator.\n' })
  const signIn = () =>
    fetch(`${server.url}/api/sign-in`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: 'bob@example.org', password: 'another password' }),
    })
  expect((await signIn()).status).toBe(200)
  await parley(['user', 'disable', 'bob@example.org'])
  expect((await signIn()).status).toBe(403)
  expect(await parley(['doctor'])).toMatchObject({ code: 0, out: expect.stringContaining(`runs as process ${server.child.pid}`) })

  const file = join(folder, 'parley.dump')
  expect(await parley(['backup', 'parley.dump'])).toMatchObject({ code: 0, out: '', error: expect.stringContaining(`Written to ${file}`) })
  expect(await parley(['backup', 'parley.dump'])).toMatchObject({ code: 1, error: expect.stringContaining('exists') })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await parley(['restore', 'parley.dump'])).toMatchObject({ code: 1, error: expect.stringContaining('The server runs.') })

  await server.kill('SIGTERM')
  await expect(access(join(env.DATA_DIR!, 'control.sock'))).rejects.toThrow('ENOENT')
  const moved = join(folder, 'moved')
  await (await openDatabase({ kind: 'embedded', dir: moved, prepared: await preparedForTests() }, silentLog)).close()
  expect(await parley(['restore', 'parley.dump'], { DATA_DIR: moved })).toMatchObject({
    code: 0,
    error: expect.stringContaining('Restored'),
  })
  expect((await parley(['user', 'list'], { DATA_DIR: moved })).error).toContain('vault key is not the one')
})

test('a killed server’s socket is in nobody’s way', { timeout: 60_000 }, async () => {
  const server = await startServer()
  await server.kill('SIGKILL')
  await access(join(env.DATA_DIR!, 'control.sock'))

  expect(await parley(['user', 'list'])).toMatchObject({ code: 0, out: expect.stringContaining(admin) })
  await using again = await startServer()
  expect(await parley(['doctor'])).toMatchObject({ code: 0, out: expect.stringContaining(`runs as process ${again.child.pid}`) })
})
