import { execFile } from 'node:child_process'
import { access, constants, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { confinementStatus } from '../../platform/confinement/index.ts'
import type { ReadManifest } from '../../../contract/agent-package-manifest.ts'
import type { PackageNote } from '../../../contract/agent-packages.ts'
import type { PackageDeps } from './package-deps.ts'

export type PackageRuntime = NonNullable<ReadManifest['tools']>['runtime']

export interface FoundRuntime {
  command: string
  /** What it needs beside the system's own folders. */
  readable: string[]
}

const run = promisify(execFile)
let python: Promise<FoundRuntime | undefined> | undefined

/** What runs a program; undefined where it is not there. Node is the one that runs this server. */
export async function findRuntime(runtime: PackageRuntime): Promise<FoundRuntime | undefined> {
  if (runtime === 'node') return { command: await realpath(process.execPath), readable: [] }
  python ??= findPython()
  const found = await python
  // It may be installed any time.
  if (!found) python = undefined
  return found
}

/** The system's own, since that is all there inside of the walls. */
async function findPython(): Promise<FoundRuntime | undefined> {
  for (const folder of ['/usr/bin', '/usr/local/bin']) {
    const command = join(folder, 'python3')
    try {
      await access(command, constants.X_OK)
      const { stdout } = await run(command, ['-I', '-c', 'import sys; print(sys.version_info >= (3, 9))'], { timeout: 10_000, env: {} })
      if (stdout.trim() === 'True') return { command: await realpath(command), readable: [] }
    } catch {
      // Not this one.
    }
  }
  return undefined
}

/** What stands in the way of a package's tools here, or is worth knowing. */
export async function notesOf({ config }: Pick<PackageDeps, 'config'>, { tools }: ReadManifest): Promise<PackageNote[]> {
  if (!tools) return []
  const { available } = await confinementStatus()
  const isLetOut = !available && config.packages.allowsUnconfined
  const notes: (PackageNote | false)[] = [
    isLetOut && 'unconfined',
    !available && !isLetOut && 'not_confined',
    !(await findRuntime(tools.runtime)) && 'no_runtime',
    available && tools.network.length > 0 && 'no_network',
    tools.network.length > 0 && 'network',
    tools.offers.some(({ permission }) => permission === 'allow') && 'runs_unasked',
  ]
  return notes.filter((note) => note !== false)
}
