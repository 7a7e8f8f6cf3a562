import type { ParseArgsOptionsConfig } from 'node:util'
import { createKey, listKeys, revokeKey } from './key-commands.ts'
import { backupTo, migrateDatabase, restoreFrom } from './data-commands.ts'
import { doctor } from './doctor.ts'
import { createUser, listUsers, setPassword, setStatus } from './user-commands.ts'
import { printVersion } from './version.ts'

/** The words after a command's name. */
export interface Given {
  values: Record<string, unknown>
  operands: string[]
}

export interface Command {
  summary: string
  operands?: string[]
  options?: ParseArgsOptionsConfig
  /** How the options are written. */
  usage?: string
  run(given: Given): Promise<void>
}

const text = { type: 'string' } as const
const user = { user: text }

export const commandLine: ReadonlyMap<string, Command> = new Map(
  Object.entries<Command>({
    start: { summary: 'Runs the server, like npm start without its set-up.', run: async () => void (await import('../server/main.ts')) },
    migrate: { summary: 'Brings the database to this version, as a start does.', run: migrateDatabase },
    backup: { operands: ['file'], summary: 'Writes everything in the database to a new file, also while the server runs.', run: backupTo },
    restore: { operands: ['file'], summary: 'Puts a backup into an empty database.', run: restoreFrom },
    doctor: { summary: 'Looks for what keeps the server from running.', run: doctor },
    'user list': { summary: 'Who has an account.', run: listUsers },
    'user create': {
      operands: ['email'],
      options: { name: text, role: text },
      usage: '[--name <name>] [--role Admin|"Super User"|User]',
      summary: 'Makes an account. The password is asked for, or read from standard input.',
      run: createUser,
    },
    'user disable': { operands: ['email'], summary: 'Ends all sessions and keeps the person out.', run: setStatus('disabled') },
    'user enable': { operands: ['email'], summary: 'Lets them in again.', run: setStatus('active') },
    'user set-password': {
      operands: ['email'],
      summary: 'Sets a new password and ends all sessions. It is asked for, or read from standard input.',
      run: setPassword,
    },
    'key create': {
      options: { ...user, name: text, scopes: text, 'expires-days': text },
      usage: '--user <email> [--name <name>] [--scopes <scope,…>] [--expires-days <days>]',
      summary: 'Makes an API key and prints it, and nothing else.',
      run: createKey,
    },
    'key list': {
      options: user,
      usage: '--user <email>',
      summary: 'The API keys of a person, without the keys themselves.',
      run: listKeys,
    },
    'key revoke': { operands: ['id'], summary: 'Takes a key away, at once.', run: revokeKey },
    version: { summary: 'The version of Parley.', run: printVersion },
  }),
)
