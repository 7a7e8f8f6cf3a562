import { constants } from 'node:fs'
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../platform/errors/index.ts'

/** Uploaded archives on this machine's disk, each under the id of its import: no name from outside is ever a path. */
export class UploadFiles {
  readonly #dir: string

  constructor(dataDir: string) {
    this.#dir = join(dataDir, 'imports')
  }

  pathOf(id: string): string {
    return join(this.#dir, id)
  }

  /** Error: `import.upload_lost` where what came before is not here. */
  async write(id: string, offset: number, bytes: Buffer): Promise<void> {
    try {
      if (offset === 0) await mkdir(this.#dir, { recursive: true, mode: 0o700 })
      else if ((await this.sizeOf(id)) < offset) throw new AppError('import.upload_lost')
      // Nothing is cut off: the same part may come again, later than those after it.
      await using file = await open(this.pathOf(id), constants.O_RDWR | (offset === 0 ? constants.O_CREAT : 0), 0o600)
      for (let from = 0; from < bytes.length; ) from += (await file.write(bytes, from, bytes.length - from, offset + from)).bytesWritten
      await file.datasync()
    } catch (error) {
      throw inWords(error)
    }
  }

  /** 0: it is not here. */
  async sizeOf(id: string): Promise<number> {
    return stat(this.pathOf(id)).then(
      ({ size }) => size,
      () => 0,
    )
  }

  /** 0: it is not here. */
  async changedAt(id: string): Promise<number> {
    return stat(this.pathOf(id)).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    )
  }

  async remove(id: string): Promise<void> {
    await rm(this.pathOf(id), { force: true })
  }

  async list(): Promise<string[]> {
    return readdir(this.#dir).catch(() => [])
  }
}

function inWords(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ENOSPC' || code === 'EDQUOT') return new AppError('storage.full', { cause: error })
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return new AppError('storage.read_only', { cause: error })
  return error
}
