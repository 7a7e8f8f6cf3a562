import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { type KeyRing, VaultError } from './key-ring.ts'
import { Secret } from './secret.ts'

/**
 * What a sealed value belongs to. It is authenticated with the value, so that a value copied to another row, column or workspace does not open.
 * `origin`: for a connection the origin of its base URL, so that changing the URL cannot send the key elsewhere.
 */
export interface Binding {
  workspaceId: string
  table: string
  column: string
  rowId: string
  origin?: string | null
}

/*
 * version (1 byte) · length of the key id (1) · key id · nonce (12) · ciphertext · tag (16)
 * AES-256-GCM (NIST SP 800-38D) with a random nonce; the associated data is the head and the binding.
 */
const version = 1
const nonceBytes = 12
const tagBytes = 16

export function seal(ring: KeyRing, secret: Secret, binding: Binding): Buffer {
  const keyId = Buffer.from(ring.sealingKeyId)
  const head = Buffer.concat([Buffer.from([version, keyId.length]), keyId])
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', ring.find(ring.sealingKeyId)!, nonce)
  cipher.setAAD(associatedData(head, binding))
  const ciphertext = Buffer.concat([cipher.update(secret.reveal(), 'utf8'), cipher.final()])
  return Buffer.concat([head, nonce, ciphertext, cipher.getAuthTag()])
}

/** Errors: `VaultError` when the key is not in the ring, the value was changed, or it belongs to something else. */
export function unseal(ring: KeyRing, sealed: Uint8Array, binding: Binding): Secret {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  const id = keyIdOf(bytes)
  const key = ring.find(id)
  if (!key) throw new VaultError(`A value was sealed with the vault key "${id}", which this server does not have.`)
  const headLength = 2 + bytes[1]!
  if (bytes.length < headLength + nonceBytes + tagBytes) throw new VaultError('A sealed value is cut short.')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(headLength, headLength + nonceBytes), { authTagLength: tagBytes })
  decipher.setAAD(associatedData(bytes.subarray(0, headLength), binding))
  decipher.setAuthTag(bytes.subarray(-tagBytes))
  try {
    const opened = Buffer.concat([decipher.update(bytes.subarray(headLength + nonceBytes, -tagBytes)), decipher.final()])
    return new Secret(opened.toString('utf8'))
  } catch (cause) {
    throw new VaultError(`A sealed value of ${binding.table}.${binding.column} does not open with the vault key "${id}".`, { cause })
  }
}

export function keyIdOf(sealed: Uint8Array): string {
  if (sealed[0] !== version || sealed.length < 2) throw new VaultError('A sealed value has an unknown form.')
  return Buffer.from(sealed.subarray(2, 2 + sealed[1]!)).toString()
}

function associatedData(head: Buffer, { workspaceId, table, column, rowId, origin = null }: Binding): Buffer {
  return Buffer.concat([head, Buffer.from(JSON.stringify([workspaceId, table, column, rowId, origin]))])
}
