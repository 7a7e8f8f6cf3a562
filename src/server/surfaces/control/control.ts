import type { Config } from '../../config.ts'
import { type ControlServer, controlSocketOf, openControlServer } from '../../platform/control/index.ts'
import type { Logger } from '../../platform/telemetry/index.ts'
import { type CommandDeps, runCommand } from './commands.ts'
import { inWords } from './in-words.ts'

export { type CommandDeps, type CommandResult, runCommand } from './commands.ts'

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
