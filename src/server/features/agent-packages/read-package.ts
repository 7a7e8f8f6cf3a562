import { createHash } from 'node:crypto'
import type { ReadManifest } from '../../../contract/agent-package-manifest.ts'
import { variablesOf } from '../../../contract/prompt-text.ts'
import { AppError } from '../../platform/errors/index.ts'
import { type ArchiveFile, archiveLimits, openPackageArchive, wheelsOf } from './read-archive.ts'
import { maxManifestBytes, readManifest } from './read-manifest.ts'

export interface ReadPackage {
  manifest: ReadManifest
  /** The folder of the archive in which it is, ending with `/`; empty: all of it. */
  root: string
  sha256: Buffer
}

const manifestName = 'manifest.yaml'
const maxInstructionsBytes = 200_000

/**
 * What a package says of itself, after all of its archive was checked. `subPath` is the folder in which it is; where there is one folder alone, that is it.
 * Errors: those of `openPackageArchive`, `agent-package.no_manifest`, `agent-package.manifest_invalid`.
 */
export async function readPackage(bytes: Buffer, subPath: string): Promise<ReadPackage> {
  using archive = await openPackageArchive(bytes)
  const root = rootOf(archive.files, subPath)
  const files = new Map(archive.files.filter(({ path }) => path.startsWith(root)).map((file) => [file.path.slice(root.length), file]))
  const found = files.get(manifestName)
  if (!found) throw new AppError('agent-package.no_manifest')
  if (found.sizeBytes > maxManifestBytes) throw wrong([], `it is larger than ${maxManifestBytes / 1024} kB`)
  const { instructions, ...rest } = readManifest(textOf(await found.read(), manifestName))
  const manifest: ReadManifest = {
    ...rest,
    instructions:
      typeof instructions === 'object' ? await instructionsOf(files.get(instructions.file), instructions.file) : (instructions ?? ''),
  }
  if (manifest.instructions.length > 50_000) throw wrong(['instructions'], 'they are longer than 50,000 characters')
  const open = variablesOf(manifest.instructions).filter((variable) => variable.default === null)
  // Nobody would be asked for them.
  if (open.length > 0) throw wrong(['instructions'], `the variable {{${open[0]!.name}}} has no default`)
  if (manifest.tools && !files.has(manifest.tools.entry)) throw wrong(['tools', 'entry'], `there is no file “${manifest.tools.entry}”`)
  await refuseLargeWheels(wheelsOf(archive.files, root))
  return { manifest, root, sha256: createHash('sha256').update(bytes).digest() }
}

/** Each within the limits of an archive, and all of them together: many small ones may hold much. */
async function refuseLargeWheels(wheels: readonly ArchiveFile[]): Promise<void> {
  const left = { files: archiveLimits.files, bytes: archiveLimits.unpackedBytes }
  for (const one of wheels) {
    using wheel = await openPackageArchive(await one.read())
    left.files -= wheel.files.length
    left.bytes -= wheel.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0)
    if (left.files < 0 || left.bytes < 0) throw new AppError('agent-package.too_large')
  }
}

function rootOf(files: readonly ArchiveFile[], subPath: string): string {
  const wanted = subPath
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')
  const below = (folder: string) => files.some(({ path }) => path === `${folder}${manifestName}`)
  const asked = wanted === '' ? '' : `${wanted}/`
  if (below(asked)) return asked
  // As hosts of repositories pack them.
  const [first, ...others] = new Set(files.map(({ path }) => path.split('/')[0]!))
  if (first !== undefined && others.length === 0 && below(`${first}/${asked}`)) return `${first}/${asked}`
  throw new AppError('agent-package.no_manifest')
}

async function instructionsOf(file: ArchiveFile | undefined, path: string): Promise<string> {
  if (!file) throw wrong(['instructions', 'file'], `there is no file “${path}”`)
  if (file.sizeBytes > maxInstructionsBytes) throw wrong(['instructions', 'file'], 'they are longer than 50,000 characters')
  return textOf(await file.read(), path)
}

function textOf(bytes: Buffer, name: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // As below.
  }
  throw wrong([], `“${name}” is not a text in UTF-8`)
}

const wrong = (path: string[], message: string) =>
  new AppError('agent-package.manifest_invalid', { issues: [{ path, message }], detail: message })
