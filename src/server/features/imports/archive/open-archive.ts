import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { AppError } from '../../../platform/errors/index.ts'
import { looksLikeJson } from './json-elements.ts'

/** A text of conversations in an archive. */
export interface ArchiveText {
  bytes: number
  read(): Promise<Readable>
}

export interface Archive extends AsyncDisposable {
  texts: ArchiveText[]
  /** Files that are no conversations, as pictures and what there is of the account. */
  unreadFiles: number
}

const megabyte = 1024 ** 2
/** Text packs to a tenth, very repetitive text to a fiftieth. */
const maxRatio = 200
const ratioCountsFrom = 64 * megabyte
const maxEntries = 1_000_000
const maxUnpackedBytes = 64 * 1024 * megabyte
const conversations = /(?:^|\/)conversations(?:[-_]\d+)?\.json$|(?:^|\/)conversations\/[^/]+\.json$/i

/**
 * Looks what a file is. Names in it choose what is read, and are never paths. Errors: `import.not_an_archive`, `import.damaged`, `import.encrypted`, `import.too_much`,
 * `import.nothing_found`.
 */
export async function openArchive(path: string): Promise<Archive> {
  const beginning = await firstBytes(path)
  if (beginning.subarray(0, 2).toString('latin1') === 'PK') return openZip(path)
  if (!looksLikeJson(beginning)) throw new AppError('import.not_an_archive')
  const { size } = await stat(path)
  return {
    texts: [{ bytes: size, read: async () => createReadStream(path, { highWaterMark: megabyte }) }],
    unreadFiles: 0,
    [Symbol.asyncDispose]: async () => undefined,
  }
}

async function firstBytes(path: string): Promise<Buffer> {
  await using file = await open(path)
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(4096), position: 0 })
  return buffer.subarray(0, bytesRead)
}

async function openZip(path: string): Promise<Archive> {
  const zip = await damagedUnless(
    openPromise(path, { autoClose: false, lazyEntries: true, validateEntrySizes: true, strictFileNames: false }),
  )
  const found: Entry[] = []
  let unreadFiles = 0
  try {
    if (zip.entryCount > maxEntries) throw new AppError('import.too_much')
    for await (const entry of entriesOf(zip)) {
      if (entry.fileName.endsWith('/')) continue
      if (!conversations.test(entry.fileName)) unreadFiles++
      else if (entry.isEncrypted()) throw new AppError('import.encrypted')
      else found.push(entry)
    }
    refuseBombs(found)
    if (found.length === 0) throw new AppError('import.nothing_found')
  } catch (error) {
    zip.close()
    throw error
  }
  // As they were numbered, so that every look at the same file counts the same.
  found.sort((a, b) => a.fileName.localeCompare(b.fileName, 'en', { numeric: true }))
  return {
    texts: found.map((entry) => ({ bytes: entry.uncompressedSize, read: () => damagedUnless(zip.openReadStreamPromise(entry)) })),
    unreadFiles,
    [Symbol.asyncDispose]: async () => zip.close(),
  }
}

async function* entriesOf(zip: ZipFile): AsyncGenerator<Entry> {
  try {
    yield* zip.eachEntry()
  } catch (cause) {
    throw new AppError('import.damaged', { cause })
  }
}

/** What the directory says. Where it lies, reading ends with an error as soon as there is more than it said. */
function refuseBombs(entries: readonly Entry[]): void {
  let total = 0
  const places = new Set<number>()
  for (const { uncompressedSize, compressedSize, relativeOffsetOfLocalHeader } of entries) {
    total += uncompressedSize
    const isBomb = uncompressedSize > ratioCountsFrom && uncompressedSize > compressedSize * maxRatio
    // Many entries over the same bytes are the other way to make much of little.
    if (isBomb || total > maxUnpackedBytes || places.has(relativeOffsetOfLocalHeader)) throw new AppError('import.too_much')
    places.add(relativeOffsetOfLocalHeader)
  }
}

export async function damagedUnless<Value>(reading: Promise<Value>): Promise<Value> {
  try {
    return await reading
  } catch (cause) {
    throw cause instanceof AppError ? cause : new AppError('import.damaged', { cause })
  }
}
