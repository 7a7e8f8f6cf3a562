import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPostgres, testPostgres } from '../test/support/postgres.ts'
import { type Call, json } from './client.ts'

export type DatabaseKind = 'postgres' | 'embedded'

/** The models of the measurements; `tokens x milliseconds between them`. */
const models = ['test-40x25', 'test-10x0'] as const
export type BenchModel = (typeof models)[number]

/** Everything that one measurement needs: the provider server, a database, the server under test, and a person with a conversation. */
export interface Stage extends AsyncDisposable {
  providerUrl: string
  url: string
  pid: number
  /** Empty where the database is embedded. */
  databaseUrl: string
  headers: Record<string, string>
  workspaceId: string
  modelIds: Record<BenchModel, string>
  newConversation(model?: BenchModel): Promise<string>
  /** The id of a new agent with this model, for whoever answers guests. */
  newAgent(model: BenchModel): Promise<string>
  startTurn(conversationId: string, text: string, modelId?: string): Call
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

function start(args: string[], env: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, args, { env: { PATH: process.env['PATH'] ?? '', ...env }, stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout?.resume()
  return child
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    const answer = await fetch(url).catch(() => undefined)
    if (answer && answer.status < 500 && (answer.ok || answer.status === 401)) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${url} did not become healthy`)
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  await ended
}

export async function openStage(kind: DatabaseKind, entry: string): Promise<Stage> {
  await using opened = new AsyncDisposableStack()
  const providerPort = await freePort()
  const provider = opened.adopt(start(['test/support/provider-server/main.ts', '--port', String(providerPort)], {}), end)
  const providerUrl = `http://127.0.0.1:${providerPort}`
  await untilHealthy(`${providerUrl}/openai/v1/models`, provider)

  const dataDir = await mkdtemp(join(tmpdir(), 'parley-bench-'))
  opened.defer(() => rm(dataDir, { recursive: true, force: true }))
  const env: Record<string, string> = {
    DATA_DIR: dataDir,
    PORT: String(await freePort()),
    HOST: '127.0.0.1',
    ADMIN_EMAIL: 'bench@example.com',
    ADMIN_PASSWORD: 'bench-password-1',
    OPENAI_API_KEY: 'sk-bench-0000',
    OPENAI_BASE_URL: `${providerUrl}/openai/v1`,
    OLLAMA_BASE_URL: 'off',
    // Answers to a webhook come back to this machine.
    EGRESS_ALLOW: '127.0.0.1',
    LOG_LEVEL: 'warn',
    SHUTDOWN_DRAIN_SECONDS: '1',
  }
  if (kind === 'postgres') {
    // As safe as a real one: the figures are worth nothing without it.
    const server = opened.adopt(await startPostgres({ fsync: true }), (postgres) => postgres.stop())
    const database = opened.use(await testPostgres('migrated', server))
    env['DATABASE_URL'] = database.url
    env['VAULT_KEYS'] = `bench:${randomBytes(32).toString('base64')}`
  }
  const server = opened.adopt(start(entry.split(' '), env), end)
  const url = `http://127.0.0.1:${env['PORT']}`
  await untilHealthy(`${url}/health`, server)

  const signIn = await fetch(`${url}/api/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: env['ADMIN_EMAIL'], password: env['ADMIN_PASSWORD'] }),
  })
  const headers = {
    cookie: signIn.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';', 1)[0])
      .join('; '),
    origin: url,
  }
  const { workspaces } = await json<{ workspaces: { id: string }[] }>({ url: `${url}/api/me`, method: 'GET', headers })
  const workspaceId = workspaces[0]!.id
  const modelIds = await priceModels(url, headers, workspaceId)
  // One budget that every call shares: what costs most in the ledger.
  await json({
    url: `${url}/api/workspaces/${workspaceId}/budget`,
    method: 'PUT',
    headers,
    body: { limitNanoUsd: '900000000000000', period: 'month' },
  })

  const kept = opened.move()
  return {
    providerUrl,
    url,
    pid: server.pid!,
    databaseUrl: env['DATABASE_URL'] ?? '',
    headers,
    workspaceId,
    modelIds,
    async newConversation(model = 'test-10x0') {
      const { id } = await json<{ id: string }>({
        url: `${url}/api/workspaces/${workspaceId}/conversations`,
        headers,
        body: { modelId: modelIds[model] },
      })
      return id
    },
    async newAgent(model) {
      const body = { name: 'Answering', modelId: modelIds[model] }
      return (await json<{ id: string }>({ url: `${url}/api/workspaces/${workspaceId}/agents`, headers, body })).id
    },
    startTurn: (conversationId, text) => ({
      url: `${url}/api/conversations/${conversationId}/turns`,
      headers: { ...headers, accept: 'text/event-stream' },
      body: { text },
    }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

/** Models are listed in the background after the start; a limited budget needs a price. */
async function priceModels(url: string, headers: Record<string, string>, workspaceId: string): Promise<Stage['modelIds']> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const list = await json<{ models: { id: string; internalName: string }[] }>({
      url: `${url}/api/workspaces/${workspaceId}/models`,
      method: 'GET',
      headers,
    })
    const found = models.map((name) => [name, list.models.find((model) => model.internalName === name)?.id] as const)
    if (found.every(([, id]) => id)) {
      const price = { inputPer1k: '1000000', outputPer1k: '2000000', reasoningPer1k: null, cacheReadPer1k: null, cacheWritePer1k: null }
      for (const [, id] of found) await json({ url: `${url}/api/models/${id}`, method: 'PATCH', headers, body: { price } })
      return Object.fromEntries(found) as Stage['modelIds']
    }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('the models of the provider server were not listed')
}

/** Resident memory of a process in MB. */
export async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
}

/** Processor time that a process has used, in milliseconds; proc(5), fields 14 and 15 of `stat`, in ticks of 10 ms. */
export function processorTimeMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return (Number(fields[11]) + Number(fields[12])) * 10
}
