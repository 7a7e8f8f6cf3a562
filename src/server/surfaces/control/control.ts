import type { Config } from '../../config.ts'
import { type ControlServer, controlSocketOf, openControlServer } from '../../platform/control/index.ts'
import { DatabaseRefusal } from '../../platform/db/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import { type CommandDeps, runCommand } from './commands.ts'

export { type CommandInput, type CommandName, type CommandResult, commands, runCommand, type CommandDeps } from './commands.ts'

/** The command line tool's way into a running server, which alone may open an embedded database. A server without it runs on. */
export async function openControl(deps: CommandDeps & { config: Config; log: Logger }): Promise<ControlServer | undefined> {
  const { config, log } = deps
  try {
    return await openControlServer(controlSocketOf(config.dataDir), async ({ command, input }, signal) => {
      try {
        const result = await runCommand(deps, command, input, signal)
        log.info({ command }, 'did what the command line asked')
        return { result }
      } catch (error) {
        const refusal = inWords(error)
        if (refusal === undefined) log.error({ err: error, command }, 'bug')
        return { refusal: refusal ?? 'Something went wrong. The log of the server says what.' }
      }
    })
  } catch (error) {
    log.warn({ err: error }, 'the command line tool cannot reach this server')
    return undefined
  }
}

/** What a person at the command line can act on; undefined for a bug. */
export function inWords(error: unknown): string | undefined {
  if (error instanceof DatabaseRefusal) return error.message
  if (error instanceof AppError) return [error.message, error.detail].filter(Boolean).join(' ')
  return undefined
}
