import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join as joinPath } from 'node:path'
import type { AnyContractProcedure, ContractProcedure, InferSchemaInput, InferSchemaOutput } from '@orpc/contract'
import type { z } from 'zod'
import { afterAll, beforeAll } from 'vitest'
import type { EndpointMeta } from '../../src/contract/endpoint.ts'
import { contract } from '../../src/contract/index.ts'
import type { Problem } from '../../src/contract/errors.ts'
import { type App, createApp } from '../../src/server/app.ts'
import { type Config, readConfig } from '../../src/server/config.ts'
import { type OpenedDeps, openDeps } from '../../src/server/deps.ts'
import { insertAccount, insertGrant, type RoleName } from '../../src/server/features/people/index.ts'
import type { DatabaseOptions } from '../../src/server/platform/db/index.ts'
import type { Tool } from '../../src/server/features/tools/index.ts'
import type { McpParts } from '../../src/server/surfaces/mcp/parts.ts'
import { type HttpServer, listen } from '../../src/server/platform/http/index.ts'
import { createLogger, type Logger } from '../../src/server/platform/telemetry/index.ts'
import { Secret } from '../../src/server/platform/vault/index.ts'
import { preparedForTests, testPostgres } from './postgres.ts'
import './matchers.ts'

type Contract = typeof contract

/** `people.signUp`, `conversations.list`, … */
type Names<Part> = Extract<keyof Part, string>
export type EndpointName = { [Part in Names<Contract>]: `${Part}.${Names<Contract[Part]>}` }[Names<Contract>]
type EndpointOf<Name> = Name extends `${infer Part}.${infer Endpoint}`
  ? Part extends keyof Contract
    ? Endpoint extends keyof Contract[Part]
      ? Contract[Part][Endpoint]
      : never
    : never
  : never
/** Brands are for the server: a test may send any string. */
type Plain<T> = T extends string & z.$brand<string | number | symbol>
  ? string
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : T extends object
      ? string extends keyof T // a record: its values are JSON, which has no end for the compiler
        ? T
        : { [K in keyof T]: Plain<T[K]> }
      : T
type InputOf<Name> =
  EndpointOf<Name> extends ContractProcedure<infer Input, infer _Output, infer _Errors, infer _Meta>
    ? Plain<InferSchemaInput<Input>>
    : never
type OutputOf<Name> =
  EndpointOf<Name> extends ContractProcedure<infer _Input, infer Output, infer _Errors, infer _Meta> ? InferSchemaOutput<Output> : never

/** What an endpoint answered: its output, or the problem it refused with. */
export type Answer<Output> =
  | { ok: true; status: number; value: Output; response: Response }
  | { ok: false; status: number; problem: Problem; response: Response }

/** A client of the HTTP API with cookies like a browser's, or with an API key. */
export interface Client {
  fetch(path: string, init?: RequestInit): Promise<Response>
  call<Name extends EndpointName>(
    name: Name,
    ...input: unknown extends InputOf<Name> ? [] : [InputOf<Name>]
  ): Promise<Answer<OutputOf<Name>>>
  /** The output; a problem throws. */
  get<Name extends EndpointName>(name: Name, ...input: unknown extends InputOf<Name> ? [] : [InputOf<Name>]): Promise<OutputOf<Name>>
  /** `name=value` of the session, as a browser would send it. */
  readonly cookie: string | undefined
}

export interface Person extends Client {
  readonly id: string
  readonly email: string
  readonly password: string
  /** Their personal workspace. */
  readonly workspaceId: string
}

export interface TestApp extends AsyncDisposable {
  readonly url: string
  readonly app: App
  readonly deps: OpenedDeps
  readonly server: HttpServer
  /** Nobody yet, with an empty cookie jar. */
  stranger(): Client
  withKey(secret: string): Client
  /** The administrator, who came by the one-time link; made at the first call. */
  admin(): Promise<Person>
  /** Users with a password and a session. */
  people<const Names extends readonly string[]>(...names: Names): Promise<{ [Index in keyof Names]: Person }>
  /** There are no invitations yet; this is what accepting one will leave behind. */
  addMember(workspaceId: string, person: Person, role: RoleName): Promise<void>
  /** Another process on the same database, where the database is PostgreSQL. */
  another(): Promise<TestApp>
}

