import ipaddr from 'ipaddr.js'
import { z } from 'zod'

/**
 * One setting: an environment variable. `default` is what it is when unset or empty, as one would write it; null means off or not set.
 * README's table and `.env.example` are written from this table, and a test compares them.
 */
export interface Setting<Value> {
  section: string
  default: string | null
  /** What it does, for whoever runs the server. */
  description: string
  /** The value is never shown, not even when it is wrong. */
  isSecret: boolean
  schema: z.ZodType<Value, string>
}

type Details = { isSecret?: boolean }

function inSection(section: string) {
  return {
    withDefault<Value>(text: string, description: string, schema: z.ZodType<Value, string>): Setting<Value> & { default: string } {
      return { section, default: text, description, isSecret: false, schema }
    },
    optional<Value>(
      description: string,
      schema: z.ZodType<Value, string>,
      { isSecret = false }: Details = {},
    ): Setting<Value> & { default: null } {
      return { section, default: null, description, isSecret, schema }
    },
  }
}

function wholeNumber(min: number, max: number) {
  const message = `must be a whole number from ${min} to ${max}`
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((value) => value >= min && value <= max, message)
}

function oneOf<const Values extends readonly [string, ...string[]]>(...values: Values) {
  return z.enum(values, `must be one of ${values.join(', ')}`)
}

const text = z.string().max(4096, 'is too long')
const unitBytes: Record<string, number> = { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }
const size = z
  .string()
  .regex(/^\d{1,9}\s?(kb|mb|gb)$/i, 'must be a number with kb, mb or gb, as in 4mb')
  .transform((value) => Number.parseInt(value, 10) * (unitBytes[value.slice(-2).toLowerCase()] ?? 1))
  .refine((bytes) => bytes > 0, 'must be more than zero')

function address(protocols: string[], message: string) {
  return z.string().refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol), message)
}
const httpUrl = address(['http:', 'https:'], 'must be an address that starts with http:// or https://')
  .refine((value) => !URL.canParse(value) || new URL(value).username === '', 'must not contain a user name or password')
  .transform((value) => value.replace(/\/+$/, ''))
const origin = httpUrl.refine(
  (value) => !URL.canParse(value) || new URL(value).origin === value.toLowerCase(),
  'must have no path, as in https://chat.example.org',
)
const postgresUrl = address(['postgres:', 'postgresql:'], 'must be an address of the form postgres://user:password@host:5432/database')

const networkList = z.string().transform((value) =>
  value
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== ''),
)
/** What has a slash, colons or only digits and dots is meant as an address or a network, and must be one. */
function isHostOrNetwork(entry: string): boolean {
  const bare = entry.replace(/^\[(.*)\]$/, '$1')
  if (entry.includes('/')) return bare.includes(':') ? ipaddr.IPv6.isValidCIDR(bare) : ipaddr.IPv4.isValidCIDRFourPartDecimal(bare)
  if (bare.includes(':')) return ipaddr.IPv6.isValid(bare)
  if (/^[\d.]+$/.test(bare)) return ipaddr.IPv4.isValidFourPartDecimal(bare)
  return /^(\*\.)?[a-z\d]([a-z\d.-]*[a-z\d])?$/i.test(entry)
}

