import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../server/platform/db/package-root.ts'

export async function readVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }
  return version
}

export async function printVersion(): Promise<void> {
  process.stdout.write(`${await readVersion()}\n`)
}
