import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { newId } from '../ids.ts'
import { Secret } from './secret.ts'

/** `keys`: the first seals, all of them open. `file`: one key, made at the first start. */
export type KeyRingSource = { kind: 'keys'; keys: readonly { id: string; key: Secret }[] } | { kind: 'file'; path: string }

export interface KeyRing {
  readonly sealingKeyId: string
  /** 32 bytes, or undefined for an id that the ring does not hold. */
  find(id: string): Buffer | undefined
}

/** The vault cannot be used as it is set up. The message is for whoever runs the server. */
export class VaultError extends Error {
  override readonly name = 'VaultError'
}

export async function openKeyRing(source: KeyRingSource): Promise<KeyRing> {
  const keys = new Map<string, Buffer>()
  for (const { id, key } of source.kind === 'keys' ? source.keys : [await readOrMakeKey(source.path)]) {
    const bytes = Buffer.from(key.reveal(), 'base64')
    if (bytes.length !== 32) throw new VaultError(`The vault key "${id}" is not 32 bytes in base64.`)
    if (keys.has(id)) throw new VaultError(`Two vault keys have the id "${id}".`)
    keys.set(id, bytes)
  }
  const [sealingKeyId] = keys.keys()
  if (sealingKeyId === undefined) throw new VaultError('The vault has no key.')
  return { sealingKeyId, find: (id) => keys.get(id) }
}

async function readOrMakeKey(path: string): Promise<{ id: string; key: Secret }> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new VaultError(`The vault key ${path} cannot be read: ${error.message}.`, { cause: error })
  })
  if (text === undefined) return makeKey(path)
  const separator = text.indexOf(':')
  if (separator < 1)
    throw new VaultError(
      `The vault key ${path} is damaged. Restore it from your backup of the key; without it the sealed keys cannot be opened.`,
    )
  if (process.platform !== 'win32' && ((await stat(path)).mode & 0o077) !== 0) await chmod(path, 0o600)
  return { id: text.slice(0, separator), key: new Secret(text.slice(separator + 1).trim()) }
}

async function makeKey(path: string): Promise<{ id: string; key: Secret }> {
  const made = { id: `f${Date.now().toString(36)}`, key: new Secret(randomBytes(32).toString('base64')) }
  await mkdir(dirname(path), { recursive: true })
  const draft = `${path}.${newId()}`
  const file = await open(draft, 'wx', 0o600)
  try {
    await file.writeFile(`${made.id}:${made.key.reveal()}\n`)
    await file.sync() // a key that is lost in a power cut takes everything sealed with it
  } finally {
    await file.close()
  }
  try {
    await link(draft, path) // fails if another process was first; then its key counts
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return await readOrMakeKey(path)
    throw error
  } finally {
    await unlink(draft)
  }
  return made
}
