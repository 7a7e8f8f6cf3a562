import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { Secret } from './platform/vault/secret.ts'
import { type SettingName, type Settings, settings } from './settings.ts'

export type Environment = Record<string, string | undefined>

/** A key of the vault; `key` opens to 32 bytes in base64. */
export interface VaultKey {
  id: string
  key: Secret
}

/** A connection to a provider that the environment sets up for everybody. Its address, if given, may be private. */
export interface ManagedConnection {
  provider: 'openai' | 'anthropic' | 'google' | 'xai' | 'openai-compatible' | 'ollama'
  name: string
  /** Null: the provider's own. */
  baseUrl: string | null
  apiKey: Secret | null
}

/** Everything the environment decides. Unions instead of flags: what does not apply is not there. */
export interface Config {
  http: {
    host: string
    /** 0: any free one. */
    port: number
    /** Undefined: `http://localhost:` and the port it really listens on. */
    publicUrl: string | undefined
    trustedProxies: number
    bodyLimitBytes: number
  }
  hooks: { eventsPerMinute: number }
  imports: { maxBytes: number }
  titles: 'model' | 'first-line'
  /** Absolute. */
  dataDir: string
  files: { maxBytes: number; perPersonBytes: number; perWorkspaceBytes: number }
  db:
    | { kind: 'embedded'; snapshots: { kind: 'off' } | { kind: 'on'; everyHours: number; keep: number } }
    | { kind: 'postgres'; url: Secret; directUrl: Secret; poolSize: number }
  /** `file`: made once in the data directory. Otherwise the first key seals and all of them open. */
  vault: { kind: 'file' } | { kind: 'keys'; keys: [VaultKey, ...VaultKey[]] }
  people: { signUp: Settings['SIGN_UP']; admin: { email: string; password: Secret } | undefined }
  providers: {
    connections: ManagedConnection[]
    ollama: { kind: 'off' } | { kind: 'search'; baseUrl: string } | { kind: 'set' }
    timeoutMs: number
  }
  egress: { allow: string[] }
  /** The folder of SQLite files that may be read; null where none may. */
  sqliteDir: string | null
  /** Of agent packages: where their index is, and whether their tools may run without walls where there are none. */
  packages: { gallery: string | null; allowsUnconfined: boolean }
  /** Where programs are found that are run for somebody; they are given nothing else of the environment. */
  programs: { path: string }
  log: { level: Settings['LOG_LEVEL']; format: Settings['LOG_FORMAT'] }
  turns: { eventFlushMs: number; leaseMs: number; drainMs: number }
}

/** The settings are not usable. `problems` holds all of them, in words and without secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: string[]

  constructor(problems: string[]) {
    const heading = problems.length === 1 ? 'A setting is not right:' : `${problems.length} settings are not right:`
    super(
      `${heading}\n${problems.map((problem) => `  ${problem}`).join('\n')}\nEvery setting is described in README.md and in .env.example.`,
    )
    this.problems = problems
  }
}

/** The environment of this process over what a `.env` file in the working directory says. */
export function environment(): Environment {
  const file = resolve('.env')
  return existsSync(file) ? { ...parseEnv(readFileSync(file, 'utf8')), ...process.env } : process.env
}

/** Where the person stands who runs a command: npm runs scripts in the package's own folder. */
export function folderOfCaller(): string {
  return process.env.INIT_CWD ?? process.cwd()
}

