import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../errors/index.ts'
import { newId } from '../ids.ts'
import { type FileStore, type StoredBytes, TooManyBytes } from './file-store.ts'

/** Keys are `ab/0192…` with a suffix: nothing that could lead out of the directory. */
const keyForm = /^[0-9a-f]{2}\/[0-9a-f-]{36}(\.txt)?$/

/** An upload that is this old was left behind by a process that was killed. */
const leftBehindMs = 60 * 60_000

/**
 * Files below a directory. What arrives is written beside them and takes its name when it is whole and on the disk, so that a name never stands for half a file.
 */
export async function openDiskStore(dir: string): Promise<FileStore> {
  const incoming = join(dir, 'incoming')
  await removeLeftBehind(incoming)

  function pathOf(key: string): string {
    if (!keyForm.test(key)) throw new Error(`"${key}" is no key of a file`)
    return join(dir, key)
  }

  return {
    bucket: 'disk',
    region: null,
    async put(key, bytes, maxBytes) {
      const path = pathOf(key)
      const temporary = join(incoming, newId())
      try {
        await mkdir(incoming, { recursive: true, mode: 0o700 })
        const stored = await write(temporary, bytes, maxBytes)
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await rename(temporary, path)
        await syncDirectory(dirname(path))
        return stored
      } catch (error) {
        await rm(temporary, { force: true })
        throw inWords(error)
      }
    },
    async open(key, range) {
      const path = pathOf(key)
      if (!(await isThere(path))) return undefined
      return createReadStream(path, range && { start: range.start, end: range.end - 1 })
    },
    async read(key) {
      try {
        return await readFile(pathOf(key))
      } catch (error) {
        if (isMissing(error)) return undefined
        throw error
      }
    },
    delete: (key) => rm(pathOf(key), { force: true }),
  }
}

async function write(path: string, bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredBytes> {
  const hash = createHash('sha256')
  let sizeBytes = 0
  let file: FileHandle | undefined
  try {
    file = await open(path, 'wx', 0o600)
    for await (const chunk of bytes) {
      sizeBytes += chunk.byteLength
      if (sizeBytes > maxBytes) throw new TooManyBytes()
      hash.update(chunk)
      await file.writeFile(chunk)
    }
    await file.sync()
  } finally {
    await file?.close()
  }
  return { sizeBytes, sha256: hash.digest() }
}

/** Where a directory cannot be synced, the file system orders the rename itself. */
async function syncDirectory(dir: string): Promise<void> {
  const handle = await open(dir, 'r').catch(() => undefined)
  try {
    await handle?.sync()
  } catch {
    // As above.
  } finally {
    await handle?.close()
  }
}

async function removeLeftBehind(incoming: string): Promise<void> {
  // A server that keeps its database elsewhere may have no directory of its own until somebody attaches something.
  for (const name of await readdir(incoming).catch(() => [])) {
    const path = join(incoming, name)
    const found = await stat(path).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > leftBehindMs) await rm(path, { force: true })
  }
}

const isThere = (path: string) =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT'

function inWords(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('storage.full', { cause: error })
  if (code === 'EROFS' || code === 'EACCES') return new AppError('storage.read_only', { cause: error })
  return error
}
