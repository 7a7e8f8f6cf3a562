import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startHttpMcpServer, stdioServer } from '../test/support/mcp-server/index.ts'
import { freePort, signIn, startProcess, startProviderProcess } from '../test/support/server-process.ts'
import { json, percentile, timeToFirst } from './client.ts'

/*
 * node bench/tool-servers.ts [--servers 200] [--starts 10] [--turns 150] [--only starts|turns] [--entry dist/server/main.js]
 *
 * Two budgets on the embedded database: servers of tools that are connected do not delay the start, and one that is dead or hangs costs other turns nothing. Both sides of each are measured in turns, since the
 * machine is never the same twice.
 */
const { values } = parseArgs({
  options: {
    servers: { type: 'string', default: '200' },
    starts: { type: 'string', default: '10' },
    turns: { type: 'string', default: '150' },
    only: { type: 'string' },
    entry: { type: 'string', default: 'dist/server/main.js' },
  },
})
const account = { email: 'bench@example.com', password: 'bench-password-1' }

interface House {
  dir: string
  start(): ReturnType<typeof startProcess>
}

async function house(providerUrl: string): Promise<House> {
  const dir = await mkdtemp(join(tmpdir(), 'parley-bench-'))
  const env = {
    DATA_DIR: dir,
    HOST: '127.0.0.1',
    ADMIN_EMAIL: account.email,
    ADMIN_PASSWORD: account.password,
    OPENAI_API_KEY: 'sk-bench-0000',
    OPENAI_BASE_URL: `${providerUrl}/openai/v1`,
    OLLAMA_BASE_URL: 'off',
    EGRESS_ALLOW: '127.0.0.1',
    LOG_LEVEL: 'error',
    SHUTDOWN_DRAIN_SECONDS: '1',
  }
  return {
    dir,
    async start() {
      const port = await freePort()
      return startProcess([values.entry], { ...env, PORT: String(port) }, `http://127.0.0.1:${port}`, '/health')
    },
  }
}

async function enter(url: string) {
  const headers = await signIn(url, account.email, account.password)
  const { workspaces } = await json<{ workspaces: { id: string }[] }>({ url: `${url}/api/me`, method: 'GET', headers })
  const workspaceId = workspaces[0]!.id
  for (;;) {
    const { models } = await json<{ models: { id: string; internalName: string }[] }>({
      url: `${url}/api/workspaces/${workspaceId}/models`,
      method: 'GET',
      headers,
    })
    const model = models.find(({ internalName }) => internalName === 'test-10x0')
    if (model) return { url, headers, workspaceId, modelId: model.id }
    await pause(100)
  }
}
type Entered = Awaited<ReturnType<typeof enter>>

/** As a person adds it: tested once, its tools known and allowed. */
async function addServer({ url, headers, workspaceId }: Entered, server: object): Promise<string> {
  const { id } = await json<{ id: string }>({ url: `${url}/api/workspaces/${workspaceId}/mcp-servers`, headers, body: server })
  const tested = await json<{ status: string; statusReason: string }>({ url: `${url}/api/mcp-servers/${id}/test`, headers, body: {} })
  if (tested.status !== 'connected') throw new Error(`${JSON.stringify(server)}: ${tested.statusReason}`)
  const tools = await json<{ id: string }[]>({ url: `${url}/api/mcp-servers/${id}/tools`, method: 'GET', headers })
  await json({
    url: `${url}/api/mcp-servers/${id}/tools`,
    method: 'PATCH',
    headers,
    body: { toolIds: tools.map((tool) => tool.id), permission: 'allow' },
  })
  return id
}

async function turn({ url, headers, workspaceId, modelId }: Entered, text = 'hello'): Promise<number> {
  const { id } = await json<{ id: string }>({ url: `${url}/api/workspaces/${workspaceId}/conversations`, headers, body: { modelId } })
  const call = { url: `${url}/api/conversations/${id}/turns`, headers: { ...headers, accept: 'text/event-stream' }, body: { text } }
  return (await timeToFirst(call, 'event: text-delta')).firstMs
}

