import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { readMigrations } from './migrate.ts'

/** Changes with the embedded engine and with every migration. */
export async function schemaFingerprint(): Promise<string> {
  const engine = createRequire(import.meta.url).resolve('@electric-sql/pglite')
  const { version } = JSON.parse(await readFile(join(dirname(engine), '..', 'package.json'), 'utf8')) as { version: string }
  const hash = createHash('sha256').update(version)
  for (const migration of await readMigrations()) hash.update(migration.sha256)
  return hash.digest('hex').slice(0, 16)
}