export interface TestAppOptions {
  /** In memory, a fresh one of PostgreSQL, or the migrated one at an address. */
  database?: 'embedded' | 'postgres' | { url: string }
  /** Environment variables over the defaults of tests. */
  env?: Record<string, string>
  /** For what no variable says. */
  configure?: (config: Config) => void
  log?: Logger
  /** Tools beside the built-in ones. */
  tools?: Tool[]
  /** What `/mcp` shows beside or in place of its own. */
  mcpParts?: (own: McpParts) => McpParts
}

export async function startTestApp({
  database = 'embedded',
  env = {},
  configure = () => {},
  log = createLogger({ level: 'silent', format: 'json' }),
  tools = [],
  mcpParts,
}: TestAppOptions = {}): Promise<TestApp> {
  await using opened = new AsyncDisposableStack()
  const dataDir = await mkdtemp(joinPath(tmpdir(), 'parley-test-'))
  opened.defer(() => rm(dataDir, { recursive: true, force: true }))
  const variables: Record<string, string> = {
    DATA_DIR: dataDir,
    HOST: '127.0.0.1',
    OLLAMA_BASE_URL: 'off',
    SIGN_UP: 'open',
    EVENT_FLUSH_MS: '50',
    SHUTDOWN_DRAIN_SECONDS: '1',
    // A second call after each first answer is in the way of tests that count calls.
    TITLES: 'first-line',
    ...env,
  }
  let options: DatabaseOptions
  if (database !== 'embedded') {
    const { url } = database === 'postgres' ? opened.use(await testPostgres()) : database
    variables.DATABASE_URL = url
    variables.VAULT_KEYS ??= `test:${randomBytes(32).toString('base64')}`
    options = { kind: 'postgres', url: new Secret(url), directUrl: null, patienceMs: 0 }
  } else options = { kind: 'embedded', dir: null, prepared: await preparedForTests() }

  const config: Config = { ...readConfig(variables) }
  config.http.port = 0
  configure(config)
  const first = opened.use(await startProcess(config, log, options, { tools, ...(mcpParts && { mcpParts }) }))
  const kept = opened.move()
  return Object.assign(first, { [Symbol.asyncDispose]: () => kept.disposeAsync() })
}

/** One app for all tests of a file, which is much faster. People are new ones in every test; what is counted per server is not. */
export function useTestApp(options: TestAppOptions = {}): { readonly current: TestApp } {
  let app: TestApp | undefined
  beforeAll(async () => {
    app = await startTestApp(options)
  })
  afterAll(() => app?.[Symbol.asyncDispose]())
  return {
    get current() {
      if (!app) throw new Error('The app starts before the first test.')
      return app
    },
  }
}