const line = (name: string, times: readonly number[]) =>
  console.log(
    `${name.padEnd(44)} p50 ${percentile(times, 0.5).toFixed(1)} ms   p90 ${percentile(times, 0.9).toFixed(1)} ms   (${times.length})`,
  )

async function measureStarts(providerUrl: string): Promise<void> {
  const count = Number(values.servers)
  await using http = await startHttpMcpServer()
  const houses = { none: await house(providerUrl), many: await house(providerUrl) }
  try {
    {
      await using first = await houses.many.start()
      const entered = await enter(first.url)
      for (let index = 0; index < count; index++) await addServer(entered, { name: `server ${index}`, transport: 'http', url: http.url })
      await first.kill('SIGTERM')
      await using other = await houses.none.start()
      await enter(other.url)
      await other.kill('SIGTERM')
    }
    const times = { none: [] as number[], many: [] as number[] }
    for (let round = 0; round < Number(values.starts); round++) {
      for (const which of ['none', 'many'] as const) {
        const startedAt = performance.now()
        await using server = await houses[which].start()
        times[which].push(performance.now() - startedAt)
        await server.kill('SIGTERM')
      }
    }
    line('start with no tool server', times.none)
    line(`start with ${count} of them`, times.many)
  } finally {
    for (const { dir } of Object.values(houses)) await rm(dir, { recursive: true, force: true })
  }
}

/** Takes connections and says nothing. */
async function startHanging(): Promise<Server> {
  const server = createServer(() => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return server
}

async function measureTurns(providerUrl: string): Promise<void> {
  const houses = { without: await house(providerUrl), with: await house(providerUrl) }
  const hanging = await startHanging()
  try {
    await using plain = await houses.without.start()
    await using troubled = await houses.with.start()
    const entered = { without: await enter(plain.url), with: await enter(troubled.url) }
    // The same number of tools on both sides, since a model is told of each.
    const healthy = await startHttpMcpServer()
    await addServer(entered.without, { name: 'over http', transport: 'http', url: healthy.url })
    await addServer(entered.without, { name: 'a program', transport: 'stdio', ...stdioServer() })
    const id = await addServer(entered.with, { name: 'over http', transport: 'http', url: healthy.url })
    const programId = await addServer(entered.with, { name: 'a program', transport: 'stdio', ...stdioServer() })
    const { headers } = entered.with
    // From now on one takes connections and never answers, the other ends at once.
    const hangs = `http://127.0.0.1:${(hanging.address() as AddressInfo).port}/mcp`
    await json({ url: `${troubled.url}/api/mcp-servers/${id}`, method: 'PATCH', headers, body: { url: hangs } })
    await json({ url: `${troubled.url}/api/mcp-servers/${programId}`, method: 'PATCH', headers, body: stdioServer('silent') })
    const script = (name: string) => `call [[${JSON.stringify({ toolRounds: [[{ name, arguments: { a: 1, b: 1 } }]], text: 'done' })}]]`
    const times = { without: [] as number[], with: [] as number[] }
    let stuck: Promise<unknown>[] = []
    for (let round = -10; round < Number(values.turns); round++) {
      // Somebody is always waiting for each of the two.
      if ((round + 10) % 50 === 0) {
        stuck = ['over-http__add', 'a-program__add'].map((name) => turn(entered.with, script(name)).catch(() => undefined))
        await pause(300)
      }
      for (const which of round % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const)) {
        const ms = await turn(entered[which])
        if (round >= 0) times[which].push(ms)
      }
    }
    line('first word, all tool servers well', times.without)
    line('first word, one hangs and one is mute', times.with)
    await Promise.all([plain.kill('SIGKILL'), troubled.kill('SIGKILL')])
    await Promise.all(stuck)
    await healthy[Symbol.asyncDispose]()
  } finally {
    hanging.closeAllConnections()
    hanging.close()
    for (const { dir } of Object.values(houses)) await rm(dir, { recursive: true, force: true })
  }
}

const providerPort = await freePort()
await using _provider = await startProviderProcess(providerPort)
if (values.only !== 'turns') await measureStarts(`http://127.0.0.1:${providerPort}`)
if (values.only !== 'starts') await measureTurns(`http://127.0.0.1:${providerPort}`)
