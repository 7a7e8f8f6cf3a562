import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { ConfigError, type Environment, readConfig } from './config.ts'

const key = (fill: string) => Buffer.from(fill.repeat(32)).toString('base64')

function problemsOf(env: Environment): string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

test('an empty environment is a working configuration that only this machine can reach', () => {
  const config = readConfig({})

  expect(config.http).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    publicUrl: undefined,
    trustedProxies: 0,
    bodyLimitBytes: 4 * 1024 * 1024,
  })
  expect(config.db).toEqual({ kind: 'embedded', snapshots: { kind: 'on', everyHours: 1, keep: 12 } })
  expect(config.vault).toEqual({ kind: 'file' })
  expect(config.people).toEqual({ signUp: 'invitation', admin: undefined })
  expect(config.providers).toMatchObject({ connections: [], ollama: { kind: 'search' } })
})

test('an empty value counts as unset, as composed environments leave them', () => {
  expect(readConfig({ PORT: '', DATABASE_URL: ' ', OPENAI_API_KEY: '' })).toEqual(readConfig({}))
})

test('all problems are listed at once, each with the name of its variable and what would be right', () => {
  const problems = problemsOf({
    PORT: 'eighty',
    PUBLIC_URL: 'chat.example.org',
    DATABASE_URL: 'mysql://somewhere',
    VAULT_KEYS: 'k1:short',
    ADMIN_EMAIL: 'ada@example.org',
    LOG_LEVEL: 'loud',
    BODY_LIMIT: '12',
    EGRESS_ALLOW: '10.0.0.0/8,a b',
  })

  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    'PORT',
    'PUBLIC_URL',
    'BODY_LIMIT',
    'DATABASE_URL',
    'VAULT_KEYS',
    'EGRESS_ALLOW',
    'LOG_LEVEL',
    'ADMIN_PASSWORD',
  ])
  expect(problems[0]).toBe('PORT: must be a whole number from 0 to 65535. It is "eighty".')
  expect(new ConfigError(problems).message).toMatch(/^8 settings are not right:\n {2}PORT: /)
})

test('a wrong secret is named but not shown', () => {
  const problems = problemsOf({
    DATABASE_URL: 'mysql://user:hunter2@host',
    VAULT_KEYS: 'k1:hunter2',
    ADMIN_EMAIL: 'a@b.org',
    ADMIN_PASSWORD: 'hunter2',
  })

  expect(problems).toHaveLength(3)
  expect(problems.join()).not.toContain('hunter2')
})

test.each<[string, Environment, string]>([
  ['PostgreSQL without vault keys', { DATABASE_URL: 'postgres://localhost/parley' }, 'VAULT_KEYS: is required'],
  ['a direct address without the database', { DIRECT_URL: 'postgres://localhost/parley' }, 'DIRECT_URL: is set, but'],
  ['a password without an e-mail', { ADMIN_PASSWORD: 'long enough to pass' }, 'ADMIN_EMAIL: is missing'],
  ['a provider address without its key', { XAI_BASE_URL: 'https://x.example' }, 'XAI_API_KEY: is missing'],
  ['a key without the address it is for', { OPENAI_COMPATIBLE_API_KEY: 'k' }, 'OPENAI_COMPATIBLE_BASE_URL: is missing'],
  ['a public address with a path', { PUBLIC_URL: 'https://example.org/chat' }, 'PUBLIC_URL: must have no path'],
  [
    'credentials inside a provider address',
    { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'https://u:p@x.example' },
    'OPENAI_BASE_URL: must not contain a user name',
  ],
  ['the same vault key id twice', { VAULT_KEYS: `a:${key('1')},a:${key('2')}` }, 'VAULT_KEYS: has the same id twice'],
])('%s is refused', (_what, env, words) => {
  const problems = problemsOf(env)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toContain(words)
})

test('PostgreSQL: the direct address falls back to the main one, and the first vault key is the current one', () => {
  const config = readConfig({ DATABASE_URL: 'postgres://u:p@db/parley', VAULT_KEYS: `new:${key('1')}, old:${key('2')}` })

  if (config.db.kind !== 'postgres' || config.vault.kind !== 'keys') throw new Error('expected PostgreSQL with keys')
  expect(config.db.directUrl.reveal()).toBe('postgres://u:p@db/parley')
  expect(config.vault.keys.map(({ id }) => id)).toEqual(['new', 'old'])
  expect(config.vault.keys[0].key.reveal()).toBe(key('1'))
})

test('providers become connections, with Gemini known under both names', () => {
  const { providers } = readConfig({
    OPENAI_API_KEY: 'sk-1',
    OPENAI_BASE_URL: 'http://127.0.0.1:9999/v1/',
    GEMINI_API_KEY: 'g-1',
    OPENAI_COMPATIBLE_BASE_URL: 'http://gpu.local:8000/v1',
    OLLAMA_BASE_URL: 'http://gpu.local:11434',
  })

  expect(providers.connections.map(({ provider, baseUrl, apiKey }) => [provider, baseUrl, apiKey?.reveal()])).toEqual([
    ['openai', 'http://127.0.0.1:9999/v1', 'sk-1'],
    ['google', null, 'g-1'],
    ['openai-compatible', 'http://gpu.local:8000/v1', undefined],
    ['ollama', 'http://gpu.local:11434', undefined],
  ])
  expect(providers.ollama).toEqual({ kind: 'set' })
})

test('a printed configuration shows no secret', () => {
  const config = readConfig({
    DATABASE_URL: 'postgres://u:hunter2@db/parley',
    VAULT_KEYS: `k:${key('7')}`,
    ADMIN_EMAIL: 'a@b.org',
    ADMIN_PASSWORD: 'hunter2 hunter2',
    OPENAI_API_KEY: 'sk-hunter2',
  })

  const printed = `${JSON.stringify(config)} ${inspect(config, { depth: 10 })}`
  expect(printed).not.toMatch(/hunter2/)
  expect(printed).not.toContain(key('7'))
})

test.each(['10.0.0.0/99', '10.0.0/8', 'host/8', '300.1.1.1', '10.1', 'fe80::g', '[::1'])('EGRESS_ALLOW refuses %s', (entry) => {
  expect(() => readConfig({ EGRESS_ALLOW: entry })).toThrow('EGRESS_ALLOW')
})

test.each(['10.0.0.0/8', 'nas.local', '*.example.org', '192.168.1.4', 'fd00::/8', '[::1]', '::1'])('EGRESS_ALLOW takes %s', (entry) => {
  expect(readConfig({ EGRESS_ALLOW: entry }).egress.allow).toEqual([entry])
})
