import { ConfigError, environment, readConfig, type Config } from './config.ts'
import { openDeps } from './deps.ts'
import { DatabaseRefusal } from './platform/db/index.ts'
import { AppError } from './platform/errors/index.ts'
import { listen, ListenError } from './platform/http/index.ts'
import { createLogger, type Logger } from './platform/telemetry/index.ts'
import { VaultError } from './platform/vault/index.ts'

/** What sysexits.h calls a configuration error; a supervisor need not try again. */
const exitConfig = 78
const exitFailure = 1
/** Requests that are no turns end within this; turns were handed over before. */
const requestGraceMs = 2000

async function run(config: Config, log: Logger): Promise<void> {
  const signal = nextSignal()
  // The features are read while the database opens, which takes longer.
  const [deps, { createApp }, { openControl }] = await Promise.all([
    openDeps(config, log),
    import('./app.ts'),
    import('./surfaces/control/control.ts'),
  ])
  const app = await createApp(deps)
  // Before the port: who waited for /health finds both.
  const control = await openControl({ ...deps, auth: app.auth, version: app.version })
  const server = await listen(app.http, { host: config.http.host, port: config.http.port, onUpgrade: app.onUpgrade })

  const url = config.http.publicUrl ?? `http://localhost:${server.address.port}`
  const token = await app.makeEntryToken()
  log.info({ version: app.version, url }, 'listening')
  if (process.stdout.isTTY || token)
    console.log(`\n  Parley ${app.version}: ${url}${token ? `\n  Your one-time way in: ${url}/enter#${token}` : ''}\n`)
  await app.start()

  log.info({ signal: await signal }, 'stopping')
  await control?.close()
  await app.drain()
  await server.close(requestGraceMs)
  await app.close()
  await deps.close()
  log.info('stopped')
}

function nextSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let isSecond = false
    for (const name of ['SIGTERM', 'SIGINT'] as const) {
      process.on(name, () => {
        if (isSecond) process.exit(exitFailure)
        isSecond = true
        resolve(name)
      })
    }
  })
}

/** What whoever starts the server can act on is said in words; anything else is a bug and shows its stack. */
function refuse(error: unknown): never {
  if ([ConfigError, VaultError, DatabaseRefusal, ListenError].some((kind) => error instanceof kind)) {
    console.error((error as Error).message)
    process.exit(exitConfig)
  }
  if (error instanceof AppError) console.error([error.message, error.detail].filter(Boolean).join(' '))
  else console.error(error)
  process.exit(exitFailure)
}

try {
  const config = readConfig(environment())
  await run(config, createLogger(config.log))
  process.exit(0)
} catch (error) {
  refuse(error)
}
