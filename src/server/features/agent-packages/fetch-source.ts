import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import type { NewPackageSource, PackageSource } from '../../../contract/agent-packages.ts'
import { maxPackageBytes } from '../../../contract/package-choices.ts'
import { findEgressFailure } from '../../platform/egress/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { fetchGitTree, GitFailure } from '../../platform/git/index.ts'
import { findInGallery } from './gallery.ts'
import type { PackageDeps } from './package-deps.ts'
import { archiveLimits } from './read-archive.ts'

export interface FetchedPackage {
  bytes: Buffer
  source: PackageSource
  subPath: string
}

const timeoutMs = 60_000
const none = { fileName: null, url: null, revision: null, commit: null, subPath: null }

/** Errors: `agent-package.unreachable`, `agent-package.checksum_mismatch`, `agent-package.too_large`, `agent-package.unsafe`, `agent-package.gallery_unavailable`, `connection.address_forbidden`. */
export async function fetchSource(deps: Pick<PackageDeps, 'egress' | 'config'>, wanted: NewPackageSource): Promise<FetchedPackage> {
  switch (wanted.kind) {
    case 'file': {
      const bytes = Buffer.from(wanted.base64, 'base64')
      if (bytes.length > maxPackageBytes) throw new AppError('agent-package.too_large')
      return { bytes, source: { ...none, kind: 'file', fileName: wanted.fileName }, subPath: '' }
    }
    case 'url':
      return fromUrl(deps, wanted)
    case 'git':
      return fromGit(deps, wanted)
    case 'gallery':
      return fetchSource(deps, await findInGallery(deps, wanted.packageId))
  }
}

/** Where an installed package is looked for again; null where it came as a file. */
export function sourceAgain({ kind, url, revision, subPath }: PackageSource): NewPackageSource | null {
  const below = subPath === null ? {} : { subPath }
  if (kind === 'file' || url === null) return null
  return kind === 'url' ? { kind, url, ...below } : { kind, url, ...below, ...(revision !== null && { revision }) }
}

async function fromUrl(
  deps: Pick<PackageDeps, 'egress' | 'config'>,
  { url, sha256, subPath = '' }: Extract<NewPackageSource, { kind: 'url' }>,
) {
  requirePermitted(deps, url)
  let bytes: Buffer
  try {
    const limits = { maxBytes: maxPackageBytes, totalTimeoutMs: timeoutMs, maxRedirects: 3 }
    const response = await deps.egress.fetch(url, { headers: { accept: 'application/zip, */*;q=0.5' } }, limits)
    if (!response.ok) throw new AppError('agent-package.unreachable', { detail: `It answered with ${response.status}.` })
    requirePermitted(deps, response.url)
    bytes = Buffer.from(await response.arrayBuffer())
  } catch (error) {
    throw inWords(error)
  }
  if (sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new AppError('agent-package.checksum_mismatch')
  return { bytes, source: { ...none, kind: 'url' as const, url, subPath: subPath || null }, subPath }
}

async function fromGit(
  deps: Pick<PackageDeps, 'egress' | 'config'>,
  { url, revision, subPath = '' }: Extract<NewPackageSource, { kind: 'git' }>,
) {
  requirePermitted(deps, url)
  try {
    const { commit, files } = await fetchGitTree(deps.egress, {
      url,
      revision: revision ?? null,
      subPath: subPath
        .split('/')
        .filter((part) => part !== '' && part !== '.')
        .join('/'),
      maxBytes: maxPackageBytes * 2,
      limits: { objects: archiveLimits.files * 4, bytes: archiveLimits.unpackedBytes * 2 },
      timeoutMs,
      isPermitted: (at) => isPermitted(deps, at),
    })
    const bytes = await packed(files)
    if (bytes.length > maxPackageBytes) throw new AppError('agent-package.too_large')
    return {
      bytes,
      source: { ...none, kind: 'git' as const, url, revision: revision ?? null, commit, subPath: subPath || null },
      subPath: '',
    }
  } catch (error) {
    if (!(error instanceof GitFailure)) throw inWords(error)
    const code =
      ({ 'too-large': 'agent-package.too_large', unsafe: 'agent-package.unsafe' } as const)[error.kind as 'unsafe'] ??
      'agent-package.unreachable'
    throw new AppError(code, { detail: error.message, cause: error })
  }
}

/** The same files are the same bytes, whenever and wherever they are packed. */
async function packed(files: readonly { path: string; bytes: Uint8Array; isExecutable: boolean }[]): Promise<Buffer> {
  const { ZipFile } = await import('yazl')
  const zip = new ZipFile()
  const sorted = files.toSorted((one, other) => (one.path < other.path ? -1 : 1))
  for (const { path, bytes, isExecutable } of sorted) {
    try {
      zip.addBuffer(Buffer.from(bytes), path, { mtime: new Date(Date.UTC(2000, 0, 1, 12)), mode: isExecutable ? 0o100755 : 0o100644 })
    } catch (cause) {
      throw new AppError('agent-package.unsafe', { detail: 'A name in it leads out of the package.', cause })
    }
  }
  zip.end()
  return buffer(zip.outputStream as Readable)
}

/** HTTPS; without it only to what an administrator has named. */
function isPermitted({ config }: Pick<PackageDeps, 'config'>, { protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && config.egress.allow.includes(hostname))
}

function requirePermitted(deps: Pick<PackageDeps, 'config'>, address: string): void {
  const url = new URL(address)
  // It is kept and shown as it is, to whoever uses the agent.
  if (url.username !== '' || url.password !== '')
    throw new AppError('connection.address_forbidden', { detail: 'An address must not contain a name or password.' })
  if (!isPermitted(deps, url)) throw new AppError('connection.address_forbidden', { detail: 'Packages are fetched by https only.' })
}

export function inWords(error: unknown): unknown {
  if (error instanceof AppError) return error
  const failure = findEgressFailure(error)
  if (failure instanceof AppError) return failure
  if (failure === 'too-large') return new AppError('agent-package.too_large', { cause: error })
  return failure
    ? new AppError('agent-package.unreachable', { cause: error, ...(error instanceof Error && { detail: error.message }) })
    : error
}
