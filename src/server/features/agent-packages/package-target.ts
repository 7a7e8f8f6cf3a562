import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { confine, ConfinementError } from '../../platform/confinement/index.ts'
import { AppError } from '../../platform/errors/index.ts'
import { McpFailure, type StdioTarget } from '../../platform/mcp/index.ts'
import { Secret } from '../../platform/vault/index.ts'
import type { PackageDeps } from './package-deps.ts'
import { openEnv } from './package-env.ts'
import { notesOf, runtimeOf } from './runtimes.ts'
import * as store from './store.ts'
import { unpackPackage } from './unpack-package.ts'

type Deps = Pick<PackageDeps, 'config' | 'db' | 'files' | 'vault'>

/** How the program of a version is started: behind walls, or, where an administrator allows it, without. Errors: `McpFailure`. */
export async function packageTarget(
  deps: Deps,
  { workspaceId, packageVersionId }: { workspaceId: string; packageVersionId: string },
): Promise<StdioTarget> {
  const version = await store.findVersionById(deps.db, workspaceId, packageVersionId)
  if (!version?.manifest.tools) throw new McpFailure('unreachable', 'The package is not installed any more.')
  try {
    return await targetOf(deps, version)
  } catch (error) {
    if (error instanceof AppError || error instanceof ConfinementError) throw new McpFailure('unreachable', error.message, error)
    throw error
  }
}

async function targetOf(deps: Deps, version: store.VersionRow): Promise<StdioTarget> {
  const tools = version.manifest.tools!
  const runtime = await runtimeOf(tools.runtime)
  if (!runtime) throw new AppError('agent-package.no_runtime')
  const files = await unpackPackage(deps, version)
  const own = join(deps.config.dataDir, 'package-homes', version.id)
  const [home, temporary, work] = ['home', 'tmp', 'work'].map((name) => join(own, name)) as [string, string, string]
  for (const path of [home, temporary, work]) await mkdir(path, { recursive: true, mode: 0o700 })

  const given = openEnv(deps.vault, version)
  const wheels = join(deps.config.dataDir, 'packages', version.sha256.toString('hex'), 'wheels')
  const base: Record<string, string> = {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    TMPDIR: temporary,
    LANG: 'C.UTF-8',
    PACKAGE_DIR: files,
    ...(tools.runtime === 'python' && {
      PYTHONPATH: [join(files, 'vendor'), wheels].join(':'),
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONNOUSERSITE: '1',
      PYTHONUNBUFFERED: '1',
    }),
  }
  const program = {
    command: runtime,
    args: [join(files, tools.entry), ...tools.args],
    env: { ...base, ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.reveal()])) },
    cwd: work,
  }
  const isUnconfined = (await notesOf(deps, version.manifest)).includes('unconfined')
  const { command, args, env } = isUnconfined
    ? program
    : await confine({
        ...program,
        // The folder of the archive, so that what lies beside the program is there as well.
        readable: [join(deps.config.dataDir, 'packages', version.sha256.toString('hex'))],
        writable: [home, temporary, work],
        // A server in `/usr/src/app`, as containers have it, keeps its data where programs look for libraries.
        hidden: [deps.config.dataDir, resolve('.env')],
        hosts: tools.network,
      })
  const secrets = Object.entries(env).map(([name, value]) => [name, given[name] ?? new Secret(value)] as const)
  return { transport: 'stdio', command, args, env: Object.fromEntries(secrets), cwd: isUnconfined ? work : files }
}
