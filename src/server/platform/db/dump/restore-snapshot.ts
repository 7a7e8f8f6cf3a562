import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { openDataDir } from '../embedded/data-dir.ts'
import { DatabaseRefusal } from '../refusal.ts'

/**
 * Makes a data directory from a snapshot of an embedded database (`snapshots/*.tar.gz`). Throws DatabaseRefusal: `not_empty` when the directory has
 * a database, `locked`. The next start repairs and opens it like one that was killed.
 */
export async function restoreSnapshot(dataDir: string, file: string): Promise<void> {
  if (existsSync(join(dataDir, 'database'))) {
    throw new DatabaseRefusal('not_empty', `${dataDir} has a database. Move its folder "database" away first, or choose another directory.`)
  }
  const { release } = await openDataDir(dataDir, file)
  release()
}
