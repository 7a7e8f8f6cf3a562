import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openVault, Secret, VaultError, type Binding } from './index.ts'

const binding: Binding = { workspaceId: 'w1', table: 'connection', column: 'sealed_key', rowId: 'r1', origin: 'https://api.example.org' }
const key = (id: string) => ({ id, key: new Secret(randomBytes(32).toString('base64')) })

test('a sealed value opens for what it was sealed for and for nothing else', async () => {
  const vault = await openVault({ kind: 'keys', keys: [key('k1')] })
  const sealed = vault.seal(new Secret('sk-ключ'), binding)

  expect(vault.open(sealed, { ...binding }).reveal()).toBe('sk-ключ')
  for (const other of [
    { workspaceId: 'w2' },
    { table: 'account' },
    { column: 'sealed_headers' },
    { rowId: 'r2' },
    { origin: 'https://evil.example' },
    { origin: null },
  ]) {
    expect(() => vault.open(sealed, { ...binding, ...other })).toThrow(VaultError)
  }
})

test('a changed byte is noticed wherever it is', async () => {
  const vault = await openVault({ kind: 'keys', keys: [key('k1')] })
  const sealed = vault.seal(new Secret('sk-1'), binding)
  for (let index = 0; index < sealed.length; index++) {
    const changed = Buffer.from(sealed)
    changed[index]! ^= 1
    expect(() => vault.open(changed, binding)).toThrow(VaultError)
  }
  expect(() => vault.open(sealed.subarray(0, 20), binding)).toThrow(VaultError)
})

test('after a rotation the old key still opens, and what it sealed is known as stale', async () => {
  const [old, next] = [key('k1'), key('k2')]
  const sealed = (await openVault({ kind: 'keys', keys: [old] })).seal(new Secret('sk-1'), binding)

  const rotated = await openVault({ kind: 'keys', keys: [next, old] })

  expect(rotated.open(sealed, binding).reveal()).toBe('sk-1')
  expect(rotated.isStale(sealed)).toBe(true)
  expect(rotated.isStale(rotated.seal(new Secret('sk-1'), binding))).toBe(false)
  const withoutOld = await openVault({ kind: 'keys', keys: [next] })
  expect(() => withoutOld.open(sealed, binding)).toThrow('"k1", which this server does not have')
})

test('the key file is made once, for its owner only, and read again', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'parley-vault-'))
  onTestFinished(() => rm(dir, { recursive: true }))
  const path = join(dir, 'data', 'vault.key')

  // Two processes that start together must end with the same key.
  const [one, two] = await Promise.all([openVault({ kind: 'file', path }), openVault({ kind: 'file', path })])

  expect((await stat(path)).mode & 0o777).toBe(0o600)
  expect(two.open(one.seal(new Secret('sk-1'), binding), binding).reveal()).toBe('sk-1')
  const text = await readFile(path, 'utf8')
  await openVault({ kind: 'file', path })
  expect(await readFile(path, 'utf8')).toBe(text)

  await writeFile(path, 'nonsense')
  await expect(openVault({ kind: 'file', path })).rejects.toThrow('is damaged')
})

test('keys of the wrong length and ids given twice are refused', async () => {
  await expect(openVault({ kind: 'keys', keys: [{ id: 'k1', key: new Secret('c2hvcnQ=') }] })).rejects.toThrow('"k1" is not 32 bytes')
  await expect(openVault({ kind: 'keys', keys: [key('k1'), key('k1')] })).rejects.toThrow('Two vault keys')
})
