import { buffer } from 'node:stream/consumers'
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl'
import { AppError } from '../../platform/errors/index.ts'

export interface ArchiveFile {
  /** Below the root of the archive, with `/`. */
  path: string
  sizeBytes: number
  isExecutable: boolean
  read(): Promise<Buffer>
}

export interface PackageArchive extends Disposable {
  files: ArchiveFile[]
}

const megabyte = 1024 ** 2
export const archiveLimits = {
  unpackedBytes: 100 * megabyte,
  files: 5_000,
  depth: 20,
  pathLength: 240,
  ratio: 200,
  ratioFrom: 4 * megabyte,
}

/**
 * Everything that a package may hold, by names that lead nowhere else: plain files, each once, within limits that are looked at before anything is unpacked and hold while it is.
 * Errors: `agent-package.damaged`, `agent-package.unsafe`, `agent-package.too_large`.
 */
export async function openPackageArchive(bytes: Buffer): Promise<PackageArchive> {
  const zip = await damagedUnless(
    fromBufferPromise(bytes, { lazyEntries: true, decodeStrings: false, validateEntrySizes: true, autoClose: false } as const),
  )
  try {
    if (zip.entryCount > archiveLimits.files * 2) throw new AppError('agent-package.too_large')
    const entries: { entry: Entry; path: string }[] = []
    for await (const entry of entriesOf(zip)) {
      const path = pathOf(entry)
      if (path !== null) entries.push({ entry, path })
    }
    refuseLarge(entries.map(({ entry }) => entry))
    refuseTwice(entries.map(({ path }) => path))
    return {
      files: entries.map(({ entry, path }) => ({
        path,
        sizeBytes: entry.uncompressedSize,
        isExecutable: ((entry.externalFileAttributes >>> 16) & 0o111) !== 0,
        read: async () => damagedUnless(zip.openReadStreamPromise(entry).then((stream) => buffer(stream))),
      })),
      [Symbol.dispose]: () => zip.close(),
    }
  } catch (error) {
    zip.close()
    throw error
  }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  try {
    yield* zip.eachEntry()
  } catch (cause) {
    throw new AppError('agent-package.damaged', { cause })
  }
}

/** Null: a folder. */
function pathOf(entry: Entry): string | null {
  const raw = entry.fileName as unknown as Buffer
  const name = raw.toString('utf8')
  if (Buffer.compare(Buffer.from(name, 'utf8'), raw) !== 0) throw unsafe('a name that is not UTF-8')
  const shown = `“${name.replaceAll(/\p{C}/gu, '?').slice(0, 100)}”`
  if (entry.isEncrypted()) throw unsafe(`${shown} is encrypted`)
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000
  if (kind === 0o120000) throw unsafe(`${shown} is a link`)
  if (![0, 0o100000, 0o040000].includes(kind)) throw unsafe(`${shown} is no plain file`)
  const path = name.endsWith('/') ? name.slice(0, -1) : name
  const parts = path.split('/')
  const leadsAway = /^\/|\\|^[A-Za-z]:/.test(path) || parts.some((part) => ['', '.', '..'].includes(part))
  if (leadsAway || /\p{Cc}/u.test(path)) throw unsafe(`${shown} leads out of the package`)
  if (path.length > archiveLimits.pathLength || parts.length > archiveLimits.depth) throw unsafe(`${shown} is too long a path`)
  return name.endsWith('/') || kind === 0o040000 ? null : path
}

/** What the directory says; where that lies, reading ends as soon as there is more than it said. */
function refuseLarge(entries: readonly Entry[]): void {
  const { files, unpackedBytes, ratio, ratioFrom } = archiveLimits
  const places = new Set(entries.map(({ relativeOffsetOfLocalHeader }) => relativeOffsetOfLocalHeader))
  const total = entries.reduce((sum, { uncompressedSize }) => sum + uncompressedSize, 0)
  const isBomb = entries.some((one) => one.uncompressedSize > ratioFrom && one.uncompressedSize > one.compressedSize * ratio)
  // Many entries over the same bytes are another way to make much of little.
  if (entries.length > files || total > unpackedBytes || isBomb || places.size < entries.length)
    throw new AppError('agent-package.too_large')
}

/** Also two names that one disk or another takes for the same, and a file where another one needs a folder. */
function refuseTwice(paths: readonly string[]): void {
  const known = new Set<string>()
  for (const path of paths) {
    const folded = fold(path)
    if (known.has(folded)) throw unsafe(`“${path}” is there twice`)
    known.add(folded)
  }
  for (const path of paths) {
    const parts = fold(path).split('/')
    for (let length = 1; length < parts.length; length++)
      if (known.has(parts.slice(0, length).join('/'))) throw unsafe(`“${path}” lies in a file`)
  }
}

/** Packages of Python that it brings along, in `wheels/`: archives themselves, unpacked beside it. */
export const wheelsOf = (files: readonly ArchiveFile[], root: string): ArchiveFile[] =>
  files.filter(({ path }) => path.startsWith(`${root}wheels/`) && path.endsWith('.whl'))

const fold = (path: string) => path.normalize('NFC').toLowerCase()

const unsafe = (detail: string) => new AppError('agent-package.unsafe', { detail: `${detail[0]!.toUpperCase()}${detail.slice(1)}.` })

async function damagedUnless<Value>(reading: Promise<Value>): Promise<Value> {
  try {
    return await reading
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('agent-package.damaged', { cause })
  }
}
