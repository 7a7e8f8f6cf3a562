import type { Db } from '../db/index.ts'
import { checkCanary, sharedSecret } from './canary.ts'
import { type Binding, keyIdOf, seal, unseal } from './envelope.ts'
import { type KeyRingSource, openKeyRing } from './key-ring.ts'
import type { Secret } from './secret.ts'

export type { Binding } from './envelope.ts'
export { type KeyRingSource, VaultError } from './key-ring.ts'
export { createHider, type Hider } from './hide-secrets.ts'
export { Secret } from './secret.ts'

/** Seals what must not lie in the database in the clear. */
export interface Vault {
  seal(secret: Secret, binding: Binding): Buffer
  /** Errors: `VaultError`: another binding, a changed value, or a key that this server does not have. */
  open(sealed: Uint8Array, binding: Binding): Secret
  /** Whether it was sealed with an older key of the ring, so that a rotation knows what is left to do. */
  isStale(sealed: Uint8Array): boolean
  /**
   * Proves that this is the key that sealed what the database holds; on an empty database it becomes that key.
   * Error: `VaultError`, in words, upon which the start must be refused.
   */
  check(db: Db): Promise<void>
  /** A random secret that all processes share (the first to ask makes it), such as the one that signs cookies. */
  shared(db: Db, name: string): Promise<Secret>
}

export async function openVault(source: KeyRingSource): Promise<Vault> {
  const ring = await openKeyRing(source)
  const vault: Vault = {
    seal: (secret, binding) => seal(ring, secret, binding),
    open: (sealed, binding) => unseal(ring, sealed, binding),
    isStale: (sealed) => keyIdOf(sealed) !== ring.sealingKeyId,
    check: (db) => checkCanary(db, vault),
    shared: (db, name) => sharedSecret(db, vault, name),
  }
  return vault
}
