import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { preparedForTests } from '../../test/support/postgres.ts'
import { readConfig } from './config.ts'
import { openDeps } from './deps.ts'
import { createLogger } from './platform/telemetry/index.ts'
import { Secret } from './platform/vault/index.ts'

const binding = { workspaceId: 'w', table: 't', column: 'c', rowId: 'r' }
const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`

test('the wrong vault key is refused in words, a rotated one opens what the old one sealed', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'parley-test-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const log = createLogger({ level: 'silent', format: 'json' })
  const database = { kind: 'embedded' as const, dir, prepared: await preparedForTests() }
  const open = (vaultKeys: string) => openDeps(readConfig({ DATA_DIR: dir, VAULT_KEYS: vaultKeys }), log, { database })
  const [first, second] = [newKey('k1'), newKey('k2')]

  const deps = await open(first)
  const sealed = deps.vault.seal(new Secret('sk-1'), binding)
  const cookieSecret = deps.cookieSecret.reveal()
  await deps.close()

  await expect(open(second)).rejects.toThrow('"k1", which this server does not have. Put the right key back: VAULT_KEYS')
  await expect(open(newKey('k1'))).rejects.toThrow('The vault key is not the one that this database was sealed with.')

  // Nothing of the refused starts is left: neither a lock on the directory nor another canary.
  const rotated = await open(`${second},${first}`)
  expect(rotated.vault.open(sealed, binding).reveal()).toBe('sk-1')
  expect(rotated.cookieSecret.reveal()).toBe(cookieSecret)
  await rotated.close()
})
