import type { ParseArgsOptionsConfig } from 'node:util'

/*
 * Each command is read when it is called: most of them only ask a running server, and need nothing of it themselves.
 */

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
    migrate: {
      summary: 'Brings the database to this version, as a start does.',
      run: async () => (await import('./data-commands.ts')).migrateDatabase(),
    },
    backup: {
      operands: ['file'],
      summary: 'Writes everything in the database to a new file, also while the server runs.',
      run: async (given) => (await import('./data-commands.ts')).backupTo(given),
    },
    restore: {
      operands: ['file'],
      summary: 'Puts a backup into an empty database.',
      run: async (given) => (await import('./data-commands.ts')).restoreFrom(given),
    },
    doctor: { summary: 'Looks for what keeps the server from running.', run: async () => (await import('./doctor.ts')).doctor() },
    'user list': { summary: 'Who has an account.', run: async () => (await import('./user-commands.ts')).listUsers() },
    'user create': {
      operands: ['email'],
      options: { name: text, role: text },
      usage: '[--name <name>] [--role Admin|"Super User"|User]',
      summary: 'Makes an account. The password is asked for, or read from standard input.',
      run: async (given) => (await import('./user-commands.ts')).createUser(given),
    },
    'user disable': {
      operands: ['email'],
      summary: 'Ends all sessions and keeps the person out.',
      run: async (given) => (await import('./user-commands.ts')).disableUser(given),
    },
    'user enable': {
      operands: ['email'],
      summary: 'Lets them in again.',
      run: async (given) => (await import('./user-commands.ts')).enableUser(given),
    },
    'user set-password': {
      operands: ['email'],
      summary: 'Sets a new password and ends all sessions. It is asked for, or read from standard input.',
      run: async (given) => (await import('./user-commands.ts')).setPassword(given),
    },
    'key create': {
      options: { ...user, name: text, scopes: text, 'expires-days': text },
      usage: '--user <email> [--name <name>] [--scopes <scope,…>] [--expires-days <days>]',
      summary: 'Makes an API key and prints it, and nothing else.',
      run: async (given) => (await import('./key-commands.ts')).createKey(given),
    },
    'key list': {
      options: user,
      usage: '--user <email>',
      summary: 'The API keys of a person, without the keys themselves.',
      run: async (given) => (await import('./key-commands.ts')).listKeys(given),
    },
    'key revoke': {
      operands: ['id'],
      summary: 'Takes a key away, at once.',
      run: async (given) => (await import('./key-commands.ts')).revokeKey(given),
    },
    version: { summary: 'The version of Parley.', run: async () => (await import('./version.ts')).printVersion() },
  }),
)
