import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { preparedFile } from '../src/server/platform/db/embedded/data-dir.ts'
import { packageRoot } from '../src/server/platform/db/package-root.ts'
import { prepareDataDir } from '../src/server/platform/db/prepare-data-dir.ts'
import { schemaFingerprint } from '../src/server/platform/db/schema-fingerprint.ts'

// Part of the build: dist/data-dir.tar.gz, which the first start unpacks. Takes about eight seconds, so it is kept while nothing changed.
const fingerprint = await schemaFingerprint()
const cached = join(packageRoot(), '.cache', 'data-dirs', `${fingerprint}.tar.gz`)
if (!existsSync(cached)) {
  await mkdir(dirname(cached), { recursive: true })
  await prepareDataDir(`${cached}.${process.pid}`)
  await rename(`${cached}.${process.pid}`, cached)
}
const file = preparedFile()
await mkdir(dirname(file), { recursive: true })
await rm(`${file}.fingerprint`, { force: true })
await writeFile(`${file}.new`, await readFile(cached))
await rename(`${file}.new`, file)
await writeFile(`${file}.fingerprint`, fingerprint)