export function readConfig(env: Environment): Config {
  const { values, problems } = readSettings(env)
  problems.push(...contradictions(values, new Set(problems.map((problem) => problem.split(':', 1)[0]))))
  if (problems.length > 0) throw new ConfigError(problems)

  const s = values as Settings
  const [currentKey, ...olderKeys] = (s.VAULT_KEYS ?? []).map(({ id, key }) => ({ id, key: new Secret(key) }))
  return {
    http: { host: s.HOST, port: s.PORT, publicUrl: s.PUBLIC_URL, trustedProxies: s.TRUST_PROXY, bodyLimitBytes: s.BODY_LIMIT },
    hooks: { eventsPerMinute: s.HOOK_EVENTS_PER_MINUTE },
    imports: { maxBytes: s.IMPORT_LIMIT },
    titles: s.TITLES,
    dataDir: resolve(s.DATA_DIR),
    files: { maxBytes: s.FILE_LIMIT, perPersonBytes: s.FILES_PER_PERSON, perWorkspaceBytes: s.FILES_PER_WORKSPACE },
    db:
      s.DATABASE_URL === undefined
        ? {
            kind: 'embedded',
            snapshots: s.SNAPSHOT_HOURS === 0 ? { kind: 'off' } : { kind: 'on', everyHours: s.SNAPSHOT_HOURS, keep: s.SNAPSHOT_KEEP },
          }
        : {
            kind: 'postgres',
            url: new Secret(s.DATABASE_URL),
            directUrl: new Secret(s.DIRECT_URL ?? s.DATABASE_URL),
            poolSize: s.DATABASE_POOL_SIZE,
          },
    vault: currentKey ? { kind: 'keys', keys: [currentKey, ...olderKeys] } : { kind: 'file' },
    people: {
      signUp: s.SIGN_UP,
      admin: s.ADMIN_EMAIL && s.ADMIN_PASSWORD ? { email: s.ADMIN_EMAIL.toLowerCase(), password: new Secret(s.ADMIN_PASSWORD) } : undefined,
    },
    providers: {
      connections: connections(s),
      ollama:
        s.OLLAMA_BASE_URL === 'off'
          ? { kind: 'off' }
          : s.OLLAMA_BASE_URL === undefined
            ? { kind: 'search', baseUrl: 'http://127.0.0.1:11434' }
            : { kind: 'set' },
      timeoutMs: s.PROVIDER_TIMEOUT_SECONDS * 1000,
    },
    egress: { allow: s.EGRESS_ALLOW ?? [] },
    sqliteDir: s.SQLITE_DIR ?? null,
    packages: { gallery: s.PACKAGE_GALLERY ?? null, allowsUnconfined: s.PACKAGE_TOOLS === 'unconfined' },
    programs: { path: env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin' },
    log: { level: s.LOG_LEVEL, format: s.LOG_FORMAT },
    turns: { eventFlushMs: s.EVENT_FLUSH_MS, leaseMs: s.LEASE_SECONDS * 1000, drainMs: s.SHUTDOWN_DRAIN_SECONDS * 1000 },
  }
}

function readSettings(env: Environment): { values: Partial<Settings>; problems: string[] } {
  const values: Record<string, unknown> = {}
  const problems: string[] = []
  for (const [name, setting] of Object.entries(settings)) {
    const given = env[name]?.trim()
    const text = given === undefined || given === '' ? setting.default : given
    if (text === null) continue
    const parsed = setting.schema.safeParse(text)
    if (parsed.success) values[name] = parsed.data
    else {
      const shown = setting.isSecret ? '' : ` It is "${text.slice(0, 100)}".`
      problems.push(`${name}: ${parsed.error.issues.map(({ message }) => message).join('; ')}.${shown}`)
    }
  }
  return { values: values as Partial<Settings>, problems }
}

/** Settings that are right alone and wrong together. One that was wrong already is not blamed twice. */
function contradictions(s: Partial<Settings>, wrong: ReadonlySet<string | undefined>): string[] {
  const missing = (name: SettingName) => s[name] === undefined && !wrong.has(name)
  const found: string[] = []
  if (s.DATABASE_URL !== undefined && missing('VAULT_KEYS')) {
    found.push(
      'VAULT_KEYS: is required with DATABASE_URL, so that every process seals with the same keys. Make one: echo "k1:$(openssl rand -base64 32)".',
    )
  }
  if (s.DIRECT_URL !== undefined && missing('DATABASE_URL')) found.push('DIRECT_URL: is set, but DATABASE_URL is not.')
  if (s.ADMIN_EMAIL !== undefined && missing('ADMIN_PASSWORD')) found.push('ADMIN_PASSWORD: is missing; ADMIN_EMAIL needs it.')
  if (s.ADMIN_PASSWORD !== undefined && missing('ADMIN_EMAIL')) found.push('ADMIN_EMAIL: is missing; ADMIN_PASSWORD needs it.')
  for (const provider of ['OPENAI', 'ANTHROPIC', 'GOOGLE', 'XAI'] as const) {
    const hasKey = !missing(`${provider}_API_KEY`) || (provider === 'GOOGLE' && !missing('GEMINI_API_KEY'))
    if (s[`${provider}_BASE_URL`] !== undefined && !hasKey) found.push(`${provider}_API_KEY: is missing; ${provider}_BASE_URL needs it.`)
  }
  if (s.OPENAI_COMPATIBLE_API_KEY !== undefined && missing('OPENAI_COMPATIBLE_BASE_URL')) {
    found.push('OPENAI_COMPATIBLE_BASE_URL: is missing; OPENAI_COMPATIBLE_API_KEY needs it.')
  }
  return found
}

function connections(s: Settings): ManagedConnection[] {
  const found: ManagedConnection[] = []
  const add = (provider: ManagedConnection['provider'], name: string, apiKey: string | undefined, baseUrl: string | undefined) => {
    found.push({ provider, name, baseUrl: baseUrl ?? null, apiKey: apiKey === undefined ? null : new Secret(apiKey) })
  }
  const googleKey = s.GOOGLE_API_KEY ?? s.GEMINI_API_KEY
  if (s.OPENAI_API_KEY) add('openai', 'OpenAI', s.OPENAI_API_KEY, s.OPENAI_BASE_URL)
  if (s.ANTHROPIC_API_KEY) add('anthropic', 'Anthropic', s.ANTHROPIC_API_KEY, s.ANTHROPIC_BASE_URL)
  if (googleKey) add('google', 'Google Gemini', googleKey, s.GOOGLE_BASE_URL)
  if (s.XAI_API_KEY) add('xai', 'xAI', s.XAI_API_KEY, s.XAI_BASE_URL)
  if (s.OPENAI_COMPATIBLE_BASE_URL)
    add('openai-compatible', s.OPENAI_COMPATIBLE_NAME, s.OPENAI_COMPATIBLE_API_KEY, s.OPENAI_COMPATIBLE_BASE_URL)
  if (s.OLLAMA_BASE_URL && s.OLLAMA_BASE_URL !== 'off') add('ollama', 'Ollama', undefined, s.OLLAMA_BASE_URL)
  return found
}
