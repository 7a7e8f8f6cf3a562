import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createServer } from 'vite'

// `npm run dev`: one address with everything behind it. The page reloads when the web app changes, the server restarts when the server changes,
// the database is the embedded one in data/dev, and a local server plays the providers. Ctrl-C ends all of it.

const root = join(import.meta.dirname, '..')
const port = Number(process.env.PORT ?? 3000)
const serverPort = port + 1
const providerPort = port + 2
const server = `http://127.0.0.1:${serverPort}`

const children: ChildProcess[] = []
let isEnding = false

function start(name: string, args: string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } })
  children.push(child)
  child.on('exit', (code) => {
    if (isEnding) return
    console.log(`The ${name} ended (${code}).`)
    void end(1)
  })
}

async function end(code: number) {
  if (isEnding) return
  isEnding = true
  const running = children.filter((child) => child.exitCode === null && child.signalCode === null)
  const gone = running.map((child) => new Promise((resolve) => child.once('exit', resolve)))
  for (const child of running) child.kill('SIGTERM')
  const late = setTimeout(() => running.forEach((child) => child.kill('SIGKILL')), 5000)
  await Promise.all([...gone, vite.close()])
  clearTimeout(late)
  process.exit(code)
}

// Ctrl-C reaches the whole process group at once; the children end by themselves then, and this only waits for them.
process.on('SIGINT', () => void end(0))
process.on('SIGTERM', () => void end(0))

const proxied = ['/api', '/v1', '/health', '/ready', '/metrics']
const vite = await createServer({
  root: join(root, 'src/web'),
  configFile: join(root, 'vite.config.ts'),
  clearScreen: false,
  server: {
    port,
    strictPort: true,
    // Public pages stand below `/@`, where this server also has addresses of its own.
    proxy: {
      '^/@(?!vite/|fs/|id/|react-refresh)': { target: server, ws: true },
      ...Object.fromEntries(proxied.map((path) => [path, server])),
      '/ws': { target: server, ws: true },
    },
  },
})
await vite.listen()

/** The local server plays every provider for which the developer has set no key. */
function playedProviders(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = {}
  const folders = {
    OPENAI: 'openai/v1',
    ANTHROPIC: 'anthropic/v1',
    GOOGLE: 'google/v1beta',
    XAI: 'xai/v1',
    OPENAI_COMPATIBLE: 'compatible/v1',
  }
  for (const [name, folder] of Object.entries(folders)) {
    if (process.env[`${name}_API_KEY`]) continue
    env[`${name}_API_KEY`] = 'local-key'
    env[`${name}_BASE_URL`] = `http://127.0.0.1:${providerPort}/${folder}`
  }
  return env
}

start('provider server', ['test/support/provider-server/main.ts', '--port', String(providerPort)], {})
start('server', ['--watch', '--watch-preserve-output', 'src/server/main.ts'], {
  PORT: String(serverPort),
  PUBLIC_URL: `http://localhost:${port}`,
  DATA_DIR: process.env.DATA_DIR ?? 'data/dev',
  SHUTDOWN_DRAIN_SECONDS: '1',
  LOG_FORMAT: 'text',
  ...playedProviders(),
})
console.log(`Parley for developers: http://localhost:${port}  (server ${serverPort}, provider ${providerPort}; Ctrl-C ends)`)
