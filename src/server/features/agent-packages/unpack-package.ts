import { createHash } from 'node:crypto'
import { chmod, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../platform/errors/index.ts'
import { newId } from '../../platform/ids.ts'
import { readKept } from './keep-archive.ts'
import type { PackageDeps } from './package-deps.ts'
import { openPackageArchive, wheelsOf } from './read-archive.ts'
import type { VersionRow } from './store.ts'

const opening = new Map<string, Promise<string>>()

/**
 * The folder with the files of a version, to be read only. It is named by the archive's checksum, made once, and appears when it is whole, so that several processes may do this at once.
 * Errors: `agent-package.checksum_mismatch`, and those of `openPackageArchive`.
 */
export async function unpackPackage(deps: Pick<PackageDeps, 'config' | 'files'>, version: VersionRow): Promise<string> {
  const all = join(deps.config.dataDir, 'packages', version.sha256.toString('hex'))
  const running = opening.get(all) ?? make(deps, version, all).finally(() => opening.delete(all))
  opening.set(all, running)
  return join(await running, 'files', version.root)
}

async function make(deps: Pick<PackageDeps, 'config' | 'files'>, version: VersionRow, all: string): Promise<string> {
  if (await isThere(all)) return all
  const bytes = await readKept(deps, version)
  if (!createHash('sha256').update(bytes).digest().equals(version.sha256)) throw new AppError('agent-package.checksum_mismatch')
  const temporary = join(dirname(all), `incoming-${newId()}`)
  try {
    using archive = await openPackageArchive(bytes)
    await mkdir(join(temporary, 'files'), { recursive: true, mode: 0o700 })
    for (const file of archive.files) await write(join(temporary, 'files', file.path), await file.read(), file.isExecutable)
    for (const file of wheelsOf(archive.files, version.root)) await unpackWheel(await file.read(), join(temporary, 'wheels'))
    await rename(temporary, all)
  } catch (error) {
    await rm(temporary, { recursive: true, force: true })
    // Another process was first.
    if (!(await isThere(all))) throw error
  }
  return all
}

async function write(path: string, bytes: Buffer, isExecutable: boolean): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFile(path, bytes, { flag: 'wx', mode: 0o400 })
  if (isExecutable) await chmod(path, 0o500)
}

async function unpackWheel(bytes: Buffer, into: string): Promise<void> {
  using wheel = await openPackageArchive(bytes)
  for (const { path, read, isExecutable } of wheel.files) {
    // Of two that bring the same file, the first.
    await write(join(into, path), await read(), isExecutable).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

const isThere = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
