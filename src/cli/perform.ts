import { setTimeout as sleep } from 'node:timers/promises'
import { type Config, environment, readConfig } from '../server/config.ts'
import { callControl, controlSocketOf } from '../server/platform/control/index.ts'
import { DatabaseRefusal } from '../server/platform/db/refusal.ts'
import { createLogger, type Logger } from '../server/platform/telemetry/index.ts'
import { type CommandInput, type CommandName, problemsOf } from '../server/surfaces/control/command-inputs.ts'
import type { CommandResult } from '../server/surfaces/control/control.ts'
import { Failure } from './failure.ts'
import { readVersion } from './version.ts'

/** A server that is starting has its database before it has its socket. */
const patienceMs = 15_000

export function readSettings(): { config: Config; log: Logger } {
  const config = readConfig(environment())
  // Standard output is for results.
  return { config, log: createLogger({ level: 'warn', format: 'text' }, process.stderr) }
}

/** Has the running server do it, or does it here where none runs. */
export async function perform<Name extends CommandName>(name: Name, input: CommandInput<Name>): Promise<CommandResult<Name>> {
  const problems = problemsOf(name, input)
  if (problems !== undefined) throw new Failure(problems, 64)
  const { config, log } = readSettings()
  const giveUpAt = performance.now() + patienceMs
  for (;;) {
    const answer = await callControl(controlSocketOf(config.dataDir), name, input)
    if (answer) {
      if ('refusal' in answer) throw new Failure(answer.refusal)
      return answer.result as CommandResult<Name>
    }
    try {
      return (await performHere(config, log, name, input)) as CommandResult<Name>
    } catch (error) {
      const isStarting = error instanceof DatabaseRefusal && error.reason === 'locked' && performance.now() < giveUpAt
      if (!isStarting) throw error
      await sleep(250)
    }
  }
}

async function performHere(config: Config, log: Logger, name: CommandName, input: unknown): Promise<unknown> {
  const [{ openDeps }, { authLibrary, ensureAdmin }, { runCommand }] = await Promise.all([
    import('../server/deps.ts'),
    import('../server/features/people/index.ts'),
    import('../server/surfaces/control/control.ts'),
  ])
  const deps = await openDeps(config, log)
  try {
    const { publicUrl } = config.http
    const auth = authLibrary({ db: deps.db, log, secret: deps.cookieSecret, cookie: deps.cookie, publicUrl })
    // So that a key of ADMIN_EMAIL can be made before the first start.
    await ensureAdmin({ ...deps, auth })
    return await runCommand({ ...deps, auth, version: await readVersion() }, name, input, new AbortController().signal)
  } finally {
    await deps.close()
  }
}

/** Whether a server answers for this data directory. */
export async function isServerRunning(config: Config): Promise<boolean> {
  return (await callControl(controlSocketOf(config.dataDir), 'ping', null)) !== undefined
}
