import { realpath } from 'node:fs/promises'
import { confinementStatus } from '../../platform/confinement/index.ts'
import { findInterpreter } from '../../platform/runtimes/index.ts'
import type { ReadManifest } from '../../../contract/agent-package-manifest.ts'
import type { PackageNote } from '../../../contract/agent-packages.ts'
import type { PackageDeps } from './package-deps.ts'

type PackageRuntime = NonNullable<ReadManifest['tools']>['runtime']

/** The system's own, since that is all there inside of the walls. */
const systemPath = '/usr/bin:/usr/local/bin'

/** What runs a program; undefined where it is not there. Node is the one that runs this server. */
export async function runtimeOf(runtime: PackageRuntime): Promise<string | undefined> {
  const command = runtime === 'node' ? process.execPath : await findInterpreter('python', systemPath)
  return command && realpath(command)
}

/** What stands in the way of a package's tools here, or is worth knowing. */
export async function notesOf({ config }: Pick<PackageDeps, 'config'>, { tools }: ReadManifest): Promise<PackageNote[]> {
  if (!tools) return []
  const { available } = await confinementStatus()
  const isLetOut = !available && config.packages.allowsUnconfined
  const notes: (PackageNote | false)[] = [
    isLetOut && 'unconfined',
    !available && !isLetOut && 'not_confined',
    !(await runtimeOf(tools.runtime)) && 'no_runtime',
    available && tools.network.length > 0 && 'no_network',
    tools.network.length > 0 && 'network',
    tools.offers.some(({ permission }) => permission === 'allow') && 'runs_unasked',
  ]
  return notes.filter((note) => note !== false)
}
