import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../errors/index.ts'
import { translateFailure } from '../failure.ts'
import { packageRoot } from '../package-root.ts'
import { DatabaseRefusal } from '../refusal.ts'
import { schemaFingerprint } from '../schema-fingerprint.ts'
import { lockDataDir } from './data-dir-lock.ts'
import { EngineStream } from './engine-stream.ts'
import { unpackTarball } from './tar.ts'

/** PostgreSQL's major version inside the embedded engine. */
const engineMajor = '18'

export interface DataDir {
  /** The database's own folder inside. */
  databaseDir: string
  release: () => void
}

/** Where the build puts a prepared, migrated, empty database, and the fingerprint of its schema beside it. */
export const preparedFile = () => join(packageRoot(), 'dist', 'data-dir.tar.gz')

/** The prepared one, if it was made from the migrations that are here now (in development they may have changed since). */
export async function findPrepared(): Promise<string | null> {
  const file = preparedFile()
  const fingerprint = await readFile(`${file}.fingerprint`, 'utf8').catch(() => undefined)
  return fingerprint !== undefined && fingerprint === (await schemaFingerprint()) ? file : null
}

/**
 * Makes the directory ready and locks it. Throws DatabaseRefusal (`locked`) or AppError (`storage.read_only`, `storage.full`). A start that is cut
 * off in the middle leaves nothing that looks like a database.
 */
export async function openDataDir(dir: string, prepared: string | null | undefined): Promise<DataDir> {
  const databaseDir = join(dir, 'database')
  let lock: { release: () => void } | undefined
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    await probe(dir)
    lock = await lockDataDir(dir)
    const version = await readFile(join(databaseDir, 'PG_VERSION'), 'utf8').catch(() => undefined)
    if (version === undefined) await create(databaseDir, prepared)
    else if (version.trim() !== engineMajor) {
      throw new DatabaseRefusal(
        'server_too_old',
        `The database in ${databaseDir} was made by another major version (${version.trim()}; this one is ${engineMajor}). ` +
          'Make a backup with the Parley that last used it, and restore it into an empty data directory.',
      )
    }
    return { databaseDir, release: lock.release }
  } catch (error) {
    lock?.release()
    const translated = translateFailure(error)
    if (!(translated instanceof AppError)) throw translated
    throw new AppError(translated.code, { cause: translated.cause, detail: `The data directory is ${dir}.` })
  }
}

async function create(databaseDir: string, given: string | null | undefined): Promise<void> {
  const fresh = `${databaseDir}.new`
  const prepared = given === undefined ? await findPrepared() : given
  await rm(fresh, { recursive: true, force: true })
  if (prepared !== null) await unpackTarball(prepared, fresh)
  else await (await EngineStream.open({ dir: fresh, prepared: null })).close()
  await rename(fresh, databaseDir)
}

/** Writes and removes a file: a directory can look writable and not be. */
async function probe(dir: string): Promise<void> {
  const file = join(dir, `.probe-${process.pid}`)
  const handle = await open(file, 'w', 0o600)
  try {
    await handle.write('probe')
  } finally {
    await handle.close()
    await rm(file, { force: true })
  }
}
