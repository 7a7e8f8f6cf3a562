import { randomBytes } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../db/index.ts'
import type { Binding } from './envelope.ts'
import type { Vault } from './index.ts'
import { VaultError } from './key-ring.ts'
import { Secret } from './secret.ts'

/** Rows of the vault belong to the fixed system workspace. */
const systemWorkspaceId = '00000000-0000-7000-8000-000000000001'
const canary = 'the canary sings'

const bindingOf = (name: string): Binding => ({ workspaceId: systemWorkspaceId, table: 'vault_secret', column: 'sealed', rowId: name })

export async function checkCanary(db: Db, vault: Vault): Promise<void> {
  const sealed = await findOrInsert(db, vault, 'canary', () => new Secret(canary))
  try {
    if (vault.open(sealed, bindingOf('canary')).reveal() === canary) return
  } catch (cause) {
    throw new VaultError(
      `The vault key is not the one that this database was sealed with. ${cause instanceof Error ? cause.message : ''} ` +
        'Put the right key back: VAULT_KEYS, or the file vault.key in DATA_DIR. After a rotation keep the old key in VAULT_KEYS, behind the new one.',
      { cause },
    )
  }
  throw new VaultError('The vault opened its test value to something else. The database is damaged.')
}

export async function sharedSecret(db: Db, vault: Vault, name: string): Promise<Secret> {
  const sealed = await findOrInsert(db, vault, name, () => new Secret(randomBytes(32).toString('base64url')))
  return vault.open(sealed, bindingOf(name))
}

async function findOrInsert(db: Db, vault: Vault, name: string, make: () => Secret): Promise<Uint8Array> {
  const find = () => sql<{ sealed: Uint8Array }>`select sealed from vault_secret where name = ${name}`.execute(db)
  const found = (await find()).rows[0]
  if (found) return found.sealed
  const sealed = vault.seal(make(), bindingOf(name))
  await sql`insert into vault_secret (name, sealed) values (${name}, ${sealed}) on conflict (name) do nothing`.execute(db)
  return (await find()).rows[0]!.sealed // another process may have been first
}
