import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { testPostgres, whyNoPostgres } from '../test/support/postgres.ts'
import { freePort } from '../test/support/server-process.ts'
import { json, open, percentile, readText } from './client.ts'
import { type DatabaseKind, residentMb } from './stage.ts'

/*
 * node bench/start.ts [times]
 *
 * `npm start` as people type it, from the key press to the first answered request, and the memory of the server after one turn.
 */
const times = Number(process.argv[2] ?? 5)
const email = 'bench@example.com'
const password = 'bench-password-1'

interface Started {
  url: string
  seconds: number
  pid: number
  stop(): Promise<void>
}

async function npmStart(variables: Record<string, string>): Promise<Started> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const startedAt = performance.now()
  const child = spawn('npm', ['start'], {
    env: { ...process.env, ...variables, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  while (!(await isServing(url))) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}.`)
    await pause(10)
  }
  const seconds = (performance.now() - startedAt) / 1000
  const pid = await serverBelow(child)
  return {
    url,
    seconds,
    pid,
    async stop() {
      process.kill(pid, 'SIGTERM')
      await ended
    },
  }
}

async function isServing(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health`).catch(() => undefined)
  return answer?.ok ?? false
}

/** npm and its shell stay in front of the server. */
async function serverBelow({ pid = 0 }: ChildProcess): Promise<number> {
  const children = async (parent: number) =>
    (await readFile(`/proc/${parent}/task/${parent}/children`, 'utf8')).split(' ').filter(Boolean).map(Number)
  for (let parents = [pid]; parents.length > 0; parents = (await Promise.all(parents.map(children))).flat()) {
    for (const candidate of parents)
      if ((await readFile(`/proc/${candidate}/cmdline`, 'utf8')).includes('dist/server/main.js\0')) return candidate
  }
  throw new Error('npm start has no server below it.')
}

async function oneTurn(url: string): Promise<void> {
  const signIn = await open({ url: `${url}/api/sign-in`, body: { email, password } })
  await readText(signIn)
  const cookie = (signIn.headers['set-cookie'] ?? []).map((line) => line.split(';', 1)[0]).join('; ')
  const headers = { cookie, origin: url }
  const { workspaces } = await json<{ workspaces: { id: string }[] }>({ url: `${url}/api/me`, method: 'GET', headers })
  const { id } = await json<{ id: string }>({ url: `${url}/api/workspaces/${workspaces[0]!.id}/conversations`, headers, body: {} })
  const answer = await open({
    url: `${url}/api/conversations/${id}/turns`,
    headers: { ...headers, accept: 'text/event-stream' },
    body: { text: 'What is 12 * 34?' },
  })
  const text = await readText(answer)
  if (!text.includes('408')) throw new Error(`The turn did not answer: ${text.slice(-500)}`)
}

async function measure(kind: DatabaseKind): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'parley-bench-'))
  await using opened = new AsyncDisposableStack()
  opened.defer(() => rm(dataDir, { recursive: true, force: true }))
  const variables: Record<string, string> = {
    DATA_DIR: dataDir,
    HOST: '127.0.0.1',
    OLLAMA_BASE_URL: 'off',
    LOG_LEVEL: 'warn',
    ADMIN_EMAIL: email,
    ADMIN_PASSWORD: password,
  }
  if (kind === 'postgres') {
    variables['DATABASE_URL'] = opened.use(await testPostgres('empty')).url
    variables['VAULT_KEYS'] = `bench:${randomBytes(32).toString('base64')}`
  }
  const first = await npmStart(variables)
  await oneTurn(first.url)
  await pause(10_000) // at rest
  console.log(`${kind}: first start ${first.seconds.toFixed(2)} s, resident memory after one turn ${await residentMb(first.pid)} MB`)
  await first.stop()

  const later: number[] = []
  for (let time = 0; time < times; time++) {
    const started = await npmStart(variables)
    later.push(started.seconds)
    await started.stop()
  }
  console.log(
    `${kind}: later start ${percentile(later, 0.5).toFixed(2)} s (median of ${times}; ${later.map((s) => s.toFixed(2)).join(', ')})`,
  )
}

if (!existsSync('dist/server/main.js')) throw new Error('Build first: npm start, or node scripts/setup.js.')
await measure('embedded')
const missing = whyNoPostgres()
if (missing) console.log(missing)
else await measure('postgres')
