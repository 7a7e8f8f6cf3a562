import { readFile, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { DatabaseRefusal } from '../refusal.ts'

/**
 * Keeps a second process off a data directory. The lock must vanish with its holder even after kill -9 and hold across containers that share a
 * disk, which only a lock of the operating system does. Node offers none by itself; SQLite, which comes with Node, takes one while it writes.
 * The file beside it only says who it is.
 */
export async function lockDataDir(dir: string): Promise<{ release: () => void }> {
  const { DatabaseSync } = await import('node:sqlite')
  const holderFile = join(dir, 'database.pid')
  const file = new DatabaseSync(join(dir, 'database.lock'))
  try {
    file.exec('pragma journal_mode = memory; begin immediate')
  } catch (error) {
    file.close()
    const isBusy = error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
    if (!isBusy) throw error
    throw new DatabaseRefusal(
      'locked',
      `Another Parley${await describeHolder(holderFile)} uses the data directory ${dir}. Stop it first, or set DATA_DIR to another directory.`,
    )
  }
  await writeFile(holderFile, `${process.pid} ${hostname()}\n`)
  return { release: () => file.close() }
}

const sqliteBusy = 5

async function describeHolder(file: string): Promise<string> {
  const [pid, host] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ')
  if (!pid) return ''
  return host === hostname() ? ` (process ${pid})` : ` (process ${pid} on ${host})`
}