async function startProcess(
  config: Config,
  log: Logger,
  database: DatabaseOptions,
  overrides: NonNullable<Parameters<typeof createApp>[1]>,
): Promise<TestApp> {
  await using opened = new AsyncDisposableStack()
  const deps = await openDeps(config, log, { database })
  opened.defer(() => deps.close())
  const app = await createApp(deps, overrides)
  opened.defer(() => app.close())
  const server = await listen(app.http, { host: config.http.host, port: 0, onUpgrade: app.onUpgrade })
  opened.defer(async () => {
    await app.drain()
    await server.close(500)
  })
  await app.start()
  const url = `http://127.0.0.1:${server.address.port}`
  let admin: Promise<Person> | undefined
  const kept = opened.move()
  const self: TestApp = {
    url,
    app,
    deps,
    server,
    stranger: () => new HttpClient(url),
    withKey: (secret) => new HttpClient(url, secret),
    admin: () => (admin ??= join(self, 'admin', 'Admin')),
    async people(...names) {
      await self.admin()
      return (await Promise.all(names.map((name) => join(self, name, 'User')))) as never
    },
    async addMember(workspaceId, person, role) {
      await deps.db
        .transaction()
        .execute((tx) => insertGrant(tx, { principalId: person.id, workspaceId, scope: 'workspace', scopeId: workspaceId, role }))
      deps.door.invalidate(person.id)
    },
    another: () => startProcess(config, log, database, overrides),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
  return self
}

/** Hashing is slow on purpose, so that one password serves all people of a process of tests. */
const password = 'correct horse battery'
let passwordHash: Promise<string> | undefined
let joined = 0

/** What a sign-up leaves behind, without its slow hash and its limits. */
async function join({ app, deps, url }: TestApp, name: string, role: RoleName): Promise<Person> {
  passwordHash ??= app.auth.hashPassword(password)
  const hash = await passwordHash
  const email = `${name}-${++joined}@example.org`
  const id = await deps.db.transaction().execute((tx) => insertAccount(tx, { name, email, passwordHash: hash, role }))
  const token = await app.auth.openSession(id, { address: '127.0.0.1', userAgent: 'test' })
  const client = new HttpClient(url)
  client.keepCookie(deps.cookie.set(token))
  const { workspaces } = await client.get('people.me')
  return Object.assign(client, { id, email, password, workspaceId: workspaces.find(({ kind }) => kind === 'personal')!.id })
}

class HttpClient implements Client {
  readonly #url: string
  readonly #key: string | undefined
  readonly #cookies = new Map<string, string>()

  constructor(url: string, key?: string) {
    this.#url = url
    this.#key = key
  }

  get cookie(): string | undefined {
    return this.#cookies.size === 0 ? undefined : [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    if (this.#key) headers.set('authorization', `Bearer ${this.#key}`)
    else if (this.cookie && !headers.has('cookie')) headers.set('cookie', this.cookie)
    if (!this.#key && !headers.has('origin') && !headers.has('sec-fetch-site')) headers.set('origin', this.#url)
    const response = await fetch(this.#url + path, { ...init, headers })
    for (const line of response.headers.getSetCookie()) this.keepCookie(line)
    return response
  }

  keepCookie(line: string): void {
    const [pair = '', ...attributes] = line.split(';')
    const split = pair.indexOf('=')
    const name = pair.slice(0, split)
    if (attributes.some((attribute) => attribute.trim().toLowerCase() === 'max-age=0')) this.#cookies.delete(name)
    else this.#cookies.set(name, pair.slice(split + 1))
  }

  async call<Name extends EndpointName>(
    name: Name,
    ...[input]: unknown extends InputOf<Name> ? [] : [InputOf<Name>]
  ): Promise<Answer<OutputOf<Name>>> {
    const { path, init } = toRequest(name, (input ?? {}) as Record<string, unknown>)
    const response = await this.fetch(path, init)
    const body: unknown = await response.json()
    if (response.ok) return { ok: true, status: response.status, value: body as OutputOf<Name>, response }
    return { ok: false, status: response.status, problem: body as Problem, response }
  }

  async get<Name extends EndpointName>(
    name: Name,
    ...input: unknown extends InputOf<Name> ? [] : [InputOf<Name>]
  ): Promise<OutputOf<Name>> {
    const answer = await this.call(name, ...input)
    if (!answer.ok) throw new Error(`${name} was refused: ${JSON.stringify(answer.problem)}`)
    return answer.value
  }
}

/** The request that the contract describes: path parameters, then the rest as query (GET) or JSON body. */
export function toRequest(name: EndpointName, input: Record<string, unknown>): { path: string; init: RequestInit } {
  const [part = '', endpoint = ''] = name.split('.')
  const procedure = (contract as unknown as Record<string, Record<string, AnyContractProcedure>>)[part]![endpoint]!
  const { method = 'POST', path = '/' } = procedure['~orpc'].route
  const { takesBytes } = procedure['~orpc'].meta as EndpointMeta
  const rest = { ...input }
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, parameter: string) => {
    const value = rest[parameter]
    delete rest[parameter]
    return encodeURIComponent(String(value))
  })
  if (method === 'GET' || takesBytes) {
    const query = new URLSearchParams(
      Object.entries(rest).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, typeof value === 'string' ? value : JSON.stringify(value)]],
      ),
    )
    return { path: `/api${filled}${query.size > 0 ? `?${query}` : ''}`, init: { method } }
  }
  return { path: `/api${filled}`, init: { method, body: JSON.stringify(rest), headers: { 'content-type': 'application/json' } } }
}
