import { access, constants, mkdir, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError, environment, readConfig, type Config } from '../server/config.ts'
import { callControl, controlSocketOf } from '../server/platform/control/index.ts'
import { packageRoot } from '../server/platform/db/package-root.ts'
import { createLogger } from '../server/platform/telemetry/index.ts'
import { Failure, refusalOf } from './failure.ts'
import { readVersion } from './version.ts'

const littleDiskBytes = 500e6

/** Goes through what a start needs, in its order; tells all that is wrong and not the first thing. */
export async function doctor(): Promise<void> {
  let wrong = 0
  const check = async (what: string, look: () => Promise<string>) => {
    try {
      process.stdout.write(`ok   ${what}: ${await look()}\n`)
      return true
    } catch (error) {
      wrong++
      process.stdout.write(`BAD  ${what}: ${refusalOf(error).message.replaceAll('\n', '\n     ')}\n`)
      return false
    }
  }

  await check('Parley', async () => `${await readVersion()} on Node ${process.versions.node}, ${process.platform} ${process.arch}`)
  await check('Build', async () => {
    await access(join(packageRoot(), 'dist', 'web', 'index.html')).catch(() => {
      throw new Failure('The web app is not built. "npm start" builds it.')
    })
    return 'the web app is there'
  })
  let config: Config | undefined
  await check('Settings', async () => {
    config = readSettingsOrAll()
    return config.db.kind === 'embedded' ? 'the embedded database' : 'PostgreSQL'
  })
  if (!config) throw new Failure('The rest depends on the settings.')
  const { dataDir, db } = config
  const isUsable = await check('Data directory', () => lookAtFolder(dataDir))
  const status = isUsable ? await callControl(controlSocketOf(dataDir), 'status', null).catch(() => undefined) : undefined
  if (status) await check('Server', async () => describeServer(status))
  else process.stdout.write('     Server: none runs here\n')
  // A running server has its embedded database for itself, and told about it above.
  if (isUsable && (!status || db.kind === 'postgres')) await check('Database and vault', () => lookAtDatabase(config!))
  if (wrong > 0) throw new Failure(wrong === 1 ? 'One thing is wrong.' : `${wrong} things are wrong.`)
}

function readSettingsOrAll(): Config {
  try {
    return readConfig(environment())
  } catch (error) {
    throw error instanceof ConfigError ? new Failure(error.problems.join('\n')) : error
  }
}

async function lookAtFolder(dir: string): Promise<string> {
  await mkdir(dir, { recursive: true, mode: 0o700 }).catch(() => {})
  const found = await stat(dir).catch(() => undefined)
  if (!found?.isDirectory()) throw new Failure(`${dir} is not there and cannot be made.`)
  await access(dir, constants.R_OK | constants.W_OK | constants.X_OK).catch(() => {
    throw new Failure(`${dir} cannot be written by this user.`)
  })
  const { bavail, bsize } = await statfs(dir)
  const free = bavail * bsize
  if (free < littleDiskBytes) throw new Failure(`${dir} has only ${Math.round(free / 1e6)} MB left.`)
  return `${dir}, ${(free / 1e9).toFixed(1)} GB free`
}

async function describeServer(answer: { result: unknown } | { refusal: string }): Promise<string> {
  if ('refusal' in answer) throw new Failure(answer.refusal)
  const { version, processId, uptimeSeconds, memoryBytes } = answer.result as {
    version: string
    processId: number
    uptimeSeconds: number
    memoryBytes: number
  }
  return `${version} runs as process ${processId} since ${uptimeSeconds} s with ${Math.round(memoryBytes / 1e6)} MB, and reaches its database`
}

async function lookAtDatabase(config: Config): Promise<string> {
  const [{ openDeps }, { hasUsers }] = await Promise.all([import('../server/deps.ts'), import('../server/features/people/index.ts')])
  const deps = await openDeps(config, createLogger({ level: 'silent', format: 'text' }, process.stderr))
  try {
    return `open and at this version; the keys fit; ${(await hasUsers(deps.db)) ? 'there are accounts' : 'there is no account yet'}`
  } finally {
    await deps.close()
  }
}
