import { z } from 'zod'
import { ApiKeyScope, RoleName } from '../../../contract/people.ts'
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

export type CommandDeps = OperatorDeps & Pick<Deps, 'database'> & { version: string }

interface Command<Input, Result> {
  input: z.ZodType<Input>
  run(deps: CommandDeps, input: Input, signal: AbortSignal): Promise<Result>
}

function command<Input, Result>(input: z.ZodType<Input>, run: Command<Input, Result>['run']): Command<Input, Result> {
  return { input, run }
}

const email = z.string().trim().toLowerCase().pipe(z.email('is not an e-mail address'))
const ofUser = z.strictObject({ email })
const password = z.string().min(10, 'must have at least 10 characters').max(256)

/** What the command line asks of a server, or does itself where none runs. Files are named by their absolute path. */
export const commands = {
  status: command(z.null(), async ({ database, version }) => {
    await database.ping()
    return {
      version,
      database: database.kind,
      processId: process.pid,
      uptimeSeconds: Math.round(process.uptime()),
      memoryBytes: process.memoryUsage.rss(),
    }
  }),
  backup: command(z.strictObject({ file: z.string().startsWith('/') }), ({ database }, { file }, signal) =>
    backup(database, file, { signal }),
  ),
  'user list': command(z.null(), async (deps) => (await listUsersForOperator(deps)).map(presentUser)),
  'user create': command(
    z.strictObject({ email, name: z.string().trim().min(1).max(100), role: RoleName, password }),
    createUserForOperator,
  ),
  'user disable': command(ofUser, (deps, input) => setUserStatusForOperator(deps, { ...input, status: 'disabled' }).then(presentUser)),
  'user enable': command(ofUser, (deps, input) => setUserStatusForOperator(deps, { ...input, status: 'active' }).then(presentUser)),
  'user set-password': command(z.strictObject({ email, password }), async (deps, input) => {
    await setPasswordForOperator(deps, input)
    return null
  }),
  'key create': command(
    z.strictObject({
      email,
      name: z.string().trim().min(1).max(100),
      scopes: z.array(ApiKeyScope).min(1),
      expiresInDays: z.int().min(1).max(3650).nullable(),
    }),
    createApiKeyForOperator,
  ),
  'key list': command(ofUser, async (deps, input) => (await listApiKeysForOperator(deps, input)).map(presentKey)),
  'key revoke': command(z.strictObject({ id: z.uuid('is not the id of a key: "key list" shows them') }), async (deps, input) => {
    await revokeApiKeyForOperator(deps, input)
    return null
  }),
}
export type Commands = typeof commands
export type CommandName = keyof Commands
export type CommandInput<Name extends CommandName> = z.input<Commands[Name]['input']>
export type CommandResult<Name extends CommandName> = Awaited<ReturnType<Commands[Name]['run']>>

/** Error: `request.invalid`, beside those of the operations. */
export async function runCommand(deps: CommandDeps, name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
  const found = Object.hasOwn(commands, name) ? (commands[name as CommandName] as Command<unknown, unknown>) : undefined
  if (!found) throw new AppError('request.not_found', { detail: `This version has no command "${name}".` })
  const parsed = found.input.safeParse(input)
  if (!parsed.success) {
    const detail = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`).join(' ')
    throw new AppError('request.invalid', { detail })
  }
  return found.run(deps, parsed.data, signal)
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
