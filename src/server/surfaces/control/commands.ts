import type { z } from 'zod'
import type { Deps } from '../../deps.ts'
import {
  type ApiKeyRow,
  createApiKeyForOperator,
  createUserForOperator,
  listApiKeysForOperator,
  listUsersForOperator,
  type OperatorDeps,
  revokeApiKeyForOperator,
  setPasswordForOperator,
  setUserStatusForOperator,
  type UserRow,
} from '../../features/people/index.ts'
import { backup } from '../../platform/db/dump.ts'
import { AppError } from '../../platform/errors/index.ts'
import { commandInputs, type CommandName, problemsOf } from './command-inputs.ts'

export type CommandDeps = OperatorDeps & Pick<Deps, 'database'> & { version: string }

type Run<Name extends CommandName> = (
  deps: CommandDeps,
  input: z.output<(typeof commandInputs)[Name]>,
  signal: AbortSignal,
) => Promise<unknown>

/** What the command line asks of a server, or does itself where none runs. */
const commands = {
  async status({ database, version }: CommandDeps) {
    await database.ping()
    const { kind } = database
    return {
      version,
      database: kind,
      processId: process.pid,
      uptimeSeconds: Math.round(process.uptime()),
      memoryBytes: process.memoryUsage.rss(),
    }
  },
  backup: ({ database }, { file }, signal) => backup(database, file, { signal }),
  'user list': async (deps) => (await listUsersForOperator(deps)).map(presentUser),
  'user create': createUserForOperator,
  'user disable': async (deps, input) => presentUser(await setUserStatusForOperator(deps, { ...input, status: 'disabled' })),
  'user enable': async (deps, input) => presentUser(await setUserStatusForOperator(deps, { ...input, status: 'active' })),
  async 'user set-password'(deps, input) {
    await setPasswordForOperator(deps, input)
    return null
  },
  'key create': createApiKeyForOperator,
  'key list': async (deps, input) => (await listApiKeysForOperator(deps, input)).map(presentKey),
  async 'key revoke'(deps, input) {
    await revokeApiKeyForOperator(deps, input)
    return null
  },
} satisfies { [Name in CommandName]: Run<Name> }
export type CommandResult<Name extends CommandName> = Awaited<ReturnType<(typeof commands)[Name]>>

/** Error: `request.invalid`, beside those of the operations. */
export async function runCommand(deps: CommandDeps, name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
  if (!isCommand(name)) throw new AppError('request.not_found', { detail: `This version has no command "${name}".` })
  const detail = problemsOf(name, input)
  if (detail !== undefined) throw new AppError('request.invalid', { detail })
  const run = commands[name] as (deps: CommandDeps, input: unknown, signal: AbortSignal) => Promise<unknown>
  return run(deps, commandInputs[name].parse(input), signal)
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(commandInputs, name)
}

function presentUser(user: UserRow) {
  return { id: user.id, email: user.email, name: user.name, role: user.role, status: user.status, createdAt: user.created_at.toISOString() }
}

function presentKey(key: ApiKeyRow) {
  return {
    id: key.id,
    name: key.name,
    prefix: key.prefix,
    scopes: key.scopes,
    createdAt: key.created_at.toISOString(),
    lastUsedAt: key.last_used_at?.toISOString() ?? null,
    expiresAt: key.expires_at?.toISOString() ?? null,
  }
}