const vaultKey = /^(?<id>[\w-]{1,32}):(?<key>[A-Za-z\d+/]{43}=)$/
const vaultKeys = z.string().transform((value, context) => {
  const keys = value.split(',').map((entry) => vaultKey.exec(entry.trim())?.groups)
  const problem = (message: string) => {
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
  if (!keys.every((entry) => entry !== undefined))
    return problem('must be `id:key`, with commas between several, each key 32 random bytes in base64')
  if (new Set(keys.map((entry) => entry.id)).size < keys.length) return problem('has the same id twice')
  return keys.map((entry) => ({ id: entry.id ?? '', key: entry.key ?? '' }))
})

const web = inSection('Web')
const data = inSection('Data')
const people = inSection('People')
const providers = inSection('Providers')
const operation = inSection('Operation')

const secret = { isSecret: true }

export const settings = {
  PORT: web.withDefault('3000', 'The port the server listens on.', wholeNumber(0, 65_535)),
  HOST: web.withDefault(
    '127.0.0.1',
    'The address it listens on. The default is reached from this machine only; `0.0.0.0` opens it to the network: put HTTPS in front.',
    z.string().regex(/^[\w.:-]{1,253}$/, 'must be an address or a host name'),
  ),
  PUBLIC_URL: web.optional('Where people open it, as in `https://chat.example.org`. Unset: `http://localhost:` and the port.', origin),
  TRUST_PROXY: web.withDefault(
    '0',
    'How many reverse proxies stand in front, whose `X-Forwarded-*` headers are believed.',
    wholeNumber(0, 10),
  ),
  BODY_LIMIT: web.withDefault(
    '4mb',
    'The largest body of ordinary requests. A message to a model may have 12 MB, a request to `/v1` 32 MB.',
    size,
  ),

  TITLES: web.withDefault(
    'model',
    'Who gives a conversation its title after the first exchange: `model`, the one that answered, by a short call that is charged like any other; or `first-line` of the first message.',
    oneOf('model', 'first-line'),
  ),
  HOOK_EVENTS_PER_MINUTE: web.withDefault(
    '6000',
    'How many events of one installation on a messaging platform each process takes in a minute; the platform sends the others again.',
    wholeNumber(1, 1_000_000),
  ),

  DATA_DIR: data.withDefault(
    './data',
    'The folder for everything Parley keeps on disk: the embedded database, keys, files, snapshots.',
    text,
  ),
  FILE_LIMIT: data.withDefault('20mb', 'The largest file that can be attached to a message.', size),
  FILES_PER_PERSON: data.withDefault('2gb', 'How much one person may keep in one workspace, in all files together.', size),
  FILES_PER_WORKSPACE: data.withDefault('20gb', 'How much all people of a workspace may keep together.', size),
  IMPORT_LIMIT: data.withDefault('2gb', 'The largest archive of conversations that can be imported.', size),
  SQLITE_DIR: data.optional(
    'A folder whose SQLite files models may read, where an administrator has added them to a workspace. Unset: none.',
    text,
  ),
  PACKAGE_GALLERY: data.optional(
    'The address of an index of agent packages (one JSON), shown where packages are installed. Unset: none.',
    httpUrl,
  ),
  PACKAGE_TOOLS: data.withDefault(
    'confined',
    'How tools of agent packages run: `confined`, in a sandbox of their own and not at all where there is none; `unconfined`, without one where there is none, with all that this server may do.',
    oneOf('confined', 'unconfined'),
  ),
  DATABASE_URL: data.optional(
    'PostgreSQL 15 or later with pgvector, as in `postgres://…`. Unset: the embedded database.',
    postgresUrl,
    secret,
  ),
  DIRECT_URL: data.optional(
    'The same database past a pooler, for migrations and notifications. Unset: `DATABASE_URL`.',
    postgresUrl,
    secret,
  ),
  DATABASE_POOL_SIZE: data.withDefault('10', 'Connections to PostgreSQL per process.', wholeNumber(2, 500)),
  VAULT_KEYS: data.optional(
    'The keys that seal secrets: `id:key`, the first seals, the others still open. Make one with `openssl rand -base64 32`. Required with `DATABASE_URL`; otherwise a key file is made in `DATA_DIR`.',
    vaultKeys,
    secret,
  ),
  SNAPSHOT_HOURS: data.withDefault('1', 'Hours between snapshots of the embedded database. 0: none.', wholeNumber(0, 168)),
  SNAPSHOT_KEEP: data.withDefault(
    '12',
    'How many of the newest snapshots are kept; of older ones, the last of each of seven days.',
    wholeNumber(1, 1000),
  ),

  ADMIN_EMAIL: people.optional(
    'Makes this administrator at the first start, instead of the one-time link.',
    z.email('must be an e-mail address').max(254),
  ),
  ADMIN_PASSWORD: people.optional(
    'The password of that administrator, at least 10 characters.',
    z.string().min(10, 'must have at least 10 characters').max(256, 'must have at most 256 characters'),
    secret,
  ),
  SIGN_UP: people.withDefault(
    'invitation',
    'Who may make an account: `open`, `invitation` or `closed`.',
    oneOf('open', 'invitation', 'closed'),
  ),

  OPENAI_API_KEY: providers.optional('A connection to OpenAI for everybody on this server.', text, secret),
  OPENAI_BASE_URL: providers.optional('Another address for it.', httpUrl),
  ANTHROPIC_API_KEY: providers.optional('The same for Anthropic.', text, secret),
  ANTHROPIC_BASE_URL: providers.optional('Another address for it.', httpUrl),
  GOOGLE_API_KEY: providers.optional('The same for Google Gemini.', text, secret),
  GEMINI_API_KEY: providers.optional('Another name for `GOOGLE_API_KEY`.', text, secret),
  GOOGLE_BASE_URL: providers.optional('Another address for it.', httpUrl),
  XAI_API_KEY: providers.optional('The same for xAI.', text, secret),
  XAI_BASE_URL: providers.optional('Another address for it.', httpUrl),
  OPENAI_COMPATIBLE_BASE_URL: providers.optional('Any server that speaks the OpenAI protocol.', httpUrl),
  OPENAI_COMPATIBLE_API_KEY: providers.optional('Its key, if it wants one.', text, secret),
  OPENAI_COMPATIBLE_NAME: providers.withDefault('OpenAI-compatible', 'The name people see for it.', z.string().max(100, 'is too long')),
  OLLAMA_BASE_URL: providers.optional(
    'Where Ollama runs. Unset: looked for on this machine (`http://127.0.0.1:11434`). `off`: not looked for.',
    z.union([z.literal('off'), httpUrl], 'must be `off` or an address that starts with http:// or https://'),
  ),
  PROVIDER_TIMEOUT_SECONDS: providers.withDefault(
    '120',
    'How long a provider may stay silent before an answer is given up.',
    wholeNumber(1, 3600),
  ),
  EGRESS_ALLOW: providers.optional(
    'Hosts and networks (CIDR) in private ranges that the server may call, with commas: `10.0.0.0/8,nas.local`. Addresses set above are allowed by that.',
    networkList.refine((entries) => entries.every(isHostOrNetwork), 'must be host names, addresses or networks, with commas'),
  ),

  LOG_LEVEL: operation.withDefault(
    'info',
    'The least important line written: `trace`, `debug`, `info`, `warn`, `error`, `fatal` or `silent`.',
    oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
  ),
  LOG_FORMAT: operation.withDefault(
    'auto',
    '`json`, `text`, or `auto`: text on a terminal, JSON elsewhere.',
    oneOf('auto', 'json', 'text'),
  ),
  EVENT_FLUSH_MS: operation.withDefault(
    '150',
    'How often streamed text is written to the database, in milliseconds: what a crash can lose.',
    wholeNumber(10, 5000),
  ),
  LEASE_SECONDS: operation.withDefault('15', 'How long a process may be silent before others take over its answers.', wholeNumber(2, 300)),
  SHUTDOWN_DRAIN_SECONDS: operation.withDefault(
    '20',
    'How long a stopping server lets running answers finish before it hands them over.',
    wholeNumber(0, 600),
  ),
} satisfies Record<string, Setting<unknown>>

export type SettingName = keyof typeof settings

/** Every value after reading; one without a default may be undefined. */
export type Settings = {
  [Name in SettingName]: (typeof settings)[Name] extends { default: string }
    ? z.output<(typeof settings)[Name]['schema']>
    : z.output<(typeof settings)[Name]['schema']> | undefined
}
