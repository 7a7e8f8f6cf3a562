import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import { maxPackageBytes } from '../../../contract/package-choices.ts'
import type { PackageDeps } from './package-deps.ts'
import * as store from './store.ts'

const leftBehindMs = 2 * 60 * 60_000

/** The same bytes are kept once in a workspace. Its id. */
export async function keepArchive(
  deps: Pick<PackageDeps, 'db' | 'files'>,
  workspaceId: string,
  bytes: Buffer,
  sha256: Buffer,
): Promise<string> {
  const known = await store.touchArchive(deps.db, workspaceId, sha256)
  if (known) return known
  const id = newId()
  const key = `${id.slice(-2)}/${id}`
  await deps.files.put(key, once(bytes), maxPackageBytes)
  const kept = await store.insertArchive(deps.db, { id, workspace_id: workspaceId, sha256, storage_key: key, size_bytes: bytes.length })
  if (kept !== id) await deps.files.delete(key)
  return kept
}

/** What is kept, in exactly the bytes that consent was given to. Error: `agent-package.checksum_mismatch`. */
export async function readKept(deps: Pick<PackageDeps, 'files'>, { storage_key: key }: { storage_key: string }): Promise<Buffer> {
  const bytes = await deps.files.read(key)
  if (!bytes) throw new AppError('agent-package.checksum_mismatch', { detail: 'It is not kept on this server any more.' })
  return bytes
}

/** What nobody needs any more, also of what was unpacked on this machine. */
export async function sweepPackages(deps: Pick<PackageDeps, 'config' | 'db' | 'files'>): Promise<void> {
  for (const key of await store.sweep(deps.db)) await deps.files.delete(key)
  const { archives, versions } = await store.listKept(deps.db)
  await removeOthers(join(deps.config.dataDir, 'packages'), archives)
  await removeOthers(join(deps.config.dataDir, 'package-homes'), versions)
}

async function removeOthers(dir: string, kept: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(dir).catch(() => [])) {
    const path = join(dir, name)
    const found = await stat(path).catch(() => undefined)
    // What was made just now may be on its way.
    if (!kept.has(name) && found && Date.now() - found.mtimeMs > leftBehindMs) await rm(path, { recursive: true, force: true })
  }
}

async function* once(bytes: Buffer) {
  yield bytes
}
